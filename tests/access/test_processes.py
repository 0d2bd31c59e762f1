"""Several processes at one firm: one series of changes, no answer older than its question, nothing half."""

import time
from multiprocessing.connection import Connection
from random import Random
from typing import Any

import pytest
from django.db import transaction

from ringfence import access
from ringfence.access.connection import reading
from ringfence.access.door import lock
from ringfence.core.commands import Command
from ringfence.core.commands import definitions as w
from ringfence.core.terms import group_subject
from ringfence.firms.models import Firm
from tests.access import child
from tests.access.cast import ADMIN, Cast
from tests.access.child import Start
from tests.support.seed import SEED

pytestmark = pytest.mark.both_databases

KILLS = 40
CLIENTS = 600


def received(pipe: Connection) -> Any:
    """The next message; an error where none comes."""
    assert pipe.poll(child.WAIT), "a process did not answer"
    return pipe.recv()


def pipe() -> tuple[Connection, Connection]:
    """The end to receive from, and the end to give away."""
    return child.context().Pipe(duplex=False)


def test_two_processes_changing_one_firm_make_one_series(shared: Cast, start: Start) -> None:
    count, together = 40, child.context().Barrier(2)
    ends = []
    for name in ("East", "West"):
        end, theirs = pipe()
        start(child.add_groups, shared.firm, name, count, together, theirs)
        ends.append(end)
    east, west = (received(end) for end in ends)
    assert sorted(east + west) == list(range(2, 2 * count + 2)), "a change was lost or numbered twice"
    assert len(shared.view.moment.state.groups) == 2 * count + 1
    report = access.verify(shared.firm)
    assert report.problems == ()
    assert report.entries == 2 * count + 1


def race(shared: Cast, start: Start, command: Command) -> list[Any]:
    """What two processes are told that give the same command at once."""
    together, ends = child.context().Barrier(2), []
    for _ in range(2):
        end, theirs = pipe()
        start(child.try_once, shared.firm, command, together, theirs)
        ends.append(end)
    return [received(end) for end in ends]


def test_of_two_groups_with_one_name_made_at_once_one_is_refused(shared: Cast, start: Start) -> None:
    answers = race(shared, start, w.CreateGroup(name="Payroll"))
    assert sorted(answers, key=str) == [2, "name_taken"]


def test_of_two_clients_with_one_reference_added_at_once_one_is_refused(shared: Cast, start: Start) -> None:
    row = w.ClientRow(name="Acme", reference="A-1")
    assert sorted(race(shared, start, w.AddClient(client=row)), key=str) == [2, "name_taken"]


def test_of_two_same_tax_references_added_at_once_one_is_refused(shared: Cast, start: Start) -> None:
    vat = shared.service("VAT")
    row = w.ClientRow(name="Acme", services={vat: "GB 123"})
    assert sorted(race(shared, start, w.AddClient(client=row)), key=str) == [3, "name_taken"]


def both_open(shared: Cast, start: Start, members: tuple[int, int], clients: int) -> list[list[int]]:
    """The versions that two processes were shown, whose members opened the same records at once."""
    together, ends = child.context().Barrier(2), []
    for member in members:
        end, theirs = pipe()
        start(child.open_records, shared.firm, member, clients, together, theirs)
        ends.append(end)
    return [until_done(end) for end in ends]


def until_done(end: Connection) -> list[int]:
    """What a process sends before it says that it is done."""
    answers = []
    while (answer := received(end)) != "done":
        answers.append(answer)
    return answers


def test_records_opened_in_two_processes_are_in_one_series(shared: Cast, start: Start) -> None:
    bob = shared.member("Bob")
    shared.clients(30)
    known = shared.view.version
    shown = both_open(shared, start, (ADMIN, bob), 30)
    assert sorted(shown[0] + shown[1]) == list(range(known + 1, known + 61)), "an opening was lost"
    report = access.verify(shared.firm)
    assert (report.problems, report.entries) == ((), known + 60)


def test_one_record_opened_twice_at_once_is_one_opening(shared: Cast, start: Start) -> None:
    shared.clients(30)
    known = shared.view.version
    both_open(shared, start, (ADMIN, ADMIN), 30)
    assert shared.view.version == known + 30


def test_records_opened_elsewhere_leave_a_process_the_state_that_it_has(shared: Cast, start: Start) -> None:
    shared.clients(30)
    state = shared.view.moment.state
    both_open(shared, start, (ADMIN, ADMIN), 30)
    assert shared.view.moment.state is state


def test_no_process_answers_with_a_state_older_than_the_question(shared: Cast, start: Start) -> None:
    acknowledged, stop = child.context().Value("q", 1), child.context().Event()
    ends = []
    for _ in range(2):
        end, theirs = pipe()
        start(child.keep_asking, shared.firm, acknowledged, stop, theirs)
        ends.append(end)
    for end in ends:
        assert received(end) == "ready"
    for number in range(80):
        acknowledged.value = shared.do(w.CreateGroup(name=f"Group {number}")).version
    stop.set()
    answers = [received(end) for end in ends]
    assert [stale for _, stale in answers] == [0, 0]
    assert all(asked > 10 for asked, _ in answers), "the readers hardly asked"


def test_a_reading_keeps_one_view_and_no_writer_waiting(shared: Cast, start: Start) -> None:
    def version() -> int:
        return Firm.objects.values_list("version", flat=True).get(pk=shared.firm)

    alone, (end, theirs) = child.context().Barrier(1), pipe()
    with reading():
        before = version()
        start(child.try_once, shared.firm, w.CreateGroup(name="Meanwhile"), alone, theirs)
        written = received(end)
        after = version()
    assert (before, written, after, version()) == (1, 2, 1, 2)


def test_a_process_killed_at_any_moment_leaves_every_acknowledged_change_and_no_half_one(
    shared: Cast, start: Start
) -> None:
    rng = Random(f"{SEED}/kill")
    shared.clients(CLIENTS)
    known = shared.view.version
    for round_ in range(KILLS):
        end, theirs = pipe()
        process = start(child.grow, shared.firm, f"{SEED}-{round_}", CLIENTS, theirs)
        theirs.close()
        acknowledged = [received(end)]
        time.sleep(rng.random() * 0.06)
        process.kill()
        process.join(child.WAIT)
        acknowledged += rest(end)
        wait_for_writers(shared.firm)
        report = access.verify(shared.firm)
        assert report.problems == (), f"after kill {round_}"
        # One more may have been committed whose acknowledgement was cut off.
        assert report.entries - acknowledged[-1][0] in (0, 1), f"after kill {round_}"
        assert [version for version, _ in acknowledged] == list(
            range(known + 1, known + len(acknowledged) + 1)
        )
        state = shared.view.moment.state
        for _, group in acknowledged:
            assert len(state.holdings[group_subject(group)].clients) == 4
        known = report.entries


def wait_for_writers(firm: int) -> None:
    """Until no change of the firm is under way: a server may finish what a dead process had told it."""
    with transaction.atomic():
        lock(firm)


def rest(end: Connection) -> list[Any]:
    """What was sent before the sender died; a message cut off in the middle counts as not sent."""
    messages = []
    while True:
        try:
            messages.append(end.recv())
        except (EOFError, OSError):
            return messages
