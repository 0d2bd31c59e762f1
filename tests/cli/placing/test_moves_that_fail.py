"""Moves that fail, and what others do beside them: both databases never take changes, nor has neither it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from ringfence import access
from ringfence.access.sql import rows_of
from ringfence.cli.databases.deployment import all_databases
from ringfence.cli.faults import Fault
from ringfence.cli.placing import moving
from ringfence.cli.placing.moving import MovingFirm
from ringfence.cli.placing.placing_one import PlacingFirm
from ringfence.firms.models import DecisionBlock, FirmMove, SecurityEvent
from tests.cli.listing import refuse, succeed
from tests.cli.placing.deployment import ACE, NORTH, SOUTH, Deployment

pytestmark = [pytest.mark.database, pytest.mark.both_databases]


def full(*_given: Any) -> None:
    raise OperationalError("database or disk is full")


@pytest.mark.parametrize("step", ["_put", "_put_late"])
def test_a_firm_for_which_there_is_no_room_is_open_again_where_it_is(
    ace: Deployment, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(MovingFirm, step, full)
    assert "disk is full. Nothing was moved" in refuse("firm", "place", ACE, SOUTH)
    assert [ace.takes_changes(NORTH), ace.has(SOUTH)] == [True, False]


def test_a_move_that_cannot_be_undone_says_that_the_firm_stays_closed(
    ace: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MovingFirm, "_put", full)
    monkeypatch.setattr(MovingFirm, "_take_back", full)
    assert "stays closed" in refuse("firm", "place", ACE, SOUTH)
    assert not ace.takes_changes(NORTH)


def test_nobody_calls_back_what_another_is_moving(
    arrived: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one whose connection was lost and made anew: the lock went with it."""
    ace = arrived

    def taken(each: Any) -> None:
        raise Fault(f"at work in {each.name}")

    with all_databases() as databases:
        move = MovingFirm(ace.firm, databases[NORTH], databases[SOUTH], print)
        monkeypatch.setattr(type(databases[NORTH]), "need_alone", taken)
        with pytest.raises(Fault, match="at work"):
            move.call_back()
    assert [ace.has(NORTH), ace.has(SOUTH)] == [True, True]
    assert [ace.takes_changes(NORTH), ace.takes_changes(SOUTH)] == [False, False]


def test_a_firm_is_not_opened_where_it_was_while_it_is_open_elsewhere(arrived: Deployment) -> None:
    ace = arrived
    with ace.at(SOUTH):
        FirmMove.objects.filter(number=ace.firm).delete()
    with all_databases() as databases:
        move = MovingFirm(ace.firm, databases[NORTH], databases[SOUTH], print)
        with pytest.raises(Fault, match="open in south too"):
            move.call_back()
    assert [ace.takes_changes(NORTH), ace.takes_changes(SOUTH)] == [False, True]


def test_a_firm_that_was_moved_by_another_meanwhile_is_left_to_them(
    ace: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = PlacingFirm._meant

    def meant(one: PlacingFirm) -> tuple[str, str, bool]:
        found = whole(one)
        with ace.at(NORTH):
            FirmMove.objects.create(number=ace.firm, state="leaving", place=SOUTH, at=1)
        return found

    monkeypatch.setattr(PlacingFirm, "_meant", meant)
    assert "by somebody else" in refuse("firm", "place", ACE, SOUTH)
    assert not ace.has(SOUTH)


@pytest.mark.parametrize("back", [False, True])
def test_what_is_logged_long_after_a_move_is_brought_by_the_next_call_and_keeps_no_firm_from_coming_back(
    moved: Deployment, back: bool
) -> None:
    ace = moved
    with ace.at(NORTH):
        at = {"firm_id": ace.firm}
        DecisionBlock.objects.create(**at, ended=7, tag=7, began=7, entries=1, body=b"late")
        SecurityEvent.objects.create(
            **at, slot=1, member=1, kind="sign_in", first_at=1, last_at=7, details=""
        )
    home = NORTH if back else SOUTH
    ace.place(home)
    with ace.at(home):
        assert DecisionBlock.objects.filter(firm=ace.firm, tag=7).count() == 1
        assert SecurityEvent.objects.filter(firm=ace.firm, slot=1).count() == 1
    with ace.at(SOUTH if back else NORTH):
        assert not DecisionBlock.objects.filter(firm=ace.firm).exists()


def test_the_proof_is_written_down_once_the_ledger_is_proved(
    ace: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def verify(firm: int) -> Any:
        seen.extend(bytes(each) for each in FirmMove.objects.values_list("proof", flat=True))
        return access.verify(firm)

    monkeypatch.setattr(moving, "verify", verify)
    ace.place(SOUTH)
    assert seen == [b""]


def test_a_firm_is_not_put_where_secrets_are_of_another_key(
    ace: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "count_by_key", lambda: {"another": 2})
    assert "2 secrets of north cannot be opened here" in refuse("firm", "place", ACE, SOUTH)
    assert ace.takes_changes(NORTH)


@pytest.fixture
def saved(ace: Deployment, tmp_path: Path) -> Path:
    path = tmp_path / "ace.zip"
    with ace.at(NORTH):
        succeed("backup", "--firm", ACE, path)
    return path


def restoring(ace: Deployment, monkeypatch: pytest.MonkeyPatch, path: Path) -> Callable[[], str]:
    def restore() -> str:
        with ace.at(SOUTH), monkeypatch.context() as patched:
            patched.setattr(settings, "DATABASE_NAME", SOUTH)
            return refuse("restore", "--firm", path)

    return restore


def test_a_firm_is_not_restored_where_it_is_about_to_come(
    saved: Path, closed: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    ace = closed
    assert "is in north: a firm lives in one database" in restoring(ace, monkeypatch, saved)()
    assert not ace.has(SOUTH)


def test_nothing_is_restored_while_a_firm_comes(
    ace: Deployment, monkeypatch: pytest.MonkeyPatch, saved: Path
) -> None:
    restore, put, said = restoring(ace, monkeypatch, saved), MovingFirm._put, list[str]()

    def slow(move: MovingFirm, path: Path) -> Any:
        said.append(restore())
        return put(move, path)

    monkeypatch.setattr(MovingFirm, "_put", slow)
    ace.place(SOUTH)
    assert "at work" in said[0]
    assert [ace.has(NORTH), ace.has(SOUTH)] == [False, True]


def test_a_copy_from_the_middle_of_a_move_goes_where_the_firm_is_named_to_stay(arrived: Deployment) -> None:
    ace = arrived
    with ace.at(NORTH):
        # South was restored from a backup of then, and the firm has long been called back.
        FirmMove.objects.all().delete()
    assert "stays in north" in ace.place(NORTH)
    assert [ace.has(NORTH), ace.has(SOUTH)] == [True, False]
    assert ace.takes_changes(NORTH)
    with ace.at(NORTH):
        assert rows_of("SELECT COUNT(*) FROM firms_firmmove") == [(0,)]
