"""`ringfence firm place FIRM DATABASE`: a firm moves with all that it has, and no change is lost."""

import multiprocessing
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import Error
from django_tasks_db.models import DBTaskResult

from ringfence import access
from ringfence.access import FirmClosed, FirmUnknown, StateUnavailable
from ringfence.access.closing import OPEN, firm_tables, guarded
from ringfence.access.sql import rows_of
from ringfence.access.writing.tables.bulk import execute
from ringfence.cli.placing.moving import MovingFirm
from ringfence.core.commands import definitions as w
from ringfence.firms.models import (
    DecisionBlock,
    Firm,
    FirmMove,
    MovedKey,
    RepeatedAnswer,
    SecurityEvent,
    User,
)
from ringfence.jobs.enqueue import Track, firm_queue
from ringfence.jobs.running import AtWork, do_next
from tests.cli.backups.test_one_firm import plain, rows
from tests.cli.listing import refuse, succeed
from tests.cli.placing.deployment import ACE, NORTH, SOUTH, Deployed, Deployment, Standing, kill
from tests.support.databases import Databases, Engine

pytestmark = [pytest.mark.database, pytest.mark.both_databases]


def saved(ace: Deployment, name: str, path: Path) -> dict[str, list[str]]:
    """All that the firm has there, without numbers that mean nothing elsewhere."""
    with ace.at(name):
        succeed("backup", "--firm", str(ace.firm), path)
    return {table: plain(found) for table, found in rows(path).items()}


def test_a_moved_firm_has_all_that_it_had_and_goes_on_there(standing: Standing, tmp_path: Path) -> None:
    before = saved(standing("fresh"), NORTH, tmp_path / "before.zip")
    ace = standing("moved")
    assert not ace.has(NORTH)
    after = saved(ace, SOUTH, tmp_path / "after.zip")
    changed = {table for table in before if before[table] != after[table]}
    # One entry says that a member is another user there; its account was there.
    assert changed == {
        "firms_firm",
        "firms_ledgerentry",
        "firms_ledgermention",
        "firms_member",
        "firms_user",
    }
    with ace.at(SOUTH):
        assert "whole" in succeed("ledger", "verify", "--all")
        assert RepeatedAnswer.objects.get(firm=ace.firm).answer == {"status": 201}
        assert DBTaskResult.objects.get(queue_name=firm_queue(ace.firm)).status == "READY"
        assert User.objects.get(email="alphie@ace.example").password == "of north"
        assert User.objects.get(email="shared@both.example").password == "their own in south"
        assert ace.add_client("Elm") == ace.now().version


def test_nothing_of_a_moved_firm_stays_but_where_it_is(moved: Deployment) -> None:
    firm = moved.firm
    with moved.at(NORTH):
        left = {m._meta.db_table for m in firm_tables() if m._base_manager.filter(firm=firm).exists()}
        assert not left
        assert not User.objects.exists()
        assert not DBTaskResult.objects.filter(queue_name=firm_queue(firm)).exists()
        assert FirmMove.objects.get().place == SOUTH
        assert MovedKey.objects.filter(number=firm).count() == 2
        with pytest.raises(FirmUnknown):
            moved.add_client("Ash")


def test_a_firm_goes_from_an_embedded_database_to_this_one_and_back_with_what_was_changed(
    databases: Databases, deployed: Deployed
) -> None:
    with ExitStack() as held:
        embedded = databases
        if databases.engine is not Engine.SQLITE:
            embedded = Databases(Engine.SQLITE)
            held.callback(embedded.close)
        ace = deployed(embedded.migrated(), databases.migrated())
        ace.place(SOUTH)
        with ace.at(SOUTH):
            assert "whole" in succeed("ledger", "verify", "--all")
            ace.add_client("Elm")
            User.objects.filter(email="alphie@ace.example").update(password="of south")
        ace.place(NORTH)
        with ace.at(NORTH):
            assert User.objects.get(email="alphie@ace.example").password == "of south"
            assert not FirmMove.objects.exists()
            assert not MovedKey.objects.exists()
            assert "whole" in succeed("ledger", "verify", "--all")
            ace.add_client("Ash")


