"""Who gives a command, as the ledger names them."""

import msgspec

from ringfence.core.authority.tokens import refused_token
from ringfence.core.decision.moment import Moment
from ringfence.core.events import ByToken, Change
from ringfence.core.refusals import Refused
from ringfence.core.terms import Scope


class Actor(msgspec.Struct, frozen=True):
    """A member of the firm by number, or the operator (None), whose authority is not checked.

    `token` is the number of the token with which the member's software acts on their behalf.
    """

    member: int | None
    token: int | None = None

    @property
    def kind(self) -> str:
        """The word in the ledger: ``member`` or ``operator``."""
        return "operator" if self.member is None else "member"

    def named(self, change: Change) -> Change:
        """The change as the ledger holds it: with the token, where the actor came with one."""
        if self.token is None:
            return change
        return msgspec.structs.replace(change, events=(*change.events, ByToken(token=self.token)))

    def refused(self, moment: Moment) -> Refused | None:
        """How an actor is refused whose token stands no more or does not manage, once it is to be written."""
        return None if self.token is None else refused_token(moment, self.token, Scope.MANAGE)


OPERATOR = Actor(None)
"""Whoever runs commands on the server itself."""
