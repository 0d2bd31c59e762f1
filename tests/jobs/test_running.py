"""What is not done is tried again after pauses that grow, and fails in the end; nothing personal stays."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from ringfence.jobs import running
from ringfence.jobs.enqueue import Track, enqueue
from ringfence.jobs.running import (
    LONGEST_PAUSE,
    LOST,
    MOST_ATTEMPTS,
    AtWork,
    Row,
    do_next,
    pause,
    put_back_lost,
    retry_failed,
    sign,
)
from tests.jobs import tasks
from tests.support.jobs import do_waiting, let_time_pass

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def row() -> Row:
    return DBTaskResult.objects.get()


def test_each_track_does_its_own_tasks() -> None:
    enqueue(tasks.note, 1)
    enqueue(tasks.note_long, 2)
    assert not do_next(Track.MAIL, "test", AtWork())
    assert do_next(Track.LONG, "test", AtWork())
    assert tasks.DONE == [(2,)]


def test_what_is_lacking_is_tried_again_after_a_pause() -> None:
    enqueue(tasks.lack, 1)
    assert do_waiting() == 1
    assert row().status == "READY"
    assert row().run_after > timezone.now() + timedelta(seconds=10)
    let_time_pass(pause(1))
    assert do_waiting() == 1
    let_time_pass(pause(1))
    assert do_waiting() == 0


def test_pauses_grow_up_to_an_hour() -> None:
    pauses = [pause(attempts).total_seconds() for attempts in range(1, MOST_ATTEMPTS)]
    assert pauses[:4] == [15, 60, 240, 960]
    assert set(pauses[4:]) == {LONGEST_PAUSE}
    assert 1.9 < sum(pauses) / 86_400 < 2.1


def test_after_the_last_attempt_it_has_failed_until_somebody_has_it_tried_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    enqueue(tasks.lack, 1)
    for _ in range(MOST_ATTEMPTS):
        assert do_waiting() == 1
        let_time_pass(timedelta(hours=1))
    assert row().status == "FAILED"
    assert do_waiting() == 0
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2, "it is told the first time and the last"
    assert "it has failed" in said[1]
    assert retry_failed() == 1
    assert do_waiting() == 1
    assert row().status == "READY"


def test_what_gives_up_has_failed_at_once() -> None:
    enqueue(tasks.give_up, 1)
    do_waiting()
    assert row().status == "FAILED"


@pytest.mark.parametrize("work", [tasks.lack, tasks.give_up, tasks.break_down])
def test_of_a_fault_its_kind_alone_is_kept_and_told(
    work: Task[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    enqueue(work, 1)
    try:
        do_waiting()
    except ZeroDivisionError as fault:
        kind = type(fault).__qualname__
    else:
        kind = "ringfence.jobs.faults"
    assert kind in row().exception_class_path
    kept = " ".join(str(value) for value in DBTaskResult.objects.values_list().get())
    said = capsys.readouterr().err
    assert "dilys" not in kept + said
    assert f"of house: {row().exception_class_path}" in said


def test_a_fault_of_ours_is_raised_and_tried_again() -> None:
    enqueue(tasks.break_down, 1)
    with pytest.raises(ZeroDivisionError):
        do_waiting()
    assert row().status == "READY"


def test_a_task_that_this_ringfence_does_not_know_waits() -> None:
    enqueue(tasks.note, 1)
    DBTaskResult.objects.update(task_path="ringfence.jobs.of_a_newer_one.task")
    do_waiting()
    assert row().status == "READY"
    DBTaskResult.objects.update(task_path=tasks.note.module_path)
    let_time_pass(pause(1))
    do_waiting()
    assert tasks.DONE == [(1,)]


def take() -> None:
    """Take the task as a process does that is killed before it has done it."""
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=["killed"])


def test_what_a_killed_process_had_taken_is_put_back_and_done() -> None:
    enqueue(tasks.note, 1)
    take()
    put_back_lost()
    assert row().status == "RUNNING", "it may still be at work"
    let_time_pass(LOST)
    put_back_lost()
    let_time_pass(pause(1))
    assert do_waiting() == 1
    assert tasks.DONE == [(1,)]


def test_what_a_killed_process_had_taken_by_a_clock_that_was_ahead_is_put_back() -> None:
    enqueue(tasks.note, 1)
    take()
    let_time_pass(timedelta(days=-365))
    put_back_lost()
    assert row().status == "READY"


def test_firms_take_turns_and_of_each_what_waits_longest_is_done_first() -> None:
    for number in (1, 2, 3):
        enqueue(tasks.note_of_firm, 7, number)
    enqueue(tasks.note_of_firm, 8, 4)
    enqueue(tasks.note, 5)
    assert do_waiting() == 5
    assert tasks.DONE == [(7, 1), (8, 4), (5,), (7, 2), (7, 3)]


def test_where_more_firms_wait_than_are_passed_over_none_waits_for_all_tasks_of_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "MOST_TURNS", 2)
    for turn in (1, 2):
        for firm in (7, 8, 9):
            enqueue(tasks.note_of_firm, firm, turn)
    enqueue(tasks.note_of_firm, 9, 3)
    do_waiting()
    assert tasks.DONE == [(7, 1), (8, 1), (9, 1), (7, 2), (8, 2), (9, 2), (9, 3)]


def test_what_kills_every_process_fails_in_the_end() -> None:
    enqueue(tasks.note, 1)
    take()
    DBTaskResult.objects.update(worker_ids=["killed"] * MOST_ATTEMPTS)
    let_time_pass(LOST)
    put_back_lost()
    assert row().status == "FAILED"


def test_a_task_that_is_signed_for_is_not_put_back() -> None:
    enqueue(tasks.note, 1)
    take()
    at_work = AtWork()
    at_work.begin(Track.SHORT, row().pk)
    let_time_pass(LOST)
    sign(at_work)
    put_back_lost()
    assert row().status == "RUNNING"


def test_of_two_who_take_a_task_one_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    enqueue(tasks.note, 1)
    found = row()
    take()
    # As one that looked a moment before the other took it.
    monkeypatch.setattr(
        DBTaskResult.objects,
        "ready",
        lambda: type(
            "Found",
            (),
            {
                "exists": lambda self: True,
                "filter": lambda self, **_: self,
                "exclude": lambda self, **_: self,
                "first": lambda self: found,
            },
        )(),
    )
    assert not do_next(Track.SHORT, "late", AtWork())
    assert tasks.DONE == []
