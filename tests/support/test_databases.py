"""The databases that tests get: fresh, apart from one another, and with what was promised kept."""

import sqlite3

import psycopg
import pytest

from tests.support.databases import Databases, Engine
from tests.support.postgres import PostgresServer


def _run(database: str, statement: str) -> list[tuple[object, ...]]:
    if database.startswith("sqlite:///"):
        lite = sqlite3.connect(database.removeprefix("sqlite:///"))
        try:
            with lite:
                return lite.execute(statement).fetchall()
        finally:
            lite.close()
    with psycopg.connect(database) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_a_new_database_is_empty_and_takes_rows(empty_database: str) -> None:
    _run(empty_database, "CREATE TABLE thing (number integer)")
    _run(empty_database, "INSERT INTO thing VALUES (1)")
    assert _run(empty_database, "SELECT number FROM thing") == [(1,)]


def test_two_databases_share_nothing(empty_database: str, databases: Databases) -> None:
    other = databases.empty()
    _run(empty_database, "CREATE TABLE thing (number integer)")
    _run(other, "CREATE TABLE thing (number integer)")
    _run(empty_database, "INSERT INTO thing VALUES (1)")
    assert _run(other, "SELECT number FROM thing") == []


def test_the_engine_is_the_one_asked_for(empty_database: str, databases: Databases) -> None:
    scheme = {Engine.SQLITE: "sqlite:///", Engine.POSTGRESQL: "postgresql://"}[databases.engine]
    assert empty_database.startswith(scheme)


def test_a_commit_outlives_a_crash_of_the_server(durable_postgres: PostgresServer) -> None:
    database = durable_postgres.create_database("kept")
    _run(database, "CREATE TABLE thing (number integer)")
    durable_postgres.crash()
    durable_postgres.start()
    assert _run(database, "SELECT count(*) FROM thing") == [(0,)]


def test_a_durable_server_waits_for_the_disk(durable_postgres: PostgresServer) -> None:
    assert _run(durable_postgres.url(), "SHOW fsync") == [("on",)]


def test_a_stopped_server_refuses_connections(durable_postgres: PostgresServer) -> None:
    durable_postgres.stop()
    with pytest.raises(psycopg.OperationalError):
        _run(durable_postgres.url(), "SELECT 1")