def test_a_closed_firm_takes_no_change_by_any_road(closed: Deployment) -> None:
    ace = closed
    with ace.at(NORTH):
        version = ace.now().version
        with pytest.raises(FirmClosed):
            ace.add_client("Ash")
        watched = {one.table for one in guarded()}
        assert watched >= {model._meta.db_table for model in firm_tables() if model not in OPEN}
        for one in guarded():
            column = "id" if one.table in {"firms_firm", "firms_user"} else "firm_id"
            if one.claims or not one.table.startswith("firms_"):
                continue
            key = (
                f"(SELECT user_id FROM firms_member WHERE firm_id = {ace.firm})"
                if one.table == "firms_user"
                else f"({ace.firm})"
            )
            if not rows_of(f"SELECT 1 FROM {one.table} WHERE {column} IN {key}"):
                continue
            shown = one.columns[-1]
            for statement in (
                f"UPDATE {one.table} SET {shown} = {shown} WHERE {column} IN {key}",
                f"DELETE FROM {one.table} WHERE {column} IN {key}",
            ):
                with pytest.raises(Error, match="on its way"):
                    execute(statement)
        assert ace.now().version == version
        assert "on its way" in refuse("do", "--firm", ACE, "client.add", "client=Ash")


def test_while_a_firm_is_closed_other_firms_go_on(arrived: Deployment) -> None:
    for name, firm in ((NORTH, "Neighbours"), (SOUTH, "Southerners")):
        with arrived.at(name):
            if name == NORTH:
                access.create_firm(firm, "agency", admin_email="n@north.example")
            other = Firm.objects.get(name=firm).pk
            access.execute(other, w.AddMember(name="New", email="new@new.example"), actor=access.OPERATOR)


def test_what_waits_for_a_closed_firm_is_not_done_and_keeps_nothing_else_waiting(closed: Deployment) -> None:
    with closed.at(NORTH):
        assert not do_next(Track.WEBHOOK, "worker", AtWork())
        # Not even by who had looked before it was closed.
        with pytest.raises(Error, match="on its way"):
            DBTaskResult.objects.filter(queue_name=firm_queue(closed.firm)).update(
                status="RUNNING", worker_ids=["other"]
            )


STEPS: list[tuple[str, str]] = [
    ("close", "after"),
    ("_put", "before"),
    ("_put", "after"),
    ("_prove", "after"),
    ("_put_late", "after"),
    ("let_go", "after"),
    ("open", "after"),
]
"""Methods of `MovingFirm`, and when the process that is at them is killed."""


def dying(ace: Deployment, step: str, when: str) -> Callable[[], None]:
    def go() -> None:
        whole = getattr(MovingFirm, step)

        def done(*given: Any) -> Any:
            if when == "before":
                kill()
            whole(*given)
            kill()

        setattr(MovingFirm, step, done)
        ace.place(SOUTH)

    return go


@pytest.mark.parametrize(("step", "when"), STEPS)
def test_a_move_that_was_killed_is_ended_by_calling_it_again(
    ace: Deployment, tmp_path: Path, step: str, when: str
) -> None:
    ace.killed(dying(ace, step, when))
    places = [name for name in (NORTH, SOUTH) if ace.takes_changes(name)]
    assert len(places) <= 1
    ace.place(SOUTH)
    assert [ace.has(NORTH), ace.has(SOUTH)] == [False, True]
    # Nor does the copy stay anywhere else.
    assert not list(tmp_path.iterdir())
    with ace.at(SOUTH):
        assert "whole" in succeed("ledger", "verify", "--firm", ACE)
        assert DBTaskResult.objects.filter(queue_name=firm_queue(ace.firm)).count() == 1
        assert DecisionBlock.objects.filter(firm=ace.firm).count() == 1
        ace.add_client("Elm")


@pytest.mark.parametrize("how", ["closed", "arrived"])
def test_a_firm_on_its_way_is_called_back_by_naming_where_it_was(standing: Standing, how: str) -> None:
    ace = standing(how)
    assert "stays in north" in ace.place(NORTH)
    assert [ace.has(NORTH), ace.has(SOUTH)] == [True, False]
    with ace.at(NORTH):
        ace.add_client("Elm")
    with ace.at(SOUTH):
        assert set(User.objects.values_list("email", flat=True)) == {"shared@both.example"}
    if how == "arrived":
        # What was there once keeps it from nowhere.
        ace.place(SOUTH)


