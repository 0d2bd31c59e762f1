"""Who acts, and on which firm at which instant: what every question of authority is put to."""

import msgspec

from ringfence.core.decision.moment import Moment
from ringfence.core.settings import Settings
from ringfence.core.state.state import State
from ringfence.core.terms import Instant
from ringfence.core.values import Member


class Acting(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """`actor` is a member's number; None is the firm's operator, whose authority is not checked."""

    moment: Moment
    actor: int | None

    @property
    def state(self) -> State:
        return self.moment.state

    @property
    def settings(self) -> Settings:
        return self.moment.state.settings

    @property
    def now(self) -> Instant:
        return self.moment.now

    @property
    def member(self) -> Member | None:
        """The member who acts; None for the operator, and for a number that is nobody's."""
        return None if self.actor is None else self.state.members.get(self.actor)
