"""What members tried and were refused is counted by day, and refuses nothing itself."""

from __future__ import annotations

import pytest

from ringfence.access import Actor, Refused, execute
from ringfence.access import refused_attempts as attempts
from ringfence.access.refused_attempts import What, note_refused, refused_attempts
from ringfence.core.commands.definitions import CreateGroup, RenameGroup, TurnOn
from ringfence.core.terms import Instant
from ringfence.jobs.prune import prune
from tests.web.cast import CAI, FORTUNE, VAT_GROUP, Cast, grouped

pytestmark = pytest.mark.both_databases

DAY = attempts.DAY


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[Instant]:
    """The clock; its last item is the time."""
    times = [Instant(20_000 * DAY)]
    monkeypatch.setattr(attempts, "clock", lambda: times[-1])
    return times


def test_attempts_of_one_day_are_one_line(cast: Cast, clock: list[Instant]) -> None:
    note_refused(cast.firm, member=CAI, what=What.OPEN_RECORD, client=FORTUNE)
    clock.append(Instant(clock[-1] + DAY - 1))
    note_refused(cast.firm, member=CAI, what=What.OPEN_RECORD, client=FORTUNE + 1)
    (line,) = refused_attempts(cast.firm)
    assert (line.day, line.member, line.count, line.last_at) == (20_000, CAI, 2, clock[-1])
    assert set(line.clients) == {FORTUNE, FORTUNE + 1}


def test_another_day_another_person_and_another_thing_are_lines_of_their_own(
    cast: Cast, clock: list[Instant]
) -> None:
    note_refused(cast.firm, member=CAI, what=What.FORM)
    note_refused(cast.firm, member=CAI, what=What.OPEN_RECORD)
    note_refused(cast.firm, member=CAI + 1, what=What.FORM)
    clock.append(Instant(clock[-1] + DAY))
    note_refused(cast.firm, member=CAI, what=What.FORM)
    assert len(refused_attempts(cast.firm)) == 4
    assert refused_attempts(cast.firm)[0].day == 20_001


def test_another_firm_has_a_log_of_its_own(cast: Cast, clock: list[Instant]) -> None:
    note_refused(cast.firm, member=CAI, what=What.FORM)
    assert refused_attempts(cast.other) == []


def test_a_command_that_one_may_not_give_is_counted(cast: Cast) -> None:
    for _again in range(2):
        with pytest.raises(Refused):
            execute(cast.firm, TurnOn(), actor=Actor(CAI))
    (line,) = refused_attempts(cast.firm)
    assert (line.member, line.what, line.count) == (CAI, "control.turn_on", 2)


def test_a_name_that_is_taken_is_no_attempt(cast: Cast) -> None:
    grouped(cast.firm)
    execute(cast.firm, CreateGroup(name="Second"), actor=Actor(1))
    with pytest.raises(Refused):
        execute(cast.firm, RenameGroup(group=VAT_GROUP, to="Second"), actor=Actor(1))
    assert refused_attempts(cast.firm) == []


def test_lines_are_forgotten_in_the_background_after_400_days(cast: Cast, clock: list[Instant]) -> None:
    note_refused(cast.firm, member=CAI, what=What.FORM)
    clock.append(Instant(clock[-1] + attempts.KEPT * DAY))
    prune.call()
    assert len(refused_attempts(cast.firm)) == 1
    clock.append(Instant(clock[-1] + DAY))
    prune.call()
    assert refused_attempts(cast.firm) == []
