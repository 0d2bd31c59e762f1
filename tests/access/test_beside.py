"""Work in a process beside this one: what it comes to arrives, what is lost is said, and nothing is left."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import transaction

from ringfence.access.beside import ProcessBeside, once, room_beside
from ringfence.firms.models import Firm
from tests.access.cast import Cast

pytestmark = pytest.mark.both_databases


def named(firm: int) -> str:
    return Firm.objects.get(pk=firm).name


def killed() -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 1


def stumbling() -> Iterator[int]:
    yield from (1, 2)
    raise RuntimeError


def long() -> None:
    time.sleep(600)


def test_what_was_read_beside_arrives_here(shared: Cast) -> None:
    with ProcessBeside(partial(once, partial(named, shared.firm))) as other:
        here = named(shared.firm)
        assert other.result() == here


def test_it_is_heard_as_it_comes_and_in_order(shared: Cast) -> None:
    with ProcessBeside(partial(range, 5)) as other:
        assert list(other) == [0, 1, 2, 3, 4]


def test_work_that_raises_on_its_way_is_lost_after_what_it_brought(shared: Cast) -> None:
    with ProcessBeside(stumbling) as other:
        heard = iter(other)
        assert [next(heard), next(heard)] == [1, 2]
        with pytest.raises(EOFError):
            next(heard)


def test_work_that_raises_is_lost(shared: Cast) -> None:
    with ProcessBeside(partial(once, partial(named, shared.firm + 1))) as other, pytest.raises(EOFError):
        other.result()


def test_work_whose_process_is_killed_is_lost(shared: Cast) -> None:
    with ProcessBeside(partial(once, killed)) as other, pytest.raises(EOFError):
        other.result()


def test_work_that_nobody_waits_for_any_more_is_ended(shared: Cast) -> None:
    with ProcessBeside(partial(once, long)) as other:
        process = other.process
        os.kill(process, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_one_core_has_no_room(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1})
    assert room_beside()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0})
    assert not room_beside()


def test_a_process_with_threads_has_no_room(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1})
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert not room_beside()


def test_an_open_transaction_has_no_room(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1})
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    with transaction.atomic():
        assert not room_beside()
