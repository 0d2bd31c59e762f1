"""Passwords are worked out one at a time, in a thread that gives way to pages; what is kept is Django's."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password

from ringfence.firms.yielding import YIELDING


def test_what_is_kept_is_djangos_own() -> None:
    kept = make_password("three unrelated words")
    _algorithm, iterations, salt, _hash = kept.split("$")
    assert kept == PBKDF2PasswordHasher().encode("three unrelated words", salt, int(iterations))
    assert check_password("three unrelated words", kept)
    assert not check_password("three unrelated word", kept)


def test_many_at_once_are_worked_out_one_after_the_other_in_a_thread_that_gives_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_work: list[int] = []
    most: list[int] = []
    priorities: set[int] = set()

    def encode(*given: object) -> str:
        at_work.append(1)
        most.append(len(at_work))
        priorities.add(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        time.sleep(0.01)
        at_work.pop()
        return "kept"

    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", encode)
    with ThreadPoolExecutor(5) as people:
        list(people.map(make_password, ["a", "b", "c", "d", "e"]))
    assert max(most) == 1
    assert priorities == {max(own, YIELDING)}