def test_what_was_logged_while_the_firm_moved_comes_after_it(
    ace: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, opened = MovingFirm.let_go, MovingFirm.open

    def logged(tag: int) -> None:
        now = access.clock.clock()
        with ace.at(NORTH):
            DecisionBlock.objects.create(
                firm_id=ace.firm, ended=now, tag=tag, began=now, entries=1, body=b"meanwhile"
            )
            SecurityEvent.objects.update_or_create(
                firm_id=ace.firm,
                slot=1,
                defaults={"member": 1, "kind": "sign_in", "count": tag, "first_at": 1, "last_at": now},
            )

    def let_go(move: MovingFirm) -> None:
        logged(7)
        whole(move)

    def open_(move: MovingFirm) -> None:
        # A process that had answered before the firm left, and writes it down only now.
        logged(8)
        opened(move)

    monkeypatch.setattr(MovingFirm, "let_go", let_go)
    monkeypatch.setattr(MovingFirm, "open", open_)
    ace.place(SOUTH)
    with ace.at(SOUTH):
        assert set(DecisionBlock.objects.filter(firm=ace.firm).values_list("tag", flat=True)) == {1, 7, 8}
        assert SecurityEvent.objects.get(firm=ace.firm, slot=1).count == 7


def test_rows_that_changed_past_the_triggers_are_copied_anew(
    ace: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, tried = MovingFirm.let_go, list[int]()

    def let_go(move: MovingFirm) -> None:
        if not tried:
            with move.old.here():
                number = FirmMove.objects.get().number
                FirmMove.objects.update(state="left")
                Firm.objects.filter(pk=number).update(reminded=5)
                FirmMove.objects.update(state="leaving")
        tried.append(1)
        whole(move)

    monkeypatch.setattr(MovingFirm, "let_go", let_go)
    assert "copied anew" in ace.place(SOUTH)
    with ace.at(SOUTH):
        assert Firm.objects.get(pk=ace.firm).reminded == 5


def test_a_firm_that_cannot_be_taken_stays_open_where_it_is(ace: Deployment) -> None:
    with ace.at(SOUTH):
        User.objects.filter(email="shared@both.example").update(let_in_by=77)
    assert "nobody has proved" in refuse("firm", "place", ACE, SOUTH)
    with ace.at(NORTH):
        ace.add_client("Elm")
    assert not ace.has(SOUTH)


def write_on(ace: Deployment, path: str, stop: Any) -> None:
    """Add clients wherever the firm takes them, and write down each that was acknowledged."""
    turn = 0
    with open(path, "a", buffering=1) as told:
        while not stop.is_set():
            turn += 1
            for name in (NORTH, SOUTH):
                with ace.at(name):
                    try:
                        called = f"{path[-1]} {turn} {name}"
                        version = ace.add_client(called)
                    except (FirmUnknown, StateUnavailable):
                        time.sleep(0.01)
                        continue
                    told.write(f"{version} {called}\n")


def test_no_change_that_was_acknowledged_while_a_firm_moves_is_lost(ace: Deployment, tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    stop = context.Event()
    writers = [
        context.Process(target=write_on, args=(ace, str(tmp_path / f"writer-{number}"), stop))
        for number in (1, 2)
    ]
    for writer in writers:
        writer.start()
    time.sleep(0.4)
    ace.place(SOUTH)
    time.sleep(0.4)
    stop.set()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    told = [
        line.split(" ", 1)
        for number in (1, 2)
        for line in (tmp_path / f"writer-{number}").read_text().splitlines()
    ]
    versions = [int(version) for version, _ in told]
    assert len(set(versions)) == len(versions)
    assert {name.rpartition(" ")[2] for _, name in told} == {NORTH, SOUTH}
    with ace.at(SOUTH):
        assert "whole" in succeed("ledger", "verify", "--firm", ACE)
        names = {name for (name,) in rows_of("SELECT name FROM firms_client WHERE firm_id = %s", ace.firm)}
        assert {name for _, name in told} <= names
        assert ace.now().version >= max(versions)
