"""What is counted lies in a plain table, as JSON, until its time is over; else it is an error."""

from __future__ import annotations

import json
import time
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection

from ringfence.firms.models import Attempt
from ringfence.web.shell.attempts import LONGEST
from tests.support.unwritable import unwritable_database

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_what_was_set_is_there_until_its_time_is_over() -> None:
    cache.set("wrong", [1.5, 2], timeout=60)
    assert cache.get("wrong") == [1.5, 2]
    with patch("time.time", return_value=time.time() + 61):
        assert cache.get("wrong") is None


def test_of_two_who_add_the_same_one_does() -> None:
    assert cache.add("lock", True, timeout=60)
    assert not cache.add("lock", True, timeout=60)
    cache.delete("lock")
    assert cache.add("lock", True, timeout=60)


def test_what_is_over_is_added_anew() -> None:
    assert cache.add("lock", "first", timeout=60)
    with patch("time.time", return_value=time.time() + 61):
        assert cache.add("lock", "second", timeout=60)
        assert cache.get("lock") == "second"


def test_what_is_over_leaves_the_table_with_the_next_write() -> None:
    cache.set("old", 1, timeout=60)
    with patch("time.time", return_value=time.time() + 61):
        cache.set("new", 1, timeout=60)
    assert Attempt.objects.count() == 1


def test_a_row_holds_json_and_no_word_of_its_key() -> None:
    cache.set("login_failed:192.0.2.1", [1.5], timeout=60)
    (row,) = Attempt.objects.all()
    assert json.loads(row.value) == [1.5]
    assert "192.0.2.1" not in row.key


def test_what_somebody_else_wrote_into_the_table_is_read_and_never_run() -> None:
    cache.set("wrong", 1, timeout=60)
    Attempt.objects.update(value="gASVCwAAAAAAAABLAYWULg==")
    with pytest.raises(json.JSONDecodeError):
        cache.get("wrong")


def test_touching_lets_it_last(db: None) -> None:
    cache.set("wrong", 1, timeout=60)
    assert cache.touch("wrong", timeout=600)
    with patch("time.time", return_value=time.time() + 300):
        assert cache.get("wrong") == 1
    assert not cache.touch("never", timeout=600)


def test_what_cannot_be_counted_is_an_error() -> None:
    with unwritable_database(), pytest.raises(DatabaseError):
        cache.add("lock", True, timeout=60)
    connection.close_if_unusable_or_obsolete()


def test_what_a_clock_that_was_ahead_has_counted_holds_nobody_up_for_ever() -> None:
    with patch("time.time", return_value=time.time() + 365 * 86_400):
        cache.set("wrong", [1.0], timeout=300)
        assert cache.add("wrong:lock", True, timeout=10)
    assert cache.get("wrong") is None
    assert cache.add("wrong:lock", True, timeout=10)
    assert not cache.add("wrong:lock", True, timeout=10)


def test_what_is_to_last_for_long_lasts_a_day_and_an_hour() -> None:
    cache.set("token", 1, timeout=10 * 365 * 86_400)
    assert cache.get("token") == 1
    with patch("time.time", return_value=time.time() + LONGEST + 1):
        assert cache.get("token") is None
