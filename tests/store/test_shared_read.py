"""Callers who come while a round is on share the next one."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest

from ringfence.store.shared_read import SharedRead

PATIENCE = 30.0
"""Seconds after which a test gives up waiting for another thread."""


class Work:
    """Rounds that end when the test says so."""

    def __init__(self) -> None:
        self.rounds = 0
        self.begun = threading.Semaphore(0)
        self.finish = threading.Semaphore(0)

    def __call__(self) -> int:
        self.rounds += 1
        mine = self.rounds
        self.begun.release()
        assert self.finish.acquire(timeout=PATIENCE)
        return mine


def waiting(read: SharedRead[Any], callers: int) -> Callable[[], bool]:
    """Whether so many callers wait for the next round, the one who will do its work among them."""
    return lambda: read.waiting == callers


def until(true: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    tick = threading.Event()
    for _ in range(int(PATIENCE * 1000)):
        if true():
            return
        tick.wait(0.001)
    raise AssertionError("another thread did not get there")


def test_a_lone_caller_gets_the_result_of_a_round_of_their_own() -> None:
    read: SharedRead[str] = SharedRead()
    assert [read.take(lambda: "one"), read.take(lambda: "two")] == ["one", "two"]


def test_those_who_come_during_a_round_share_the_next() -> None:
    read: SharedRead[int] = SharedRead()
    work = Work()
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(read.take, work)
        assert work.begun.acquire(timeout=PATIENCE)
        later: list[Future[int]] = [pool.submit(read.take, work) for _ in range(5)]
        until(waiting(read, 5))
        work.finish.release(2)
        wait([first, *later], PATIENCE)
    assert first.result() == 1
    assert {future.result() for future in later} == {2}


def test_nobody_shares_a_round_that_began_before_they_came() -> None:
    read: SharedRead[int] = SharedRead()
    work = Work()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(read.take, work)
        assert work.begun.acquire(timeout=PATIENCE)
        second = pool.submit(read.take, work)
        until(waiting(read, 1))
        work.finish.release()
        assert first.result(PATIENCE) == 1
        work.finish.release()
        assert second.result(PATIENCE) == 2


def test_a_failed_round_makes_the_others_do_their_own_work() -> None:
    read: SharedRead[str] = SharedRead()
    work = Work()

    def broken() -> str:
        raise ConnectionError("gone")

    def slow() -> str:
        return str(work())

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(read.take, slow)
        assert work.begun.acquire(timeout=PATIENCE)
        leader = pool.submit(read.take, broken)
        until(waiting(read, 1))
        follower = pool.submit(read.take, lambda: "own")
        until(waiting(read, 2))
        work.finish.release()
        assert first.result(PATIENCE) == "1"
        with pytest.raises(ConnectionError):
            leader.result(PATIENCE)
        assert follower.result(PATIENCE) == "own"


def test_a_failed_round_does_not_block_the_next() -> None:
    read: SharedRead[str] = SharedRead()

    def broken() -> str:
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        read.take(broken)
    assert read.take(lambda: "fine") == "fine"
