"""A client's record: only what the member sees, and nothing to those who must not know of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.core.commands.definitions import (
    ChangeSettings,
    CreateGroup,
    On,
    RaiseWall,
    RemoveClient,
    SetDelegation,
    SetGrant,
)
from ringfence.core.terms import Level, group_subject, member_subject
from ringfence.core.values import Side
from ringfence.web.browse.client_pages import CLIENT_PAGES
from tests.web.cast import (
    CAI,
    DILYS,
    ENID,
    FORTUNE,
    QUOTED,
    VAT_GROUP,
    Cast,
    do,
    grouped,
    make_cast,
)
from tests.web.reading import heading, places, text

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]


def ask(client: PageClient, cast: Cast, number: int = FORTUNE) -> Any:
    return client.get(reverse("client", args=[cast.firm, number]))


def only_cai(cast: Cast) -> None:
    """Fortune 500 as a whole is Cai's alone."""
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    grouped(cast.firm)


def test_the_record_shows_details_and_engagements(cast: Cast, cai: PageClient) -> None:
    shown = text(ask(cai, cast))
    for part in ("Fortune 500", "F500", "VAT", "GB 123 4567 89", "Income Tax", "1234567890"):
        assert part in shown


def test_the_record_leads_but_once_to_each_page_of_its_client(cast: Cast, owen: PageClient) -> None:
    page = ask(owen, cast)
    beside = {reverse(each.route, args=[cast.firm, FORTUNE]) for each in CLIENT_PAGES}
    led = [place for place in places(page) if place in beside]
    assert len(led) == len(set(led)) > 5


def test_only_engagements_that_the_member_sees_are_shown(cast: Cast, dilys: PageClient) -> None:
    grouped(cast.firm)
    shown = text(ask(dilys, cast))
    assert "Income Tax" in shown
    assert "GB 123 4567 89" not in shown
    assert "VAT" not in shown


def test_names_with_markup_are_shown_as_they_are(cast: Cast, cai: PageClient) -> None:
    assert heading(ask(cai, cast, QUOTED)) == 'Quoted "Ltd" <b>'


def test_a_hidden_client_answers_exactly_as_one_that_is_not_there(cast: Cast, dilys: PageClient) -> None:
    only_cai(cast)
    hidden, missing = ask(dilys, cast), ask(dilys, cast, 4711)
    assert hidden.status_code == missing.status_code == 404
    assert text(hidden) == text(missing)


def test_a_removed_client_is_not_there(cast: Cast, cai: PageClient) -> None:
    do(cast.firm, RemoveClient(client=FORTUNE))
    assert ask(cai, cast).status_code == 404


def test_another_firms_number_is_not_there(cast: Cast, signed_in: SignIn) -> None:
    response = signed_in(cast, "Lena").get(reverse("client", args=[cast.other, FORTUNE]))
    assert response.status_code == 404


def test_an_administrator_without_access_is_refused_and_shown_the_way_to_who_has(
    cast: Cast, owen: PageClient
) -> None:
    only_cai(cast)
    response = ask(owen, cast)
    assert response.status_code == 403
    assert "You do not have access to the record of Fortune 500." in text(response)
    assert reverse("client-access", args=[cast.firm, FORTUNE]) in response.content.decode()
    assert "GB 123 4567 89" not in text(response)


def test_a_named_client_answers_with_the_safe_text(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"inaccessible": "named"}))
    only_cai(cast)
    response = ask(dilys, cast)
    assert response.status_code == 403
    assert "You do not have access to Fortune 500." in text(response)
    assert "F500" not in text(response)


def test_a_named_client_says_which_groups_and_members_have_access_but_not_who_is_in_the_groups(
    cast: Cast, dilys: PageClient
) -> None:
    do(cast.firm, ChangeSettings(values={"inaccessible": "named"}))
    do(
        cast.firm,
        CreateGroup(name="Large clients", members=frozenset({ENID}), on=On.client(FORTUNE)),
    )
    only_cai(cast)
    shown = text(ask(dilys, cast))
    assert "Large clients (access group)" in shown
    assert "Cai" in shown
    assert "Enid" not in shown


def test_a_practice_refuses_in_the_words_of_its_product(db: None, signed_in: SignIn) -> None:
    cast = make_cast("practice")
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    response = signed_in(cast, "Dilys").get(reverse("client", args=[cast.firm, FORTUNE]))
    assert response.status_code == 403
    assert (
        "You don't have access to this client record. The client you're trying to access is associated with"
        " your practice, but you haven't been granted access to it." in text(response)
    )


def test_a_client_behind_a_wall_is_never_named(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"inaccessible": "named"}))
    only_cai(cast)
    sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({FORTUNE})))
    do(cast.firm, RaiseWall(name="Bid", sides=sides))
    assert ask(dilys, cast).status_code == 404


def test_a_reader_sees_that_they_may_only_read(cast: Cast, cai: PageClient) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.READER))
    grouped(cast.firm)
    shown = text(ask(cai, cast))
    assert "Can view only" in shown
    assert "Add a note" not in shown


def test_why_says_through_which_group(cast: Cast, cai: PageClient) -> None:
    grouped(cast.firm)
    shown = text(cai.get(reverse("why-me", args=[cast.firm, FORTUNE])))
    assert "You have access to this client through an access group that you are in." in shown
    assert "VAT team" in shown


def test_why_tells_nothing_of_engagements_that_are_hidden(cast: Cast, dilys: PageClient) -> None:
    grouped(cast.firm)
    shown = text(dilys.get(reverse("why-me", args=[cast.firm, FORTUNE])))
    assert "VAT" not in shown


def test_why_of_a_hidden_client_is_not_there(cast: Cast, dilys: PageClient) -> None:
    only_cai(cast)
    assert dilys.get(reverse("why-me", args=[cast.firm, FORTUNE])).status_code == 404


@pytest.mark.parametrize("level", [Level.BLOCKED])
def test_a_block_is_not_told_from_plain_absence(level: Level, cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"inaccessible": "named"}))
    only_cai(cast)
    without = text(ask(dilys, cast))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=level))
    assert text(ask(dilys, cast)) == without


def test_a_group_block_is_not_told_either(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"inaccessible": "named"}))
    only_cai(cast)
    without = text(ask(dilys, cast))
    do(cast.firm, CreateGroup(name="Out", members=frozenset({DILYS})))
    number = VAT_GROUP + 1
    do(cast.firm, SetGrant(to=(group_subject(number),), on=On.client(FORTUNE), level=Level.BLOCKED))
    assert text(ask(dilys, cast)) == without


def test_a_record_takes_few_queries(
    cast: Cast, cai: PageClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask(cai, cast)
    # Session, user, places, opening, engagements, client, services, notes, details, the firm's own fields.
    with django_assert_num_queries(10):
        ask(cai, cast)


def test_a_practice_tells_its_linked_adviser_apart_from_whom_they_delegate_to(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("practice")
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    do(cast.firm, SetDelegation(delegator=CAI, delegate=DILYS))
    address = reverse("client", args=[cast.firm, FORTUNE])
    assert "Your access to this client: Linked adviser." in text(signed_in(cast, "Cai").get(address))
    assert "Your access to this client: Can view, manage and remove." in text(
        signed_in(cast, "Dilys").get(address)
    )
