"""What a preview says where access to a part of a client changes: the service, and who loses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from ringfence.core.commands.definitions import CreateGroup, On, SetGrant, TurnOff, TurnOn
from ringfence.core.terms import EVERYONE, Level, group_subject, member_subject
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, FORTUNE_VAT, VAT_GROUP, Cast, do, grouped, make_cast
from tests.web.reading import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.checks import PageClient

BAKER_VAT = 3


def at(cast: Cast, route: str, *more: int) -> str:
    return reverse(route, args=[cast.firm, *more])


def begun(owen: PageClient, cast: Cast, *engagements: int) -> str:
    """What the check page says of a group of these services for Cai."""
    owen.post(at(cast, "create-group"), {"kind": "custom"})
    owen.post(at(cast, "create-group-name"), {"name": "North", "go": "continue"})
    ticks = {"go": "continue", "shown": list(range(1, 8)), "tick": list(engagements)}
    owen.post(at(cast, "create-group-clients"), ticks)
    owen.post(at(cast, "create-group-members"), {"go": "continue", "shown": [CAI], "tick": [CAI]})
    return text(owen.get(at(cast, "create-group-check")))


def test_who_loses_one_service_of_a_client_stands_among_those_who_lose(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    shown = begun(owen, cast, FORTUNE_VAT)
    assert "team members lose access 2" in shown
    assert "Who loses access Dilys: Fortune 500 (VAT) Owen (you): Fortune 500 (VAT)" in shown


def test_a_client_that_closes_in_part_is_named_with_its_service(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    shown = begun(owen, cast, FORTUNE_VAT)
    assert "client becomes closed in part 1" in shown
    assert "only those who were given access can open it Fortune 500: VAT" in shown


def test_a_client_that_closes_whole_is_named_without_services(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    shown = begun(owen, cast, BAKER_VAT)
    assert "client becomes closed 1" in shown
    assert "in part" not in shown
    assert "only those who were given access can open it Baker & Sons" in shown
    assert "Dilys: Baker & Sons Owen (you): Baker & Sons" in shown


def test_deleting_a_group_says_which_service_is_opened_for_whom(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    shown = text(owen.get(at(cast, "delete-group", VAT_GROUP)))
    assert "client becomes open to everybody 1" in shown
    assert "Who gains access Dilys: Fortune 500 (VAT) Owen (you): Fortune 500 (VAT)" in shown
    assert "What becomes open to everybody Fortune 500: VAT" in shown


def test_turning_on_says_the_service(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    do(cast.firm, TurnOff())
    shown = text(owen.get(at(cast, "confirm-turn-on")))
    assert "client becomes closed in part 1 clients become open to everybody 0" in shown
    assert "Who loses access Dilys: Fortune 500 (VAT)" in shown


def test_turning_off_says_the_service(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    shown = text(owen.get(at(cast, "confirm-turn-off")))
    assert "clients become closed 0 client becomes open to everybody 1" in shown
    assert "Who gains access Dilys: Fortune 500 (VAT)" in shown


def test_manage_account_counts_what_the_preview_said(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    parts = On(engagements=On.engagement(FORTUNE_VAT, BAKER_VAT).engagements)
    do(cast.firm, CreateGroup(name="North", members=frozenset({CAI}), on=parts))
    shown = text(owen.get(at(cast, "manage")))
    assert "Clients open to everybody 4 Clients open to everybody in part 1 Clients closed 1 " in shown


def test_many_clients_of_one_person_are_counted(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    shown = begun(owen, cast, 1, 3, 4, 5, 6)
    assert "Dilys: 5 services of 5 clients" in shown
    shown = begun(owen, cast, 1, 2, 3, 4, 5)
    assert "Dilys: 4 clients" in shown


def test_whose_level_alone_changes_does_not_lose(cast: Cast, owen: PageClient) -> None:
    for member in (CAI, DILYS):
        do(cast.firm, SetGrant(to=(member_subject(member),), on=On.client(BAKER), level=Level.EDITOR))
    do(cast.firm, TurnOn())
    do(
        cast.firm,
        CreateGroup(name="Owners", members=frozenset({CAI}), on=On.client(FORTUNE), level=Level.OWNER),
    )
    shown = text(owen.get(at(cast, "delete-group", VAT_GROUP)))
    assert "team members lose access 0" in shown
    levels = "(before: can view, manage and remove; after: can view and manage)"
    assert f"Whose access changes on clients that they keep Cai: Fortune 500 {levels}" in shown


def test_sharing_with_all_closes_nothing(db: None, signed_in: Callable[[Cast, str], PageClient]) -> None:
    cast = make_cast("kyc")
    shown = text(signed_in(cast, "Owen").get(at(cast, "confirm-turn-on")))
    assert "Nobody’s access changes by this." in shown
    assert "6 client relationships stay open to everybody: they are shared with all." in shown
    assert "become closed" not in shown


def test_a_group_made_while_off_says_what_it_does_once_on(cast: Cast, owen: PageClient) -> None:
    shown = begun(owen, cast, FORTUNE_VAT)
    assert "Nobody’s access changes yet." in shown
    _, _, later = shown.partition("Once you turn on access groups")
    assert "team members lose access 2" in later
    assert "Dilys: Fortune 500 (VAT)" in later
    assert "client becomes closed in part 1" in later


def test_deleting_a_group_while_off_says_what_it_does_once_on(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    do(cast.firm, TurnOff())
    _, _, later = text(owen.get(at(cast, "delete-group", VAT_GROUP))).partition(
        "Once you turn on access groups"
    )
    assert "client becomes open to everybody 1" in later


def test_once_on_counts_what_the_group_alone_does(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, CreateGroup(name="Other", members=frozenset({CAI}), on=On.client(BAKER)))
    _, _, later = begun(owen, cast, FORTUNE_VAT).partition("Once you turn on access groups")
    assert "Fortune 500" in later
    assert "Baker" not in later


def test_everybody_keeps_what_is_shared_with_all_once_on(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("kyc")
    do(cast.firm, SetGrant(to=(group_subject(EVERYONE),), on=On.client(FORTUNE), level=Level.EDITOR))
    owen = signed_in(cast, "Owen")
    assert "Once you turn on" not in begun(owen, cast, FORTUNE)
