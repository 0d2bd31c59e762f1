"""Timers: each task waits once, comes round after its time, and what is over is forgotten."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.prune import prune
from ringfence.jobs.running import bring_near
from ringfence.jobs.schedule import TIMERS, Timer, set_timers
from tests.jobs import tasks
from tests.support.jobs import do_waiting, let_time_pass, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOURLY = (Timer(tasks.note_of_timer, timedelta(hours=1)),)


def test_a_timer_is_due_at_once_and_then_after_its_time() -> None:
    set_timers(HOURLY)
    set_timers(HOURLY)
    assert do_waiting() == 1
    set_timers(HOURLY)
    assert do_waiting() == 0
    let_time_pass(timedelta(hours=1))
    assert do_waiting() == 1


@pytest.mark.parametrize("passed", [timedelta(hours=2), timedelta(days=365)])
def test_a_clock_that_was_ahead_puts_no_timer_off(passed: timedelta) -> None:
    set_timers(HOURLY)
    do_waiting()
    let_time_pass(-passed)
    set_timers(HOURLY)
    bring_near()
    let_time_pass(timedelta(hours=1))
    assert do_waiting() == 1


def test_a_timer_that_waited_when_the_clock_was_ahead_comes_round() -> None:
    set_timers(HOURLY)
    let_time_pass(timedelta(days=-365))
    set_timers(HOURLY)
    bring_near()
    assert do_waiting() == 1


def test_every_timer_of_ours_can_be_done() -> None:
    set_timers()
    assert do_waiting() == len(TIMERS)
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


def test_done_tasks_are_forgotten_after_a_week_and_failed_ones_after_a_month() -> None:
    enqueue(tasks.note, 1)
    enqueue(tasks.give_up, 1)
    do_waiting()
    enqueue(tasks.lack, 1)
    for passed, left in ((6, 3), (2, 2), (23, 1), (100, 1)):
        let_time_pass(timedelta(days=passed))
        prune.call()
        assert DBTaskResult.objects.count() == left, passed
    assert [name for name, _ in waiting()] == ["lack"]
