"""What a directory changes over several connections at once: committed together, each as if it came alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from scim2_models import SCIMException

from ringfence.access import (
    OPERATOR,
    FirmNow,
    Refused,
    entries,
    firm_state,
    sign_in_accounts,
    together,
)
from ringfence.access.connection import plain
from ringfence.access.door import STATES, lock
from ringfence.access.provisioning import DirectoryMember, members_called_any
from ringfence.access.series import Series, series
from ringfence.access.together import SharedChanges
from ringfence.core.commands import definitions as w
from ringfence.firms.models import Firm, LedgerEntry
from ringfence.scim.refusals import RefusedInScim, in_scim
from ringfence.store.sources import StateUnavailable
from tests.scim.directory import BULK, USER, Answer, Directory, bulk_of
from tests.web.cast import ADA, Cast

pytestmark = pytest.mark.both_databases


def added(name: str) -> Callable[[Series], str]:
    """Adds a member, and tells their name."""

    def work(changes: Series) -> str:
        try:
            command = w.AddMember(name=name, email=f"{name}@pike.example")
            changes.change("member.add", [command], actor=OPERATOR)
        except Refused as refused:
            raise in_scim(refused, changes.now, ADA) from refused
        return name

    return work


def carried_out(firm: int, *works: Callable[[Series], str]) -> list[str]:
    """What each comes to where all come at once: its answer, or the name of what was raised."""
    requests = [together._Request(work, alone=False) for work in works]
    together._carry_out(firm, requests, SCIMException)
    found: list[str] = []
    for each in requests:
        try:
            found.append(each.answer())
        except (RefusedInScim, ArithmeticError) as problem:
            found.append(type(problem).__name__)
    return found


def commands_after(firm: int, version: int) -> list[str]:
    return [entry.command for entry in entries(firm) if entry.number > version]


def test_changes_that_come_at_once_are_one_transaction_and_an_entry_each(cast: Cast) -> None:
    before = firm_state(cast.firm).version
    with commits() as counted:
        assert carried_out(cast.firm, added("jo"), added("al")) == ["jo", "al"]
    assert commands_after(cast.firm, before) == ["member.add", "member.add"]
    assert len(counted) == 1


def test_each_is_decided_on_what_those_before_it_left(cast: Cast) -> None:
    assert carried_out(cast.firm, added("jo"), added("jo"), added("al")) == ["jo", "RefusedInScim", "al"]


def test_one_that_breaks_leaves_nothing_and_keeps_nobody_from_theirs(cast: Cast) -> None:
    before = firm_state(cast.firm)

    def broken(changes: Series) -> str:
        added("ed")(changes)
        raise ArithmeticError

    assert carried_out(cast.firm, added("jo"), broken, added("al")) == ["jo", "ArithmeticError", "al"]
    assert commands_after(cast.firm, before.version) == ["member.add", "member.add"]
    assert len(firm_state(cast.firm).members) == len(before.members) + 2


def test_nothing_is_kept_in_memory_of_a_series_that_failed(cast: Cast) -> None:
    before = firm_state(cast.firm).version

    def fail() -> None:
        with series(cast.firm) as changes:
            added("jo")(changes)
            assert changes.now.version == before + 1
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail()
    assert firm_state(cast.firm).version == before


def test_who_waits_while_others_are_at_work_is_taken_along_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def carry_out(_firm: int, requests: list[together._Request[object]], refusals: type[Exception]) -> None:
        sizes.append(len(requests))
        for each in requests:
            each.carry_out(None, refusals)  # type: ignore[arg-type]  # no firm: only who waits for whom matters here
        begun.set()
        assert go_on.wait(20)

    monkeypatch.setattr(together, "_carry_out", carry_out)
    shared, told = SharedChanges(SCIMException), []
    threads = [
        threading.Thread(target=lambda each=each: told.append(shared.answered(7, lambda _: each)))
        for each in range(4)
    ]
    threads[0].start()
    assert begun.wait(20)
    for thread in threads[1:]:
        thread.start()
    for _try in range(2_000):
        if len(shared._places.of(7).waiting) == 3:
            break
        time.sleep(0.01)
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert (sizes, sorted(told)) == ([1, 3], [0, 1, 2, 3])


@pytest.mark.parametrize(("seconds", "transactions"), [(60, 1), (-1, 4)])
def test_a_bulk_request_commits_on_the_way_where_others_wait_for_long(
    cast: Cast, entra: Directory, monkeypatch: pytest.MonkeyPatch, seconds: float, transactions: int
) -> None:
    monkeypatch.setattr("ringfence.access.series.MOST_SECONDS", seconds)
    new = [
        {"method": "POST", "bulkId": f"b{n}", "path": "/Users", "data": {"schemas": [USER], "userName": name}}
        for n, name in enumerate(("jo@pike.example", "jo@pike.example", "al@pike.example"))
    ]
    before = firm_state(cast.firm).version
    with commits() as counted:
        done = entra.ask("POST", "/Bulk", {"schemas": [BULK], "Operations": new})
    assert [each["status"] for each in done.body["Operations"]] == ["201", "409", "201"]
    assert commands_after(cast.firm, before) == ["member.add", "member.add"]
    assert len(counted) == transactions


def test_a_bulk_request_that_lost_its_transaction_on_the_way_is_no_success(
    cast: Cast, entra: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A slow machine would commit what came before on the way.
    monkeypatch.setattr("ringfence.access.series.MOST_SECONDS", 60)
    before, ask = firm_state(cast.firm).version, members_called_any

    def breaks(firm: FirmNow, words: dict[str, str]) -> list[DirectoryMember]:
        if words["email"] == "al@pike.example" and connection.vendor == "postgresql":
            # From here on PostgreSQL can only roll back, and does so at COMMIT without a word.
            connection.cursor().execute("SELECT 1 / 0")
        if words["email"] == "al@pike.example":
            # As Django leaves it where a savepoint could not be gone back to.
            transaction.set_rollback(True)
            raise OperationalError("database or disk is full")
        return ask(firm, words)

    monkeypatch.setattr("ringfence.scim.storage.members_called_any", breaks)
    done = entra.ask("POST", "/Bulk", bulk_of("jo@pike.example", "al@pike.example", "ed@pike.example"))
    assert done.status == 503
    assert commands_after(cast.firm, before) == []
    assert STATES.current(plain(), cast.firm).version == before


def told(done: Answer) -> dict[str, str]:
    return {each["bulkId"][:2]: each["status"] for each in done.body["Operations"]}


@pytest.mark.parametrize("seconds", [60, -1])
def test_a_bulk_request_that_breaks_after_part_of_it_was_committed_tells_which(
    cast: Cast, entra: Directory, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr("ringfence.access.series.MOST_SECONDS", seconds)
    before, ask = firm_state(cast.firm).version, members_called_any

    def breaks(firm: FirmNow, words: dict[str, str]) -> list[DirectoryMember]:
        if words["email"] == "al@pike.example":
            transaction.set_rollback(True)
            raise OperationalError("database or disk is full")
        return ask(firm, words)

    monkeypatch.setattr("ringfence.scim.storage.members_called_any", breaks)
    done = entra.ask("POST", "/Bulk", bulk_of("jo@pike.example", "al@pike.example", "ed@pike.example"))
    if seconds == 60:
        assert done.status == 503
        assert commands_after(cast.firm, before) == []
    else:
        assert told(done) == {"jo": "201", "al": "503", "ed": "503"}
        assert commands_after(cast.firm, before) == ["member.add"]


def test_a_bulk_request_whose_firm_is_locked_for_too_long_on_the_way_tells_what_was_done(
    cast: Cast, entra: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfence.access.series.MOST_SECONDS", -1)
    locks = iter(range(9))

    def taken(firm: int) -> Firm:
        # Before the first step and before the second.
        if next(locks) == 2:
            raise StateUnavailable("it is locked")
        return lock(firm)

    monkeypatch.setattr("ringfence.access.series.lock", taken)
    before = firm_state(cast.firm).version
    done = entra.ask("POST", "/Bulk", bulk_of("jo@pike.example", "al@pike.example"))
    assert told(done) == {"jo": "201", "al": "503"}
    assert commands_after(cast.firm, before) == ["member.add"]


def test_what_breaks_a_step_of_a_bulk_request_breaks_no_chain(
    cast: Cast, entra: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, shut_out = firm_state(cast.firm).version, sign_in_accounts._shut_out
    steps = iter(range(3))

    def breaks(firm: int, members: set[int]) -> None:
        shut_out(firm, members)
        if next(steps) == 1:
            raise OperationalError("deadlock detected")

    monkeypatch.setattr(sign_in_accounts, "_shut_out", breaks)
    done = entra.ask("POST", "/Bulk", bulk_of("jo@pike.example", "al@pike.example", "ed@pike.example"))
    assert [each["status"] for each in done.body["Operations"]] == ["201", "500", "201"]
    entry, later = LedgerEntry.objects.filter(firm=cast.firm, number__gt=before).order_by("number")
    assert (entry.number, later.number) == (before + 1, before + 2)
    assert bytes(later.previous) == bytes(entry.hash)


@pytest.mark.parametrize("field", ["email", "external", "user_name"])
def test_who_is_called_so_is_found_by_an_index(cast: Cast, field: str) -> None:
    from ringfence.access.provisioning import members_called

    asked: list[tuple[str, Any]] = []

    def noted(execute: Callable[..., object], sql: str, given: Any, *rest: object) -> object:
        asked.append((sql, given))
        return execute(sql, given, *rest)

    with connection.execute_wrapper(noted):
        members_called(firm_state(cast.firm), field, "jo@pike.example")
    ((statement, given),) = asked
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            assert f"INDEX member_{field}" in str(cursor.fetchall())


@contextmanager
def commits() -> Iterator[list[str]]:
    """The transactions that were begun to write: in a test, by the lock of the firm's row."""
    found: list[str] = []

    def noted(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith("SELECT id, uid, version"):
            found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(noted):
        yield found


@pytest.mark.parametrize("in_bulk", [False, True])
def test_nothing_stays_of_a_change_that_breaks_half_way_whoever_passes_over_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, in_bulk: bool
) -> None:
    before, seat = firm_state(cast.firm).version, sign_in_accounts.forget_nobodies

    def breaks(users: set[int]) -> None:
        # After its entry.
        seat(users)
        raise ArithmeticError

    def work() -> None:
        with series(cast.firm, undoing=in_bulk) as changes:
            added("jo")(changes)
            with monkeypatch.context() as broken:
                broken.setattr(sign_in_accounts, "forget_nobodies", breaks)
                with pytest.raises(ArithmeticError):
                    added("al")(changes)
            if in_bulk:
                added("ed")(changes)

    if in_bulk:
        work()
    else:
        with pytest.raises(StateUnavailable):
            work()
    assert commands_after(cast.firm, before) == (["member.add"] * 2 if in_bulk else [])
    assert [
        bool(members_called_any(firm_state(cast.firm), {"email": f"{name}@pike.example"}))
        for name in ("jo", "al")
    ] == [in_bulk, False]
