"""Who gives a command, as the ledger names them."""

from collections.abc import Iterable

import msgspec

from ringfence.core.authority.raising import raises_power
from ringfence.core.authority.tokens import refused_token
from ringfence.core.decision.moment import Moment
from ringfence.core.events import ByToken, Change, Event
from ringfence.core.refusals import Refused
from ringfence.core.state.state import State
from ringfence.core.terms import Scope


class NotConfirmed(Exception):
    """The change raises what somebody may do, and whoever makes it has not shown lately that it is them."""


class Actor(msgspec.Struct, frozen=True):
    """A member of the firm by number, or the operator (None), whose authority is not checked.

    `token` is the number of the token with which the member's software acts on their behalf.
    """

    member: int | None
    token: int | None = None
    scope: Scope = Scope.MANAGE
    """What the token must let its software do."""
    fresh: bool = True
    """Whether they have shown lately that it is them, or are asked by no page (`web.shell.proving`)."""

    def need_fresh(self, before: State, after: State, events: Iterable[Event]) -> None:
        """Raises `NotConfirmed` where what leads from one state to the other is to be confirmed first."""
        if not self.fresh and raises_power(before, after, events):
            raise NotConfirmed

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
        """How an actor is refused whose token stands no more or lacks the scope, once it is to be written."""
        return None if self.token is None else refused_token(moment, self.token, self.scope)


OPERATOR = Actor(None)
"""Whoever runs commands on the server itself."""
