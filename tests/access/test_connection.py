"""What a database that is away is told as, whichever of Django and its driver says so."""

import sqlite3

import psycopg
import pytest
from django.db import IntegrityError, OperationalError

from ringfence.access.connection import answering, does_not_answer
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
