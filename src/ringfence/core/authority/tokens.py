"""Who may make a token for whom, and whether one still stands (rules.md 5).

A token acts within the present authority of its member, so one made for somebody else must be no way to more
than its maker has: nobody but the member makes one that manages or provisions, and nobody but a principal one
for a principal.
"""

from ringfence.core.decision.moment import Moment
from ringfence.core.refusals import Problem, Refused, forbidden
from ringfence.core.terms import Role, Scope
from ringfence.core.values import Token

from .acting import Acting
from .sharing import refused_managing


def refused_making(acting: Acting, member: int | None, scopes: Scope) -> Refused | None:
    """Administrators and principals, for themselves; for others what reads and asks (`not_permitted`)."""
    if (refused := refused_managing(acting)) is not None:
        return refused
    if acting.actor is None or member == acting.actor:
        return None
    if scopes & (Scope.MANAGE | Scope.PROVISION):
        return forbidden(Problem.ONLY_ONESELF, "scopes")
    who = None if member is None else acting.state.members.get(member)
    if who is None or who.role is not Role.PRINCIPAL:
        return None
    return None if acting.state.members[acting.actor].role is Role.PRINCIPAL else _for_a_principal()


def _for_a_principal() -> Refused:
    return forbidden(Problem.ONLY_PRINCIPALS, "member")


def standing_token(moment: Moment, number: int) -> Token | None:
    """The token as long as it lets anybody in: not revoked, not expired, its member active."""
    token = moment.state.tokens.get(number)
    if token is None or not token.counts(moment.now):
        return None
    who = moment.state.members.get(token.member)
    return token if who is not None and who.active else None


def refused_token(moment: Moment, number: int, scope: Scope) -> Refused | None:
    """What is done with a token that does not stand any more, or lacks the scope (`not_permitted`)."""
    token = standing_token(moment, number)
    return None if token is not None and scope in token.scopes else forbidden(Problem.TOKEN_ENDED)
