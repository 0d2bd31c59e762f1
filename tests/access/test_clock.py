"""Reading and writing are of one instant: the later of the clock and the last entry."""

import logging

import pytest

from ringfence import access
from ringfence.access import clock
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Instant, Level, member_subject
from tests.access.cast import Cast

MINUTE = 60_000_000
"""Microseconds."""


@pytest.fixture
def shifted(monkeypatch: pytest.MonkeyPatch) -> "Shift":
    return Shift(monkeypatch)


class Shift:
    """A clock that can be set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._right = clock.clock
        self._patch = monkeypatch

    def by(self, minutes: int) -> None:
        """Set it ahead of the right time, or back (negative)."""
        self._patch.setattr(clock, "clock", lambda: Instant(self._right() + minutes * MINUTE))
        clock._told.clear()


def give_beth_half_an_hour(firm: Cast) -> int:
    firm.turn_on()
    beth = firm.member("Beth")
    firm.clients(1)
    soon = Instant(firm.view.now + 30 * MINUTE)
    firm.do(w.SetGrant(to=(member_subject(beth),), on=On.client(1), level=Level.READER, expires=soon))
    return beth


def test_what_had_expired_at_the_last_entry_stays_so_when_the_clock_is_set_back(
    firm: Cast, shifted: Shift
) -> None:
    beth = give_beth_half_an_hour(firm)
    assert firm.view.moment.sees(beth, 1)
    shifted.by(60)
    firm.do(w.CreateGroup(name="Later"))
    assert not firm.view.moment.sees(beth, 1)
    shifted.by(0)
    assert not firm.view.moment.sees(beth, 1)


def test_a_preview_is_of_the_same_instant_as_the_change(firm: Cast, shifted: Shift) -> None:
    shifted.by(60)
    last = firm.do(w.CreateGroup(name="Later")).at
    shifted.by(0)
    command = w.CreateGroup(name="Now")
    assert access.preview(firm.firm, command, actor=access.OPERATOR).before.now == last
    assert firm.view.now == last
    assert firm.do(command).at == last


def test_the_log_says_that_the_last_entry_is_in_the_future_and_not_with_every_answer(
    firm: Cast, shifted: Shift, caplog: pytest.LogCaptureFixture
) -> None:
    shifted.by(60)
    firm.do(w.CreateGroup(name="Later"))
    shifted.by(0)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert firm.view.version
    (line,) = caplog.messages
    assert line.startswith(f"Firm {firm.firm}: The last entry is dated 20")


def test_clocks_that_differ_by_seconds_are_nothing_to_be_told(
    firm: Cast, shifted: Shift, caplog: pytest.LogCaptureFixture
) -> None:
    firm.do(w.CreateGroup(name="Later"))
    shifted._patch.setattr(clock, "clock", lambda: Instant(shifted._right() - MINUTE // 2))
    assert firm.view.version
    assert caplog.messages == []


def test_the_proof_says_that_the_last_entry_is_in_the_future(firm: Cast, shifted: Shift) -> None:
    assert access.verify(firm.firm).future == ""
    shifted.by(60)
    firm.do(w.CreateGroup(name="Later"))
    shifted.by(0)
    report = access.verify(firm.firm)
    assert report.whole
    assert "later than this machine's clock" in report.future
