"""What a database that is away is told as, whichever of Django and its driver says so."""

import sqlite3

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection

from ringfence.access.connection import answering, does_not_answer, going_through
from ringfence.access.tokens import place_of
from ringfence.store.sources import StateUnavailable


@pytest.mark.parametrize(
    "error",
    [OperationalError("gone"), sqlite3.OperationalError("gone"), psycopg.OperationalError("gone")],
)
def test_whoever_says_that_it_is_away_is_believed(error: Exception) -> None:
    assert does_not_answer(error)


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("no"),
        sqlite3.IntegrityError("no"),
        psycopg.errors.UniqueViolation("no"),
        KeyError("no"),
    ],
)
def test_what_it_refuses_is_no_absence(error: Exception) -> None:
    assert not does_not_answer(error)


def test_a_token_that_cannot_be_looked_up_is_no_unknown_token(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_arguments: object) -> object:
        raise psycopg.OperationalError("the server has gone")

    monkeypatch.setattr("ringfence.access.tokens.token_place", gone)
    with pytest.raises(StateUnavailable):
        place_of(b"any")


def test_a_refusal_of_the_driver_stays_what_it_is() -> None:
    with pytest.raises(sqlite3.IntegrityError), answering():
        raise sqlite3.IntegrityError("no")


def _kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        return int(cursor.fetchone()[0])


def test_who_goes_through_a_firm_keeps_few_pages_of_it_and_no_fewer_later(transactional_db: None) -> None:
    before = _kept()
    with going_through():
        assert abs(_kept()) < abs(before)
    assert _kept() == before


def test_who_fails_on_the_way_through_keeps_no_fewer_pages_later(transactional_db: None) -> None:
    before = _kept()
    with pytest.raises(KeyError), going_through():
        raise KeyError
    assert _kept() == before


def test_a_transaction_that_is_open_keeps_its_pages(db: None) -> None:
    before = _kept()
    with going_through():
        assert _kept() == before
