"""The control side of clients: every name for who manages, who can open a client, and why or why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from ringfence.core.commands.definitions import On, RaiseWall, SetGrant
from ringfence.core.terms import EVERYONE, Level, group_subject, member_subject
from ringfence.core.values import Side
from tests.web.cast import CAI, DILYS, ENID, FORTUNE, FORTUNE_VAT, OWEN, Cast, do, grouped
from tests.web.reading import heading, names, places, rows, text

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.web.checks import PageClient


def who(client: PageClient, cast: Cast, **query: str) -> Any:
    return client.get(reverse("client-access", args=[cast.firm, FORTUNE]), query)


def why(client: PageClient, cast: Cast, member: int) -> Any:
    return client.get(reverse("why-member", args=[cast.firm, FORTUNE, member]))


def people(response: Any) -> dict[str, str]:
    """Each person with their access."""
    return {row[0]: row[2] for row in rows(response) if len(row) == 5}


def test_an_administrator_has_the_names_of_every_client(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    grouped(cast.firm)
    assert "Fortune 500" in names(owen.get(reverse("client-access-list", args=[cast.firm])))


def test_who_may_not_read_the_control_side_is_told_who_may(cast: Cast, cai: PageClient) -> None:
    response = who(cai, cast)
    assert response.status_code == 403
    assert "Only administrators, principals and auditors can read who has access to what." in text(response)


def test_an_auditor_reads_who_can_open_a_client(cast: Cast, ada: PageClient) -> None:
    assert set(people(who(ada, cast))) == {"Cai", "Dilys", "Owen"}


def test_the_list_is_exactly_who_can_open_it(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    grouped(cast.firm)
    assert people(who(owen, cast)) == {"Cai": "Can view and manage"}


def test_who_can_open_a_part_is_told_from_who_can_open_all(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    assert people(who(owen, cast)) == {
        "Cai": "Can view and manage",
        "Dilys": "1 of its 2 services",
        "Owen": "1 of its 2 services",
    }


def test_those_who_cannot_open_it_are_shown_when_asked_for(cast: Cast, owen: PageClient) -> None:
    assert people(who(owen, cast, show="all"))["Enid"] == "No access"


def test_people_are_found_by_name_and_address(cast: Cast, owen: PageClient) -> None:
    assert set(people(who(owen, cast, search="dilys@"))) == {"Dilys"}


def test_groups_that_were_given_access_are_named(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    assert "VAT team (access group), VAT: Can view and manage" in text(who(owen, cast))


def test_a_service_given_to_everyone_is_open_to_everybody(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    everyone = (group_subject(EVERYONE),)
    do(cast.firm, SetGrant(to=everyone, on=On.engagement(FORTUNE_VAT), level=Level.EDITOR))
    services = [row for row in rows(who(owen, cast)) if len(row) == 4]
    assert [row[2] for row in services] == ["Everybody who uses client records"] * 2


def test_a_client_that_is_not_there_has_no_page(cast: Cast, owen: PageClient) -> None:
    assert owen.get(reverse("client-access", args=[cast.firm, 4711])).status_code == 404


def test_why_shows_the_way_over_the_group(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    response = why(owen, cast, CAI)
    assert heading(response) == "Why Cai can open this client"
    assert "Cai → VAT team → Fortune 500 · VAT: can view and manage" in text(response)


def test_why_not_shows_what_would_let_them_in_and_who_may_do_it(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    response = why(owen, cast, DILYS)
    assert heading(response) == "Why Dilys can open a part of this client"
    assert "Add Dilys to the access group VAT team. May be done by: Owen (you)." in text(response)


def test_why_of_who_may_use_no_records_says_so(cast: Cast, ada: PageClient) -> None:
    response = why(ada, cast, ENID)
    assert heading(response) == "Why Enid cannot open this client"
    assert "Enid does not have the permission to use client records." in text(response)


def test_the_control_side_names_a_wall(cast: Cast, owen: PageClient) -> None:
    sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({FORTUNE})))
    do(cast.firm, RaiseWall(name="Bid of 2026", sides=sides))
    assert "Bid of 2026" in text(why(owen, cast, DILYS))


def test_why_of_a_member_who_is_not_there_has_no_page(cast: Cast, owen: PageClient) -> None:
    assert why(owen, cast, 4711).status_code == 404


def test_the_control_side_shows_no_way_into_a_record_that_is_closed_to_oneself(
    cast: Cast, owen: PageClient
) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    grouped(cast.firm)
    record = reverse("client", args=[cast.firm, FORTUNE])
    assert record not in places(who(owen, cast))
    do(cast.firm, SetGrant(to=(member_subject(OWEN),), on=On.client(FORTUNE), level=Level.EDITOR))
    assert record in places(who(owen, cast))


def test_the_page_of_who_can_open_a_client_takes_few_queries(
    cast: Cast, owen: PageClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    grouped(cast.firm)
    who(owen, cast)
    # Session, user, places, engagements, client, services, members, groups of the grants.
    with django_assert_num_queries(8):
        who(owen, cast)
