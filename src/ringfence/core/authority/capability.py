"""Who may do what by role and permissions alone: the one table of it, which all else asks (rules.md 5).

What a level, an authority level or the `sharing` setting gives besides depends on a client: see
`decision/single.py` and `sharing.py`.
"""

from collections.abc import Callable, Mapping

from ringfence.core.state.state import State
from ringfence.core.terms import Capability, Role
from ringfence.core.values import Member

_HOLDERS: Mapping[Capability, Callable[[Member], bool]] = {
    Capability.MEMBER: lambda who: True,
    Capability.READ_CLIENTS: lambda who: who.role is not Role.AUDITOR,
    Capability.USE_CLIENTS: lambda who: who.access,
    Capability.KNOW_CLIENTS: lambda who: who.administers or who.manage_access or who.role is Role.AUDITOR,
    Capability.READ_CONTROL: lambda who: who.administers or who.role is Role.AUDITOR,
    Capability.MANAGE_ACCESS: lambda who: who.administers or who.manage_access,
    Capability.MANAGE: lambda who: who.administers,
}


def may(state: State, actor: int | None, capability: Capability) -> bool:
    """Whether the actor has the capability in the firm: nobody's number and an inactive member have none.

    `actor` is a member's number; None is the firm's operator, whose authority is not checked.
    """
    if actor is None:
        return True
    who = state.members.get(actor)
    return who is not None and who.active and _HOLDERS[capability](who)
