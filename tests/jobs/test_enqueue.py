"""A task waits in the database, as numbers alone, where the change that asked for it was committed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ringfence.jobs.enqueue import enqueue
from tests.jobs import tasks
from tests.support.jobs import do_waiting, let_time_pass, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_task_is_done_once_with_its_numbers() -> None:
    assert enqueue(tasks.note, 7, 11)
    assert waiting() == [("note", [7, 11])]
    assert do_waiting() == 1
    assert tasks.DONE == [(7, 11)]
    assert do_waiting() == 0


def test_a_change_that_is_rolled_back_leaves_no_task_behind() -> None:
    with transaction.atomic():
        enqueue(tasks.note, 7)
        transaction.set_rollback(True)
    assert waiting() == []


@pytest.mark.parametrize("argument", ["dilys@pike.example", 1.5, True, None, {1: 2}, [1]])
def test_what_is_no_whole_number_is_no_argument(argument: Any) -> None:
    with pytest.raises(TypeError):
        enqueue(tasks.note, argument)
    assert waiting() == []


def test_as_many_arguments_are_needed_as_the_task_takes() -> None:
    with pytest.raises(TypeError):
        enqueue(tasks.note_of_firm, 7)
    assert waiting() == []


def test_what_a_task_returns_is_not_kept_and_does_no_harm() -> None:
    enqueue(tasks.answer, 7)
    do_waiting()
    row = DBTaskResult.objects.get()
    assert (row.status, row.return_value) == ("SUCCESSFUL", None)


def test_a_task_is_not_done_before_its_time() -> None:
    enqueue(tasks.note, 7, run_after=timezone.now() + timedelta(hours=1))
    assert do_waiting() == 0
    let_time_pass(timedelta(hours=1))
    assert do_waiting() == 1


def test_what_has_waited_longest_is_done_first() -> None:
    for number in (3, 1, 2):
        enqueue(tasks.note, number)
    do_waiting()
    assert tasks.DONE == [(3,), (1,), (2,)]


def test_a_task_of_a_firm_stands_in_its_queue() -> None:
    enqueue(tasks.note_of_firm, 7, 11)
    enqueue(tasks.note, 7)
    assert {row.queue_name for row in DBTaskResult.objects.all()} == {"firm-7", "house"}


def test_where_no_mail_is_sent_none_waits() -> None:
    with override_settings(SENDS_MAIL=False):
        assert not enqueue(tasks.note_mail, 7)
        assert enqueue(tasks.note, 7)
    assert waiting() == [("note", [7])]
