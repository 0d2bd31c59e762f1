"""The questions to a state at an instant: may this member, what does this member see, who sees this client.

All from sets (`sets.py`); `single.py` answers for one pair, with reasons.
"""

from collections.abc import Callable

import msgspec
from pyroaring import BitMap

from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level

from . import sets
from .clients import clients_of
from .evaluation import Evaluation, known_evaluation
from .reach import Reach
from .sets import check, granted, opened


class Moment(msgspec.Struct, frozen=True, eq=False):
    """One state at one instant. Make one with `at`."""

    state: State
    now: Instant
    evaluation: Evaluation

    def can(self, member: int, engagement: int) -> bool:
        """Whether the member sees the engagement: the check."""
        evaluation = self.evaluation
        reach, open_set, stopped = evaluation.checks[0].get(member) or check(evaluation, member, Level.READER)
        if engagement in reach:
            return True
        return open_set is not None and engagement in open_set and engagement not in stopped

    def check(self, level: Level) -> Callable[[int, int], bool]:
        """Whether a member reaches an engagement at this level (Reader, Editor or Owner) or a higher one.

        A function of member and engagement, for as many questions to this moment as there are.
        """
        evaluation = self.evaluation
        known = evaluation.checks[level - 1]

        def allowed(member: int, engagement: int) -> bool:
            reach, open_set, stopped = known.get(member) or check(evaluation, member, level)
            if engagement in reach:
                return True
            return open_set is not None and engagement in open_set and engagement not in stopped

        return allowed

    def level(self, member: int, engagement: int) -> Level:
        """The member's level on the engagement, `Level.NONE` where denied."""
        reach, stopped, opens = granted(self.evaluation, member)
        level = reach.level(engagement)
        if opens and engagement not in stopped and engagement in self.open:
            return max(level, self.state.settings.unassigned_level)
        return level

    def reach(self, member: int) -> Reach:
        """The engagements the member sees, may change and owns."""
        return sets.reach(self.evaluation, member)

    def clients(self, member: int) -> BitMap:
        """The clients of which the member sees at least one engagement. Kept."""
        found = self.evaluation.seen_clients.get(member)
        if found is None:
            found = self.evaluation.seen_clients[member] = self.clients_of(self.reach(member).see)
        return found

    def clients_of(self, engagements: BitMap) -> BitMap:
        """The clients that have at least one of the engagements, all of which are there."""
        return clients_of(self.evaluation, engagements)

    def total(self, member: int) -> int:
        """How many clients the member sees."""
        return len(self.clients(member))

    def client_level(self, member: int, client: int) -> Level:
        """The member's level on the client as a whole: the lowest over its engagements (rules.md 2)."""
        levels = [self.level(member, number) for number in self.state.register.engagements_of(client)]
        return min(levels, default=Level.NONE)

    def clients_by_level(self, member: int) -> dict[Level, BitMap]:
        """The clients that the member sees, by their level on the client as a whole (rules.md 2).

        `Level.NONE` has those of which they see only a part.
        """
        register, reach = self.state.register, self.reach(member)
        see, edit, own = (
            register.clients - register.clients_of(register.engagements - part) for part in reach
        )
        return {
            Level.NONE: self.clients(member) - see,
            Level.READER: see - edit,
            Level.EDITOR: edit - own,
            Level.OWNER: own,
        }

    def sees(self, member: int, client: int) -> bool:
        """Whether the member sees at least one engagement of the client."""
        return any(self.can(member, number) for number in self.state.register.engagements_of(client))

    def who(self, client: int) -> dict[int, Level]:
        """The members who see the client, with their level on it as a whole."""
        return {
            member: self.client_level(member, client)
            for member in self.state.everyone
            if self.sees(member, client)
        }

    def client_of(self, engagement: int) -> int:
        """The engagement's client, also of one that is gone; 0 for a number that was never given."""
        register = self.state.register
        return register.client_of[engagement] if 0 < engagement < register.next_engagement else 0

    def service_of(self, engagement: int) -> int:
        """The engagement's service, also of one that is gone; 0 for a number that was never given."""
        register = self.state.register
        return register.service_of[engagement] if 0 < engagement < register.next_engagement else 0

    @property
    def open(self) -> BitMap:
        """The engagements that step 9 opens; every engagement is open to all besides while control is off."""
        return opened(self.evaluation)

    @property
    def open_to_all(self) -> BitMap:
        """The engagements that are open to all (rules.md 6)."""
        return sets.open_to_all(self.evaluation)


def at(state: State, now: Instant) -> Moment:
    """The state at an instant: what all questions are put to. Reuses what was worked out for a time between
    the same two expiries."""
    evaluation = known_evaluation(state)
    if evaluation is None or not evaluation.since <= now < evaluation.until:
        made = Evaluation.of(state, now)
        if evaluation is not None:
            made.outlive(evaluation)
        evaluation = state.memo.evaluation = made
    return Moment(state, now, evaluation)
