"""A list saved beside other processes: killed it leaves nothing, and nobody else is given its numbers."""

import threading

import pytest
from django.db import connection

from ringfence import access
from ringfence.access import OPERATOR
from ringfence.core.commands import definitions as w
from ringfence.firms.models import Client, Engagement, LedgerBlock
from tests.access import child
from tests.access.cast import Cast
from tests.access.child import Start
from tests.access.test_processes import pipe, received

pytestmark = pytest.mark.both_databases

MANY = 6_000
"""Clients, as many as SQLite copies from a table of its own."""


def rows_there(firm: Cast) -> tuple[int, int, int]:
    """Clients, engagements and blocks of words."""
    clients, engagements = Client.objects.filter(firm=firm.firm), Engagement.objects.filter(firm=firm.firm)
    return clients.count(), engagements.count(), LedgerBlock.objects.filter(firm=firm.firm).count()


def test_a_process_killed_while_it_saves_a_list_leaves_nothing(shared: Cast, start: Start) -> None:
    told, tell = pipe()
    _, never = pipe()
    process = start(child.save_a_list, shared.firm, MANY, "written", tell, never)
    assert received(told) == "written"
    process.kill()
    process.join(child.WAIT)
    assert rows_there(shared) == (0, 0, 0)
    assert shared.view.version == 1
    assert list(shared.clients(3)) == [1, 2, 3]
    assert access.verify(shared.firm).problems == ()


def test_who_adds_a_client_meanwhile_gets_the_number_after_the_list(shared: Cast, start: Start) -> None:
    told, tell = pipe()
    go_on, going_on = pipe()
    start(child.save_a_list, shared.firm, MANY, "written", tell, go_on)
    assert received(told) == "written"
    given: list[int] = []

    def add() -> None:
        given.append(shared.client("Boots", reference="BOOTS"))
        connection.close()

    adding = threading.Thread(target=add)
    adding.start()
    adding.join(0.3)
    assert given == []
    going_on.send(True)
    adding.join(child.WAIT)
    assert received(told) == "saved"
    assert given == [MANY + 1]
    assert access.verify(shared.firm).problems == ()


def test_a_firm_that_changes_while_the_rows_come_near_keeps_the_list_from_being_saved(
    shared: Cast, start: Start
) -> None:
    told, tell = pipe()
    go_on, going_on = pipe()
    start(child.save_a_list, shared.firm, MANY, "near", tell, go_on)
    assert received(told) == "near"
    # Nobody waits for rows that are not in the firm yet.
    access.execute(shared.firm, w.AddMember(name="Bob"), actor=OPERATOR)
    going_on.send(True)
    assert received(told) == "overtaken"
    assert rows_there(shared) == (0, 0, 0)
    assert access.verify(shared.firm).problems == ()
