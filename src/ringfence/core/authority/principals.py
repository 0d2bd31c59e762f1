"""Who may make and unmake a principal (rules.md 5). Asked by commands and by pages that offer roles."""

from ringfence.core.refusals import Problem, Refused, forbidden
from ringfence.core.terms import Role

from .acting import Acting


def refused_role(acting: Acting, was: Role, will: Role) -> Refused | None:
    """How the actor is refused a change of somebody's role that makes or unmakes a principal.

    Only principals do so; where none is active, an administrator may make the first.
    """
    if acting.actor is None or was == will or Role.PRINCIPAL not in {was, will}:
        return None
    if acting.member is not None and acting.member.role is Role.PRINCIPAL:
        return None
    active = any(member.active and member.role is Role.PRINCIPAL for member in acting.state.members.values())
    if active or will is not Role.PRINCIPAL:
        return forbidden(Problem.ONLY_PRINCIPALS, "role")
    return None
