"""The databases that tests get: fresh, apart from one another, and with what was promised kept."""

import os
import sqlite3

import psycopg
import pytest
from django.db import connection

from tests.support.databases import Databases, Engine
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.both_databases


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


def test_a_migrated_database_has_every_table(migrated_database: str) -> None:
    assert _run(migrated_database, "SELECT count(*) FROM django_migrations") != [(0,)]


def test_migrated_databases_share_nothing(migrated_database: str, databases: Databases) -> None:
    other = databases.migrated()
    _run(migrated_database, "DELETE FROM django_migrations")
    assert _run(other, "SELECT count(*) FROM django_migrations") != [(0,)]


@pytest.mark.django_db
def test_django_opens_the_database_of_the_environment() -> None:
    name = str(connection.settings_dict["NAME"])
    assert os.environ["RINGFENCE_DATABASE"].endswith(name)
