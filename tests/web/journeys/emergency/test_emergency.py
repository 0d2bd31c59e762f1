"""Opening a client in an emergency, as its member, its administrator and its clock see it (rules.md 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import Side, firm_state
from ringfence.core.commands.definitions import ChangeSettings, RaiseWall
from ringfence.firms.models import LedgerEntry
from tests.web.cast import BAKER, DILYS, Cast, do
from tests.web.confirmed import confirmed_ago
from tests.web.reading import errors, heading, link, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

WHY = "Their return is due at midnight."


def record(cast: Cast) -> str:
    return reverse("client", args=[cast.firm, BAKER])


def opening(cast: Cast) -> str:
    return reverse("open-emergency", args=[cast.firm, BAKER])


def test_who_is_refused_opens_a_client_with_a_reason(cast: Cast, dilys: PageClient) -> None:
    closed = dilys.get(record(cast))
    assert closed.status_code == 403
    form = dilys.get(link(closed, "Open in an emergency"))
    assert "for 4 hours" in text(form)
    assert "told at once" in text(form)
    assert errors(dilys.post(opening(cast), {"reason": " "})) == [
        ("Enter why you need to open it now", "#reason")
    ]
    assert not firm_state(cast.firm).emergencies
    opened = dilys.post(opening(cast), {"reason": WHY}, follow=True)
    assert opened.status_code == 200
    assert "open in an emergency" in text(opened)
    assert (BAKER, DILYS) in firm_state(cast.firm).emergencies


def test_it_is_not_offered_where_the_firm_does_not_allow_it(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"emergency": "no"}))
    assert "Open in an emergency" not in text(dilys.get(record(cast)))
    assert dilys.get(opening(cast)).status_code == 302


def test_every_page_is_an_opening_of_its_own(cast: Cast, dilys: PageClient) -> None:
    dilys.post(opening(cast), {"reason": WHY})
    for _ in range(3):
        assert dilys.get(record(cast)).status_code == 200
    assert LedgerEntry.objects.filter(firm=cast.firm, actor=DILYS, command="record.open").count() == 3


@pytest.mark.parametrize(
    "route", ["client", "share-client", "client-history", "change-client", "client-plans"]
)
def test_every_page_of_the_client_says_until_when_and_leads_to_its_end(
    cast: Cast, dilys: PageClient, route: str
) -> None:
    dilys.post(opening(cast), {"reason": WHY})
    page = dilys.get(reverse(route, args=[cast.firm, BAKER]))
    assert link(page, "End now") == reverse("end-emergency", args=[cast.firm, BAKER, DILYS])
    assert "End now" not in text(dilys.get(reverse("clients", args=[cast.firm])))


def test_no_page_says_so_of_a_client_that_its_holder_cannot_open_any_more(
    cast: Cast, dilys: PageClient
) -> None:
    dilys.post(opening(cast), {"reason": WHY})
    ours, theirs = Side(clients=frozenset({BAKER})), Side(members=frozenset({DILYS}))
    do(cast.firm, RaiseWall(name="Sale", sides=(ours, theirs)))
    assert firm_state(cast.firm).emergencies[BAKER, DILYS].stands
    page = dilys.get(record(cast))
    assert page.status_code in {403, 404}
    assert "in an emergency" not in text(page)


def test_its_holder_ends_it_from_the_banner(cast: Cast, dilys: PageClient) -> None:
    page = dilys.post(opening(cast), {"reason": WHY}, follow=True)
    question = dilys.get(link(page, "End now"))
    assert "Do you want to end it now?" in text(question)
    version = firm_state(cast.firm).version
    dilys.post(link(page, "End now"), {"answer": "yes", "version": version}, follow=True)
    assert not firm_state(cast.firm).emergencies[BAKER, DILYS].stands


def test_somebody_else_acknowledges_it_with_a_note(cast: Cast, dilys: PageClient, owen: PageClient) -> None:
    dilys.post(opening(cast), {"reason": WHY})
    home = owen.get(reverse("firm-home", args=[cast.firm]))
    listed = owen.get(link(home, "1 opening in an emergency waits to be acknowledged."))
    assert WHY in text(listed)
    address = reverse("acknowledge-emergency", args=[cast.firm, BAKER, DILYS])
    assert address in listed.content.decode()
    assert heading(owen.get(address)) == "Acknowledge emergency access"
    done = owen.post(address, {"note": "Agreed by telephone"}, follow=True)
    assert "Agreed by telephone" in text(done)
    assert firm_state(cast.firm).emergencies[BAKER, DILYS].acknowledged
    assert "waits to be acknowledged" not in text(owen.get(reverse("firm-home", args=[cast.firm])))


def test_the_owner_of_a_client_finds_what_waits_above_their_clients(
    cast: Cast, cai: PageClient, dilys: PageClient
) -> None:
    clients = reverse("clients", args=[cast.firm])
    waits = "1 opening in an emergency waits to be acknowledged."
    assert waits not in text(cai.get(clients))
    dilys.post(opening(cast), {"reason": WHY})
    assert WHY in text(cai.get(link(cai.get(clients), waits)))
    assert waits not in text(dilys.get(clients))
    cai.post(reverse("acknowledge-emergency", args=[cast.firm, BAKER, DILYS]))
    assert waits not in text(cai.get(clients))


def test_what_was_acknowledged_can_still_be_ended(cast: Cast, cai: PageClient, dilys: PageClient) -> None:
    dilys.post(opening(cast), {"reason": WHY})
    cai.post(reverse("acknowledge-emergency", args=[cast.firm, BAKER, DILYS]))
    ending = reverse("end-emergency", args=[cast.firm, BAKER, DILYS])
    listing = reverse("emergencies", args=[cast.firm])
    assert ending in cai.get(listing).content.decode()
    cai.post(ending, {"answer": "yes", "version": firm_state(cast.firm).version})
    assert not firm_state(cast.firm).emergencies.get((BAKER, DILYS))
    assert ending not in cai.get(listing).content.decode()


def test_nobody_acknowledges_their_own(cast: Cast, dilys: PageClient) -> None:
    dilys.post(opening(cast), {"reason": WHY})
    assert dilys.get(reverse("acknowledge-emergency", args=[cast.firm, BAKER, DILYS])).status_code == 302


def test_sharing_and_access_pages_list_it_with_its_end(
    cast: Cast, cai: PageClient, dilys: PageClient, owen: PageClient
) -> None:
    dilys.post(opening(cast), {"reason": WHY})
    sharing = reverse("share-client", args=[cast.firm, BAKER])
    shared = cai.get(sharing)
    assert "Dilys has this client relationship open in an emergency, until" in text(shared)
    assert reverse("end-emergency", args=[cast.firm, BAKER, DILYS]) in shared.content.decode()
    assert "You opened this client relationship in an emergency, until" in text(dilys.get(sharing))
    access = text(owen.get(reverse("client-access", args=[cast.firm, BAKER])))
    assert "Dilys: Can view only, emergency access, until" in access


def test_who_is_told_of_nobody_else_reads_that_somebody_is_in(
    cast: Cast, cai: PageClient, dilys: PageClient
) -> None:
    dilys.post(opening(cast), {"reason": WHY})
    do(cast.firm, ChangeSettings(values={"inaccessible": "hidden", "sharing": "administrators"}))
    said = text(cai.get(reverse("share-client", args=[cast.firm, BAKER])))
    assert "Somebody has this client relationship open in an emergency, until" in said
    assert "Dilys" not in said


def test_opening_asks_again_who_it_is(cast: Cast, dilys: PageClient) -> None:
    confirmed_ago(dilys)
    asked = dilys.post(opening(cast), {"reason": WHY})
    assert heading(asked) == "Confirm that it is you"
    assert not firm_state(cast.firm).emergencies
