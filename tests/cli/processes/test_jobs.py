"""`ringfence jobs status` and `retry`, what `doctor` says of background work, what a backup leaves out."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from django_tasks_db.models import DBTaskResult

from ringfence.access import OPERATOR, create_firm, execute
from ringfence.cli.doctor.database_looks import jobs
from ringfence.core.commands.definitions import TurnOn
from ringfence.firms.models import Firm, User
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.tell_changes import Ledgers
from tests.cli.listing import succeed
from tests.jobs import tasks
from tests.support.jobs import do_waiting, let_time_pass, waiting

pytestmark = pytest.mark.django_db


def test_status_counts_what_waits_and_what_failed() -> None:
    assert succeed("jobs", "status") == "There is no background work.\n"
    enqueue(tasks.give_up, 1)
    do_waiting()
    enqueue(tasks.note, 1)
    enqueue(tasks.note, 2)
    found = json.loads(succeed("jobs", "status", "--json"))
    assert [(each["task"], each["status"], each["count"], each["fault"]) for each in found["tasks"]] == [
        ("give_up", "failed", 1, "GiveUp"),
        ("note", "waiting", 2, ""),
    ]
    assert not found["nobody_works"]
    assert "GiveUp" in succeed("jobs", "status")


def test_status_says_that_nobody_does_what_is_due() -> None:
    enqueue(tasks.note, 1)
    let_time_pass(timedelta(minutes=3))
    assert "Nobody does it" in succeed("jobs", "status")


def test_retry_has_what_failed_done_again() -> None:
    enqueue(tasks.give_up, 1)
    do_waiting()
    assert succeed("jobs", "retry") == "1 task will be tried again.\n"
    assert waiting() == [("give_up", [1])]


@pytest.mark.parametrize(
    ("failing", "passed", "verdict", "said"),
    [
        (False, 0, "good", "1 task waiting"),
        (False, 3, "wrong", "ringfence jobs"),
        (True, 0, "look at", "retry"),
    ],
)
def test_doctor_says_how_background_work_stands(failing: bool, passed: int, verdict: str, said: str) -> None:
    enqueue(tasks.give_up if failing else tasks.note, 1)
    if failing:
        do_waiting()
    let_time_pass(timedelta(minutes=passed))
    (found,) = jobs()
    assert (found.verdict.value, said in found.text) == (verdict, True)


def test_a_restored_firm_sends_nothing_that_waited_or_was_told_before(tmp_path: Path) -> None:
    firm = create_firm("Ace Agents", "agency", admin_email="alphie@ace.example").firm
    execute(firm, TurnOn(), actor=OPERATOR)
    enqueue(tasks.note_of_firm, firm, 1)
    backup = tmp_path / "backup.zip"
    succeed("backup", backup)
    assert not [name for name in zipfile.ZipFile(backup).namelist() if "task" in name]
    Firm.objects.all().delete()
    DBTaskResult.objects.all().delete()
    User.objects.all().delete()
    succeed("restore", backup)
    Ledgers().tell()
    assert waiting() == []
    assert not Firm.objects.exclude(told=F("version")).exists()
