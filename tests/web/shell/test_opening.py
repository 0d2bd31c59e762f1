"""Opening a client's record is in the ledger before anything in it is shown; what is refused is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.urls import reverse

from ringfence import access
from ringfence.access import firm_state
from ringfence.access.documents import write_document
from ringfence.core.commands.definitions import ChangeSettings, On, RaiseWall, SetGrant, TurnOn
from ringfence.core.events import RecordOpened
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import LedgerEntry
from tests.support.unwritable import unwritable_database
from tests.web.cast import (
    BAKER,
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    FORTUNE_VAT,
    OWEN,
    Cast,
    do,
    grouped,
)
from tests.web.reading import heading, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

RECORD, NOTE, CHANGE = "client", "note", "change-note"
ADDED = "It was agreed on Monday."


@pytest.fixture
def note(cast: Cast) -> UUID:
    """A note on Fortune 500's VAT, which is in a group with Cai alone; control is on."""
    grouped(cast.firm)
    return write_document(cast.firm, member=CAI, title="Call", text=ADDED, engagement=FORTUNE_VAT)


def at(cast: Cast, route: str, note: UUID | None = None, number: int = FORTUNE) -> str:
    return reverse(route, args=[cast.firm, number] + ([note] if route in (NOTE, CHANGE) else []))


def openings(cast: Cast) -> list[tuple[int | None, int]]:
    """Who opened which client, oldest first."""
    return [
        (entry.actor.member, event.client)
        for entry in access.entries(cast.firm)
        for event in entry.events
        if isinstance(event, RecordOpened)
    ]


def only_cai(cast: Cast) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    do(cast.firm, TurnOn())


@pytest.mark.parametrize("route", [RECORD, NOTE, CHANGE])
def test_every_page_that_shows_what_is_in_a_record_opens_it(
    route: str, cast: Cast, note: UUID, cai: PageClient
) -> None:
    assert cai.get(at(cast, route, note)).status_code == 200
    assert openings(cast) == [(CAI, FORTUNE)]


def test_sending_a_change_of_a_note_opens_its_record(cast: Cast, note: UUID, cai: PageClient) -> None:
    response = cai.post(at(cast, CHANGE, note), {"title": "Mine", "text": "Mine", "version": "7"})
    assert ADDED in text(response)
    assert openings(cast) == [(CAI, FORTUNE)]


def test_the_ledger_with_openings_is_whole(cast: Cast, cai: PageClient, dilys: PageClient) -> None:
    for client in (cai, dilys):
        client.get(at(cast, RECORD))
    assert openings(cast) == [(CAI, FORTUNE), (DILYS, FORTUNE)]
    assert access.verify(cast.firm).problems == ()


def test_going_on_in_a_record_is_one_opening(cast: Cast, note: UUID, cai: PageClient) -> None:
    for route in (RECORD, NOTE, CHANGE, RECORD):
        cai.get(at(cast, route, note))
    assert openings(cast) == [(CAI, FORTUNE)]


def test_reading_on_in_the_other_language_is_the_same_opening(cast: Cast, cai: PageClient) -> None:
    here = at(cast, RECORD)
    cai.get(here)
    response = cai.post(reverse("set_language"), {"language": "cy", "next": here}, follow=True)
    assert "Cyfeirnod" in text(response)
    assert openings(cast) == [(CAI, FORTUNE)]


def test_each_client_is_an_opening_of_its_own(cast: Cast, cai: PageClient) -> None:
    for number in (FORTUNE, BAKER):
        cai.get(at(cast, RECORD, number=number))
    assert openings(cast) == [(CAI, FORTUNE), (CAI, BAKER)]


def test_a_hidden_record_is_not_opened(cast: Cast, dilys: PageClient) -> None:
    only_cai(cast)
    assert dilys.get(at(cast, RECORD)).status_code == 404
    assert openings(cast) == []


def test_a_record_that_is_known_by_name_alone_is_not_opened(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"inaccessible": "named"}))
    only_cai(cast)
    assert dilys.get(at(cast, RECORD)).status_code == 403
    assert openings(cast) == []


def test_an_administrator_who_reads_who_has_access_opens_nothing(cast: Cast, owen: PageClient) -> None:
    only_cai(cast)
    assert owen.get(at(cast, "client-access")).status_code == 200
    assert owen.get(at(cast, RECORD)).status_code == 403
    assert openings(cast) == []


@pytest.mark.parametrize("route", ["why-me", "client-access"])
def test_who_may_open_a_record_and_why_is_not_what_is_in_it(route: str, cast: Cast, owen: PageClient) -> None:
    assert owen.get(at(cast, route)).status_code == 200
    assert openings(cast) == []


def test_the_list_and_an_empty_form_open_nothing(cast: Cast, cai: PageClient) -> None:
    cai.get(reverse("clients", args=[cast.firm]))
    cai.get(reverse("add-note", args=[cast.firm, FORTUNE, FORTUNE_VAT]))
    assert openings(cast) == []


