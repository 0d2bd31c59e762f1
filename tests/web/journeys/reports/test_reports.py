"""Reports: what a firm should look at, and refused attempts."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import entries, firm_state
from ringfence.core.commands.definitions import (
    AddClient,
    ChangeClient,
    ChangeSettings,
    ClientRow,
    DeactivateMember,
    On,
    SetGrant,
    TurnOff,
    TurnOn,
)
from ringfence.core.terms import Level, member_subject
from tests.web.cast import CAI, FORTUNE, Cast, do, grouped
from tests.web.reading import heading, link, text, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.checks import PageClient


def at(cast: Cast, route: str, *args: object) -> str:
    return reverse(route, args=[cast.firm, *args])


@pytest.fixture
def controlled(cast: Cast) -> Cast:
    """Control is on, and nothing was given to anybody."""
    do(cast.firm, TurnOn())
    return cast


def leave_to_cai(cast: Cast) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))


def test_every_report_is_listed_with_its_number(controlled: Cast, owen: PageClient) -> None:
    leave_to_cai(controlled)
    do(controlled.firm, ChangeClient(client=FORTUNE, confidential=True))
    shown = text(owen.get(at(controlled, "reports")))
    assert "Closed to everybody Clients that nobody can open, with what closes them. 0 clients" in shown
    assert "With one holder Clients that only one person can open. 1 client" in shown
    assert "Confidential Clients that are marked confidential. 1 client" in shown


def test_a_client_that_a_leaver_alone_held_is_closed_to_everybody_with_what_closes_it(
    controlled: Cast, owen: PageClient
) -> None:
    leave_to_cai(controlled)
    do(controlled.firm, DeactivateMember(member=CAI))
    response = owen.get(at(controlled, "report-closed"))
    shown = text(response)
    assert "Fortune 500" in shown
    assert "The team member is not active, so it gives nothing." in shown
    assert "Removing it would open this client to everybody who uses client records." in shown


def test_what_closes_a_client_is_taken_away_with_its_preview(controlled: Cast, owen: PageClient) -> None:
    leave_to_cai(controlled)
    do(controlled.firm, DeactivateMember(member=CAI))
    address = at(controlled, "remove-closing", FORTUNE, "member", CAI, "client", FORTUNE)
    asked = owen.get(address)
    assert "What becomes open to everybody Fortune 500" in text(asked)
    done = owen.post(address, {"answer": "yes", "version": value(asked, "version")}, follow=True)
    assert heading(done) == "Closed to everybody"
    assert "Every client can be opened by somebody." in text(done)
    assert firm_state(controlled.firm).who(FORTUNE)


@pytest.mark.parametrize(
    ("route", "none"),
    [
        ("report-confidential", "No client is marked confidential. Mark one on its page."),
        ("report-one-holder", "No client depends on one person alone."),
    ],
)
def test_a_report_that_finds_nothing_says_what_that_means(
    route: str, none: str, cast: Cast, owen: PageClient
) -> None:
    assert none in text(owen.get(at(cast, route)))


def test_a_confidential_client_without_access_says_so(controlled: Cast, owen: PageClient) -> None:
    do(controlled.firm, ChangeClient(client=FORTUNE, confidential=True))
    shown = text(owen.get(at(controlled, "report-closed")))
    assert "It is marked confidential, and nobody was given access." in shown


def test_an_auditor_sees_what_closes_a_client_and_no_way_to_change_it(
    controlled: Cast, ada: PageClient
) -> None:
    leave_to_cai(controlled)
    do(controlled.firm, DeactivateMember(member=CAI))
    shown = text(ada.get(at(controlled, "report-closed")))
    assert "Cai" in shown
    assert "Remove this access" not in shown


def test_the_one_holder_is_named(controlled: Cast, owen: PageClient) -> None:
    leave_to_cai(controlled)
    assert "Fortune 500 Only Cai" in text(owen.get(at(controlled, "report-one-holder")))


def test_a_report_is_taken_out_with_what_it_says_of_each_client(controlled: Cast, owen: PageClient) -> None:
    leave_to_cai(controlled)
    address = link(owen.get(at(controlled, "report-one-holder")), "Take this list out as CSV")
    taken = list(csv.reader(owen.get(address).content.decode("utf-8-sig").splitlines()))
    assert taken[0][-1] == "Who alone can open it"
    assert {(row[0], row[1], row[-1]) for row in taken[1:]} == {("F500", "Fortune 500", "Cai")}
    do(controlled.firm, DeactivateMember(member=CAI))
    address = link(owen.get(at(controlled, "report-closed")), "Take this list out as CSV")
    taken = list(csv.reader(owen.get(address).content.decode("utf-8-sig").splitlines()))
    assert "Cai: Can view and manage. The team member is not active" in taken[1][-1]


def test_a_report_is_taken_out_as_it_is_searched_for(controlled: Cast, owen: PageClient) -> None:
    leave_to_cai(controlled)
    page = owen.get(at(controlled, "report-one-holder"), {"search": "nobody"})
    assert "Take this list out" not in text(page)
    assert owen.get(at(controlled, "take-one-holder", "pdf")).status_code == 404


def test_a_report_without_a_client_has_no_file(controlled: Cast, owen: PageClient) -> None:
    assert "Take this list out" not in text(owen.get(at(controlled, "report-closed")))
    assert owen.get(at(controlled, "take-closed", "csv"))["Location"] == at(controlled, "report-closed")


def test_a_new_client_stands_in_its_report_until_somebody_is_given_it(
    controlled: Cast, owen: PageClient
) -> None:
    do(controlled.firm, AddClient(client=ClientRow(name="Newcomer Ltd")))
    assert "Newcomer Ltd" in text(owen.get(at(controlled, "report-new")))
    number = max(firm_state(controlled.firm).clients)
    do(controlled.firm, SetGrant(to=(member_subject(CAI),), on=On.client(number), level=Level.EDITOR))
    assert "Newcomer Ltd" not in text(owen.get(at(controlled, "report-new")))


@pytest.mark.parametrize("setting", [{"unassigned": "none"}, None])
def test_nothing_is_still_open_to_all_where_openness_is_no_choice_of_anybody(
    setting: dict[str, str] | None, controlled: Cast, owen: PageClient
) -> None:
    do(controlled.firm, AddClient(client=ClientRow(name="Newcomer Ltd")))
    do(controlled.firm, ChangeSettings(values=setting) if setting else TurnOff())
    none = "None of the clients added in the last 14 days is still open to everybody."
    assert none in text(owen.get(at(controlled, "report-new")))


def test_members_stand_by_how_much_they_can_open(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    shown = text(owen.get(at(cast, "report-reach")))
    assert shown.index("Cai") < shown.index("Ada")


def test_the_widest_reach_is_taken_out_as_a_file(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    page = owen.get(at(cast, "report-reach") + "?search=cai")
    file = owen.get(link(page, "Take this list out as CSV"))
    assert 'filename="widest-reach-' in file["Content-Disposition"]
    head, first = file.content.decode("utf-8-sig").splitlines()
    assert head == "Name,E-mail,Role,Clients,Services of clients"
    now = firm_state(cast.firm)
    seen = f"{len(now.clients_seen_by(CAI))},{len(now.seen_by(CAI))}"
    assert first == f"Cai,{cast.users['Cai'].email},Standard,{seen}"
    last = list(entries(cast.firm))[-1]
    assert last.command == "export.take"


def test_a_search_that_finds_nobody_leads_back_to_the_page_that_says_so(cast: Cast, owen: PageClient) -> None:
    answer = owen.get(reverse("take-report-reach", args=[cast.firm, "csv"]) + "?search=nobody")
    assert answer["Location"] == at(cast, "report-reach") + "?search=nobody"


def test_a_record_that_one_may_not_open_stands_in_the_log_with_its_client(
    cast: Cast, owen: PageClient, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    grouped(cast.firm)
    do(cast.firm, ChangeClient(client=FORTUNE, confidential=True))
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    dilys = signed_in(cast, "Dilys")
    before = text(owen.get(at(cast, "report-refused")))
    assert "Nobody was refused anything in the time that is kept." in before
    dilys.get(at(cast, "client", FORTUNE))
    shown = text(owen.get(at(cast, "report-refused")))
    assert "Dilys Open a record 1 Fortune 500" in shown


def test_a_client_that_is_not_there_is_counted_like_one_that_is_hidden(
    cast: Cast, owen: PageClient, cai: PageClient
) -> None:
    cai.get(at(cast, "client", 999))
    assert "Cai Open a record 1" in text(owen.get(at(cast, "report-refused")))


def test_a_form_that_is_not_for_somebody_stands_in_the_log(
    cast: Cast, owen: PageClient, cai: PageClient
) -> None:
    cai.post(at(cast, "confirm-turn-on"), {"answer": "yes"})
    shown = text(owen.get(at(cast, "report-refused")))
    assert "Cai Send a form of a page that is not for them 1" in shown
    assert link(owen.get(at(cast, "report-refused")), "Cai") == at(cast, "member", CAI)
