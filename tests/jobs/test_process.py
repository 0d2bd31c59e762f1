"""A jobs process as a process: it disturbs no writer, and what a killed one had taken another one does."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from ringfence.embedded.base import DatabaseWrapper
from ringfence.firms.models import User
from ringfence.jobs.enqueue import Track, enqueue
from ringfence.jobs.process import HANGS, LONGEST_SECONDS, JobsProcess
from ringfence.jobs.running import LOST, AtWork, do_next, pause
from ringfence.jobs.tell_changes import Ledgers
from tests.cli.children import COMMAND, environment
from tests.cli.processes.test_supervisor import SECONDS, until
from tests.jobs import tasks
from tests.support.jobs import let_time_pass
from tests.support.repository import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def working(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """`ringfence jobs` on the database of the test."""
    process = subprocess.Popen(
        [*COMMAND, "jobs"],
        env=environment(settings.DATABASE_URL, folder),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert any(line.startswith("Background work is done here") for line in process.stdout)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)


def test_what_a_killed_process_was_at_another_does(tmp_path: Path) -> None:
    enqueue(tasks.hang_the_first_time, 4711)
    with working(tmp_path) as process:
        until((tmp_path / "4711").exists)
        process.kill()
        process.wait(SECONDS)
    hanging = DBTaskResult.objects.filter(task_path=tasks.hang_the_first_time.module_path)
    assert hanging.get().status == "RUNNING"
    let_time_pass(LOST + pause(1))
    with working(tmp_path):
        until(
            lambda: DBTaskResult.objects.filter(
                task_path__endswith="hang_the_first_time", status="READY"
            ).exists()
        )
        let_time_pass(pause(1))
        until(User.objects.filter(email="4711@pike.example").exists)


def test_a_process_that_is_told_to_stop_ends_with_exit_code_0(tmp_path: Path) -> None:
    with working(tmp_path) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0


@contextmanager
def a_writer() -> Iterator[None]:
    """Somebody who holds SQLite's write lock, and one of us who would not wait for it."""
    other = DatabaseWrapper({**connection.settings_dict, "OPTIONS": connection.settings_dict["OPTIONS"]})
    other.inc_thread_sharing()
    try:
        with other.cursor() as writer, connection.cursor() as ours:
            ours.execute("PRAGMA busy_timeout=0")
            writer.execute("BEGIN IMMEDIATE")
            yield
            writer.execute("ROLLBACK")
    finally:
        other.close()
        connection.close()


def test_looking_for_work_waits_for_no_writer_and_keeps_none_waiting() -> None:
    with a_writer():
        for track in Track:
            assert not do_next(track, "test", AtWork())
        assert not connection.in_atomic_block


def test_nothing_is_written_while_there_is_nothing_to_do() -> None:
    process = JobsProcess()
    assert process._keep_house()
    with a_writer():
        assert process._keep_house()


def test_a_task_that_hangs_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    process = JobsProcess()
    process.at_work.begin(Track.SHORT, uuid4())
    process._end_where_it_hangs()
    assert ended == []
    monkeypatch.setitem(LONGEST_SECONDS, Track.SHORT, 0)
    process._end_where_it_hangs()
    assert ended == [HANGS]


def test_a_fault_of_ours_ends_no_track(tmp_path: Path) -> None:
    enqueue(tasks.break_down, 1)
    enqueue(tasks.hang_the_first_time, 4712)
    (tmp_path / "4712").touch()
    with working(tmp_path) as process:
        until(User.objects.filter(email="4712@pike.example").exists)
        assert process.poll() is None


def test_a_fault_in_one_firms_endings_keeps_nobodys_mails_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def fails() -> None:
        raise ValueError("a ledger that cannot be read")

    def tells(self: Ledgers) -> None:
        told.append("told")
        process.stop()

    monkeypatch.setattr("ringfence.jobs.process.note_all_endings", fails)
    monkeypatch.setattr(Ledgers, "tell", tells)
    process = JobsProcess()
    process._work(Track.SHORT)
    assert told == ["told"]