@pytest.mark.parametrize("route", [NOTE, CHANGE])
def test_a_note_on_what_the_member_does_not_see_opens_nothing(
    route: str, cast: Cast, note: UUID, dilys: PageClient
) -> None:
    assert dilys.get(at(cast, route, note)).status_code == 404
    assert openings(cast) == []


def test_a_form_that_is_refused_to_a_reader_opens_nothing(cast: Cast, note: UUID, dilys: PageClient) -> None:
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.READER))
    assert dilys.get(at(cast, CHANGE, note)).status_code == 403
    assert openings(cast) == []


def test_another_firms_record_opens_nothing(cast: Cast, signed_in: Callable[[Cast, str], PageClient]) -> None:
    assert signed_in(cast, "Lena").get(at(cast, RECORD)).status_code == 404
    assert openings(cast) == []


@pytest.mark.parametrize("route", [RECORD, NOTE, CHANGE])
def test_asking_for_the_head_alone_is_not_answered(
    route: str, cast: Cast, note: UUID, cai: PageClient
) -> None:
    response = cai.head(at(cast, route, note))
    assert response.status_code == 405
    assert "HEAD" not in response["Allow"]
    assert openings(cast) == []


@pytest.mark.parametrize("route", [RECORD, NOTE, CHANGE])
@pytest.mark.parametrize(
    ("header", "purpose"),
    [("Sec-Purpose", "prefetch"), ("Sec-Purpose", "prefetch;prerender"), ("X-Moz", "prefetch")],
)
def test_nothing_is_loaded_before_a_person_asks(
    header: str, purpose: str, route: str, cast: Cast, note: UUID, cai: PageClient
) -> None:
    response = cai.get(at(cast, route, note), headers={header: purpose})
    assert (response.status_code, response.content) == (503, b"")
    assert openings(cast) == []


@pytest.mark.parametrize("route", [RECORD, NOTE, CHANGE])
def test_where_the_opening_cannot_be_written_nothing_is_shown(
    route: str, cast: Cast, note: UUID, cai: PageClient
) -> None:
    cai.raise_request_exception = False
    cai.get(reverse("clients", args=[cast.firm]))
    with unwritable_database():
        response = cai.get(at(cast, route, note))
    assert response.status_code == 503
    assert heading(response) == "Ringfence cannot answer at the moment"
    for part in ("Fortune 500", "GB 123 4567 89", ADDED):
        assert part not in response.content.decode()
    assert openings(cast) == []


def losing(cast: Cast, wall: bool = False) -> Any:
    """Dilys loses Fortune 500 after her page was asked for and before its opening is noted."""

    def opened(*arguments: Any, **named: Any) -> Any:
        if wall:
            sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({FORTUNE})))
            do(cast.firm, RaiseWall(name="Bid", sides=sides))
        else:
            do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.BLOCKED))
        return access.open_record(*arguments, **named)

    return patch("ringfence.web.shell.opening.open_record", side_effect=opened)


@pytest.mark.parametrize(("wall", "expected"), [(False, 403), (True, 404)])
def test_who_loses_a_client_while_the_page_is_made_is_refused(
    wall: bool, expected: int, cast: Cast, dilys: PageClient
) -> None:
    do(cast.firm, ChangeSettings(values={"inaccessible": "named"}))
    do(cast.firm, TurnOn())
    with losing(cast, wall):
        response = dilys.get(at(cast, RECORD))
    assert response.status_code == expected
    assert "GB 123 4567 89" not in response.content.decode()
    assert openings(cast) == []


def test_who_loses_a_client_while_its_note_is_read_is_refused(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, TurnOn())
    note = write_document(cast.firm, member=DILYS, title="Call", text=ADDED, engagement=FORTUNE_INCOME_TAX)
    with losing(cast):
        assert dilys.get(at(cast, NOTE, note)).status_code == 404
    assert openings(cast) == []


def test_records_opened_meanwhile_leave_a_confirmation_as_it_is(
    cast: Cast, owen: PageClient, cai: PageClient
) -> None:
    address = reverse("confirm-turn-on", args=[cast.firm])
    version = value(owen.get(address), "version")
    cai.get(at(cast, RECORD))
    owen.post(address, {"version": version, "answer": "yes"})
    assert firm_state(cast.firm).moment.state.settings.control


def test_what_was_changed_meanwhile_is_listed_without_the_records_opened(
    cast: Cast, owen: PageClient, cai: PageClient
) -> None:
    address = reverse("confirm-turn-on", args=[cast.firm])
    version = value(owen.get(address), "version")
    cai.get(at(cast, RECORD))
    do(cast.firm, SetGrant(to=(member_subject(OWEN),), on=On.client(BAKER), level=Level.EDITOR))
    shown = text(owen.post(address, {"version": version, "answer": "yes"}))
    assert "Access given" in shown
    assert "record" not in shown


def test_opening_a_record_writes_one_row_and_moves_the_firm_on_by_one(cast: Cast, cai: PageClient) -> None:
    before, rows = firm_state(cast.firm).version, LedgerEntry.objects.count()
    cai.get(at(cast, RECORD))
    assert firm_state(cast.firm).version == before + 1
    assert LedgerEntry.objects.count() == rows + 1
