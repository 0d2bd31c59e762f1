"""What other processes do to a firm in the tests of `access`: each function is one process's whole life.

They run in children of a fork server, which has Django ready, so that starting one takes milliseconds.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier, Event
from random import Random
from typing import Any

import django
from django.apps import apps

if not apps.ready:
    os.environ["DJANGO_SETTINGS_MODULE"] = "ringfence.settings"
    django.setup()

from django.db import connection
from pyroaring import BitMap

from ringfence import access
from ringfence.access import OPERATOR, Refused
from ringfence.access.batches import save as saving
from ringfence.access.writing.tables.statements import Statements
from ringfence.core.commands import Command, On
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, group_subject

Start = Callable[..., ForkServerProcess]
"""`start`, for one test (the fixture of that name)."""
WAIT = 60
"""Seconds after which a process that should have answered is taken to hang."""


def context() -> ForkServerContext:
    """Starts processes that know nothing of this one but what they are given."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.access.child"])
    return found


def start(target: Any, *arguments: Any) -> ForkServerProcess:
    """A process that lives `target`; it dies with this one."""
    process = context().Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def grow(firm: int, seed: str, clients: int, acknowledged: Connection) -> None:
    """Bulk changes until killed; sends (version, group) for each once it is acknowledged."""
    rng = Random(seed)
    group = 0
    while True:
        some = BitMap(rng.sample(range(1, clients + 1), clients // 2))
        if group and rng.random() < 0.5:
            level = rng.choice((Level.READER, Level.OWNER))
            command: Command = w.SetGrant(to=(group_subject(group),), on=On(clients=some), level=level)
        else:
            name = f"Group {seed} {rng.random()}"
            command = w.CreateGroup(name=name, members=frozenset({1}), on=On(clients=some))
        try:
            done = access.execute(firm, command, actor=OPERATOR)
        except Refused:
            continue
        group = done.after.last_group
        acknowledged.send((done.version, group))


def add_groups(firm: int, name: str, count: int, together: Barrier, results: Connection) -> None:
    """So many groups, one command each, begun together with others; sends the versions."""
    together.wait(WAIT)
    versions = [
        access.execute(firm, w.CreateGroup(name=f"{name} {n}"), actor=OPERATOR).version for n in range(count)
    ]
    results.send(versions)


def try_once(firm: int, command: Command, together: Barrier, results: Connection) -> None:
    """One command, begun together with others; sends its version or the refusal's word."""
    access.firm_state(firm)
    together.wait(WAIT)
    try:
        results.send(access.execute(firm, command, actor=OPERATOR).version)
    except Refused as refused:
        results.send(refused.refusal.value)


def keep_asking(firm: int, acknowledged: "Synchronized[int]", stop: Event, results: Connection) -> None:
    """Ask for the state until told to stop; sends how often, and how often the answer was too old."""
    asked = stale = 0
    results.send("ready")
    while not stop.is_set():
        known = acknowledged.value
        view = access.firm_state(firm)
        asked += 1
        # Each entry after the first has made one group: the answer's content, not only its number.
        stale += view.version < known or view.moment.state.numbers.group < known
    results.send((asked, stale))


def open_records(firm: int, member: int, clients: int, together: Barrier, results: Connection) -> None:
    """The member opens each client's record, begun together with others; sends the versions it was shown."""
    view = access.firm_state(firm)
    together.wait(WAIT)
    for client in range(1, clients + 1):
        # Asked for before anybody noted anything, as by two tabs at once.
        results.send(access.open_record(view, member=member, client=client).version)
    results.send("done")


def save_a_list(firm: int, clients: int, stop: str, told: Connection, go_on: Connection) -> None:
    """So many clients in one list; says when it has come to `stop`, and goes on when it is told to.

    It stops with its rows brought `near` the firm that is not locked yet, or with all `written` under the
    lock; then says what became of it.
    """

    def halt(_version: int = 0) -> None:
        told.send(stop)
        go_on.recv()

    rows = tuple(w.ClientRow(name=f"Client {n}", reference=f"R{n}") for n in range(clients))
    batch = access.Batch("client.import", (w.ImportClients(rows=rows),))
    rehearsal = access.rehearse(firm, [batch], actor=OPERATOR, version=access.firm_state(firm).version)
    if stop == "near":
        _halt_when_near(halt)
    try:
        access.save(rehearsal, alongside=halt if stop == "written" else lambda _version: None)
    except access.Overtaken:
        told.send("overtaken")
    else:
        told.send("saved")


def _halt_when_near(halt: Callable[[], None]) -> None:
    """On PostgreSQL with the rows written before the lock, on SQLite with the rows in tables of its own."""
    near, ahead = vars(saving)["brought_near"], vars(saving)["run_ahead"]

    @contextmanager
    def brought_near(statements: Sequence[Statements], *, beside: int) -> Iterator[None]:
        with near(statements, beside=beside):
            if connection.vendor == "sqlite":
                halt()
            yield

    def run_ahead(statements: Sequence[Statements]) -> None:
        ahead(statements)
        if connection.vendor == "postgresql":
            halt()

    vars(saving).update(brought_near=brought_near, run_ahead=run_ahead)
