"""Real processes killed in the middle: nothing is left undone, and nothing is done twice."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from ringfence.access import OPERATOR, Actor, create_firm, execute
from ringfence.access.ledger.telling import nothing_to_tell
from ringfence.access.notices import NoticeKind
from ringfence.core.commands.definitions import (
    AddClient,
    AddMember,
    ChangeSettings,
    ClientRow,
    On,
    OpenRequest,
    RemoveGrant,
    SetGrant,
    TurnOn,
)
from ringfence.core.terms import Level, member_subject
from ringfence.firms.models import Firm, Notice, Request, User
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.running import LOST, pause
from ringfence.jobs.send_password_link import send_password_link
from tests.cli.children import COMMAND, environment
from tests.cli.processes.test_supervisor import SECONDS, until
from tests.support.jobs import let_time_pass
from tests.support.mail_server import MailServer, mail_server
from tests.support.repository import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
OWEN, DILYS, ACME = 1, 2, 1


@contextmanager
def working(folder: Path, server: MailServer | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """`ringfence jobs` on the database of the test, from its start; told to stop in the end."""
    more = (
        {
            "RINGFENCE_MAIL_HOST": "127.0.0.1",
            "RINGFENCE_MAIL_PORT": str(server.port),
            "RINGFENCE_MAIL_TLS": "none",
            "RINGFENCE_ADDRESS": "https://ringfence.example",
        }
        if server
        else {}
    )
    process = subprocess.Popen(
        [*COMMAND, "jobs"],
        env=environment(settings.DATABASE_URL, folder, **more),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)


@pytest.fixture
def firm() -> int:
    """A firm of Owen's, where Dilys works and may ask for Acme."""
    founded = create_firm("Pike", "kyc", admin_email="owen@pike.example", admin_name="Owen").firm
    for command in (
        AddMember(name="Dilys", email="dilys@pike.example"),
        AddClient(client=ClientRow(name="Acme", grants=())),
        ChangeSettings(values={"requests": True, "unassigned": "none", "on_activation": "leave"}),
        TurnOn(),
    ):
        execute(founded, command, actor=OPERATOR)
    nothing_to_tell()
    return founded


def test_a_mail_whose_process_was_killed_while_the_server_was_silent_is_sent_once(tmp_path: Path) -> None:
    user = User.objects.create(email="dilys@pike.example")
    tasks = DBTaskResult.objects.filter(task_path__endswith="send_password_link")
    with mail_server() as server:
        server.may_answer.clear()
        with override_settings(SENDS_MAIL=True):
            enqueue(send_password_link, user.pk, 0)
        with working(tmp_path, server) as process:
            until(tasks.filter(status="RUNNING").exists)
            process.kill()
            process.wait(SECONDS)
        server.may_answer.set()
        let_time_pass(LOST)
        with working(tmp_path, server):
            until(tasks.filter(status="READY").exists)
            let_time_pass(pause(1))
            until(tasks.filter(status="SUCCESSFUL").exists)
        assert len(server.received) == 1


def test_every_change_is_told_once_though_who_told_was_killed(firm: int, tmp_path: Path) -> None:
    to, on = (member_subject(DILYS),), On.client(ACME)
    entries = []
    for turn in range(60):
        command = RemoveGrant(to=to, on=on) if turn % 2 else SetGrant(to=to, on=on, level=Level.EDITOR)
        # What one person does at once is one change to those who are told.
        actor = Actor(OWEN) if turn % 2 else OPERATOR
        entries.append(execute(firm, command, actor=actor).version)
    told = Firm.objects.filter(pk=firm)
    with working(tmp_path) as process:
        until(told.filter(told__gte=entries[3]).exists)
        process.kill()
        process.wait(SECONDS)
    assert told.filter(told__lt=entries[-1]).exists(), "it was killed too late to show anything"
    with working(tmp_path), working(tmp_path):
        until(told.filter(told=entries[-1]).exists)
    found = Notice.objects.filter(firm=firm, member=DILYS).order_by("number")
    assert list(found.values_list("entry", flat=True)) == entries


def test_two_processes_remind_of_a_request_once(firm: int, tmp_path: Path) -> None:
    asks = OpenRequest(client=ACME, reason="The year end")
    execute(firm, asks, actor=Actor(DILYS))
    nothing_to_tell()
    row = Request.objects.get(firm=firm)
    Request.objects.filter(pk=row.pk).update(opened_at=row.opened_at - 3 * 24 * 3600 * 1_000_000)
    done = DBTaskResult.objects.filter(task_path__endswith="remind_of_requests", status="SUCCESSFUL")
    with working(tmp_path), working(tmp_path):
        until(done.exists)
    reminded = Notice.objects.filter(firm=firm, kind=NoticeKind.REQUEST_WAITS)
    assert list(reminded.values_list("member", flat=True)) == [OWEN]
