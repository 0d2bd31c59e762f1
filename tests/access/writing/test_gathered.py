"""What one change writes goes out together, and nothing is read before what was written before it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ringfence.access.sql import rows_of
from ringfence.access.writing.tables.bulk import execute, execute_each, insert
from ringfence.access.writing.tables.gathered import gathered
from ringfence.firms.models import User
from tests.access.cast import Cast

pytestmark = pytest.mark.both_databases

NAMED = "UPDATE firms_member SET name = %s WHERE firm_id = %s AND number = %s"


def name_of(firm: int) -> str:
    ((name,),) = rows_of("SELECT name FROM firms_member WHERE firm_id = %s AND number = 1", firm)
    return str(name)


def test_statements_of_one_change_are_one_message_to_postgresql(firm: Cast) -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as counted, gathered():
        execute(NAMED, "50 % ; ' \\ %s", firm.firm, 1)
        execute_each(NAMED, [("Al", firm.firm, 2), ("Ed", firm.firm, 3)])
    assert len(counted) == (1 if connection.vendor == "postgresql" else 2)
    assert name_of(firm.firm) == "50 % ; ' \\ %s"


@pytest.mark.parametrize("asks", ["by us", "by Django"])
def test_who_reads_meanwhile_reads_what_was_written(firm: Cast, asks: str) -> None:
    with transaction.atomic(), gathered():
        execute(NAMED, "Al", firm.firm, 1)
        execute("UPDATE firms_user SET name = %s", "Al")
        if asks == "by us":
            assert name_of(firm.firm) == "Al"
        else:
            assert set(User.objects.values_list("name", flat=True)) == {"Al"}


def test_rows_that_are_copied_come_after_what_was_written_before(firm: Cast) -> None:
    columns = ("entry", "thing", "first", "last")
    with transaction.atomic(), gathered():
        execute("DELETE FROM firms_ledgermention WHERE firm_id = %s", firm.firm)
        insert("firms_ledgermention", columns, [(1, "member", n, n) for n in range(1, 20)], firm_id=firm.firm)
    assert rows_of("SELECT count(*) FROM firms_ledgermention WHERE firm_id = %s", firm.firm) == [(19,)]


def test_what_the_database_refuses_undoes_all_of_it(firm: Cast) -> None:
    before = name_of(firm.firm)

    def work() -> None:
        with transaction.atomic(), gathered():
            execute(NAMED, "Al", firm.firm, 1)
            execute("UPDATE firms_member SET role = NULL WHERE firm_id = %s", firm.firm)

    with pytest.raises(IntegrityError):
        work()
    assert name_of(firm.firm) == before


def test_nothing_is_held_once_it_has_ended(firm: Cast) -> None:
    def work() -> None:
        with gathered():
            execute(NAMED, "Al", firm.firm, 1)
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        work()
    execute(NAMED, "Ed", firm.firm, 1)
    assert name_of(firm.firm) == "Ed"
