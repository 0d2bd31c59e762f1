"""What would let a member in: said in people and clients, in order, and carried out from that page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import AddToGroup, ChangeClient, CreateGroup, On, TurnOn
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, PLAIN, VAT_GROUP, Cast, do, grouped
from tests.web.reading import errors, heading, link, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

DO_IT = "Check and make this change"


def why(client: PageClient, cast: Cast, member: int = DILYS, number: int = FORTUNE, **more: Any) -> Any:
    return client.get(reverse("why-member", args=[cast.firm, number, member]), **more)


def way(cast: Cast, place: int, member: int = DILYS, number: int = FORTUNE) -> str:
    return reverse("carry-out", args=[cast.firm, number, member, place])


@pytest.fixture
def closed(cast: Cast) -> Cast:
    """Baker & Sons is in a group of Cai with Plain Person."""
    do(cast.firm, CreateGroup(name="Two", members=frozenset({CAI}), on=On.client(BAKER, PLAIN)))
    do(cast.firm, TurnOn())
    return cast


def test_a_way_by_group_says_that_it_gives_the_groups_other_clients_too(
    closed: Cast, owen: PageClient
) -> None:
    shown = text(why(owen, closed, number=BAKER))
    _, _, by_group = shown.partition("Add Dilys to the access group Two.")
    assert "Dilys also gains access to 1 other client. Nobody else gains or loses access." in by_group


def test_the_way_that_gives_least_besides_comes_first(closed: Cast, owen: PageClient) -> None:
    shown = text(why(owen, closed, number=BAKER))
    assert shown.index("Give Dilys access to Baker & Sons") < shown.index(
        "Add Dilys to the access group Two."
    )


def test_the_same_deed_stands_once(closed: Cast, owen: PageClient) -> None:
    shown = text(why(owen, closed, number=BAKER))
    assert shown.count("Give Dilys access to Baker & Sons") == 1


def test_a_page_that_says_cannot_does_not_begin_with_open(closed: Cast, owen: PageClient) -> None:
    response = why(owen, closed, number=BAKER)
    assert heading(response) == "Why Dilys cannot open this client"
    assert "are open in this firm" not in text(response)
    assert "Not open to all because of this: Two on Baker & Sons" in text(response)


def test_openness_is_named_where_it_decides(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    assert "Unassigned clients are open in this firm" in text(why(owen, cast))


def test_a_confidential_client_is_not_called_open(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, ChangeClient(client=BAKER, confidential=True))
    do(cast.firm, TurnOn())
    shown = text(why(owen, cast, number=BAKER))
    assert "are open in this firm" not in shown
    assert "The client is confidential, so it is never open to all." in shown


def test_ones_own_page_calls_the_service_open_and_not_the_client(cast: Cast, dilys: PageClient) -> None:
    grouped(cast.firm)
    shown = text(dilys.get(reverse("why-me", args=[cast.firm, FORTUNE])))
    assert "Income Tax Can view and manage" in shown
    assert "It is open to all team members of your firm" in shown
    assert "VAT" not in shown


def test_who_may_do_it_is_told_so_and_led_there(closed: Cast, owen: PageClient) -> None:
    response = why(owen, closed, number=BAKER)
    assert "May be done by: Owen (you)." in text(response)
    assert link(response, DO_IT) == way(closed, 1, number=BAKER)


def test_who_may_not_do_it_is_led_nowhere_and_does_nothing(closed: Cast, ada: PageClient) -> None:
    response = why(ada, closed, number=BAKER)
    assert "May be done by: Owen." in text(response)
    assert DO_IT not in text(response)
    assert ada.post(way(closed, 1, number=BAKER), {"answer": "yes"}).status_code == 403


def test_what_it_does_is_shown_before_it_is_done(closed: Cast, owen: PageClient) -> None:
    page = owen.get(way(closed, 1, number=BAKER))
    assert heading(page) == "Give Dilys access to Baker & Sons: can view and manage"
    assert "Who gains access Dilys: Baker & Sons" in text(page)
    form = {"answer": "yes", "version": value(page, "version"), "deed": value(page, "deed")}
    response = owen.post(way(closed, 1, number=BAKER), form, follow=True)
    assert heading(response) == "Why Dilys can open this client"
    assert "Done: Give Dilys access to Baker & Sons: can view and manage." in text(response)
    assert firm_state(closed.firm).sees(DILYS, BAKER)


def test_no_changes_nothing(closed: Cast, owen: PageClient) -> None:
    response = owen.post(way(closed, 1, number=BAKER), {"answer": "no"}, follow=True)
    assert heading(response) == "Why Dilys cannot open this client"


def test_no_other_way_is_taken_for_the_one_that_was_read(closed: Cast, owen: PageClient) -> None:
    page = owen.get(way(closed, 1, number=BAKER))
    form = {"answer": "yes", "version": value(page, "version"), "deed": value(page, "deed")}
    response = owen.post(way(closed, 2, number=BAKER), form)
    assert errors(response)[0][0].startswith("Something was changed in the firm")
    assert not firm_state(closed.firm).sees(DILYS, BAKER)


def test_what_others_changed_meanwhile_is_asked_again(closed: Cast, owen: PageClient) -> None:
    page = owen.get(way(closed, 1, number=BAKER))
    do(closed.firm, AddToGroup(group=VAT_GROUP, members=frozenset({DILYS})))
    form = {"answer": "yes", "version": value(page, "version"), "deed": value(page, "deed")}
    response = owen.post(way(closed, 1, number=BAKER), form, follow=True)
    assert heading(response) == "Why Dilys can open this client"
