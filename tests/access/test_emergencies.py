"""Emergency access that ends by the clock or is undone, and who is shown which openings (rules.md 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from ringfence.access import OPERATOR, Actor, Committed, emergencies, entries, execute, firm_state, save
from ringfence.access.clock import clock
from ringfence.access.door import Beside
from ringfence.access.emergencies import openings_numbered, shown_openings
from ringfence.access.undoing import Undoing, ask_undoing
from ringfence.core.commands.definitions import (
    AcknowledgeEmergency,
    EndEmergency,
    OpenEmergency,
    RaiseWall,
    RemoveClient,
)
from ringfence.core.terms import Capability, Instant
from ringfence.core.undoing.why import Left
from ringfence.core.values import Side
from ringfence.jobs.end_emergencies import end_emergencies
from tests.support.once import made_once
from tests.web.cast import BAKER, CAI, DILYS, OWEN
from tests.web.narrowed import narrowed

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from django.test.utils import CaptureQueriesContext

HOUR = 3_600_000_000
PAIR = (BAKER, DILYS)


@pytest.fixture
def firm(db: None) -> int:
    """Pike & Marlow; Dilys has opened Baker & Sons, which is Cai's, for four hours."""
    found = made_once("a client for an emergency", narrowed).firm
    open_it(found)
    return found


def open_it(firm: int) -> int:
    opened = execute(firm, OpenEmergency(client=BAKER, reason="Filing is due"), actor=Actor(DILYS))
    return opened.version


def in_hours(hours: float) -> AbstractContextManager[object]:
    return patch("ringfence.access.clock.clock", return_value=Instant(int(clock() + hours * HOUR)))


def commands(firm: int) -> list[str]:
    return [entry.command for entry in entries(firm)]


def test_the_clock_ends_what_is_over_with_an_entry_of_nobody(firm: int) -> None:
    with in_hours(4.1):
        end_emergencies.call()
        last = list(entries(firm))[-1]
        assert (last.command, last.actor.member) == ("emergency.end", None)
        assert not firm_state(firm).emergencies[PAIR].stands
        end_emergencies.call()
        assert commands(firm).count("emergency.end") == 1


def test_the_clock_leaves_what_still_counts(firm: int) -> None:
    with in_hours(3.9):
        end_emergencies.call()
    assert "emergency.end" not in commands(firm)


def test_the_clock_leaves_what_was_opened_anew_since_it_looked(
    firm: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(of: int, command: EndEmergency, *, actor: Actor, beside: Beside) -> Committed:
        open_it(of)
        return execute(of, command, actor=actor, beside=beside)

    monkeypatch.setattr(emergencies, "execute", overtaken)
    with in_hours(4.1):
        end_emergencies.call()
        assert firm_state(firm).emergencies[PAIR].stands
        assert firm_state(firm).sees(DILYS, BAKER)


def test_undoing_an_opening_ends_it_and_leaves_it_to_be_acknowledged(firm: int) -> None:
    undoing = ask_undoing(firm, firm_state(firm).version, actor=Actor(OWEN))
    assert isinstance(undoing, Undoing)
    assert undoing.left == {Left.EMERGENCY_LISTED}
    save(undoing.rehearsal)
    opened = firm_state(firm).emergencies[PAIR]
    assert (opened.stands, opened.acknowledged) == (False, False)
    assert not firm_state(firm).sees(DILYS, BAKER)


def test_each_opening_has_its_own_end_and_one_acknowledgement_covers_both(firm: int) -> None:
    execute(firm, EndEmergency(client=BAKER), actor=Actor(DILYS))
    open_it(firm)
    execute(firm, AcknowledgeEmergency(client=BAKER, member=DILYS, reason="Agreed"), actor=Actor(OWEN))
    now = firm_state(firm)
    second, first = openings_numbered(now, shown_openings(now, OWEN))
    assert (first.ended is not None, second.ended) == (True, None)
    assert first.acknowledged == second.acknowledged
    assert second.acknowledged is not None
    assert second.acknowledged.note == "Agreed"


def test_openings_are_shown_to_who_shares_the_client_or_made_them(firm: int) -> None:
    now = firm_state(firm)
    told = [member for member in now.active_members if shown_openings(now, member)]
    assert {OWEN, CAI, DILYS} <= set(told)
    plain = [one for one in told if one not in {CAI, DILYS} and not now.may(one, Capability.READ_CONTROL)]
    assert plain == []


def test_which_openings_are_shown_is_asked_of_the_index_alone(
    firm: int, django_assert_num_queries: Callable[[int], AbstractContextManager[CaptureQueriesContext]]
) -> None:
    for _ in range(3):
        execute(firm, EndEmergency(client=BAKER), actor=Actor(DILYS))
        open_it(firm)
    now = firm_state(firm)
    with django_assert_num_queries(1) as asked:
        found = shown_openings(now, DILYS)
    assert len(found) == 4
    assert found == sorted(found, reverse=True)
    assert "body" not in asked.captured_queries[0]["sql"]


def test_of_a_client_that_is_gone_no_opening_is_shown(firm: int) -> None:
    execute(firm, RemoveClient(client=BAKER), actor=OPERATOR)
    assert shown_openings(firm_state(firm), OWEN) == []


def test_a_wall_raised_meanwhile_ends_its_effect_at_once(firm: int) -> None:
    assert firm_state(firm).sees(DILYS, BAKER)
    sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({BAKER})))
    execute(firm, RaiseWall(name="Bid", sides=sides), actor=OPERATOR)
    assert not firm_state(firm).sees(DILYS, BAKER)
