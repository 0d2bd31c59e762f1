"""What a group was given, part by part: levels and ends changed, parts and services removed and added."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import CreateGroup, On, SetGrant
from ringfence.core.terms import Instant, Level, group_subject
from ringfence.firms.models import LedgerEntry
from tests.web.cast import (
    BAKER,
    CAI,
    FORTUNE,
    FORTUNE_VAT,
    INCOME_TAX,
    VAT,
    VAT_GROUP,
    Cast,
    do,
    grouped,
    make_cast,
)
from tests.web.journeys.groups.changing import EDITORS, at, by_service, held, said_yes, tick
from tests.web.reading import errors, link, names, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

GIVEN, CHANGE, REMOVE, ADD = (
    "group-access",
    "group-access-change",
    "group-access-remove",
    "group-add-services",
)
YEARS = Instant(4_102_444_800_000_000)
"""2100-01-01, at midnight in London."""
team = group_subject(VAT_GROUP)


@pytest.fixture
def firm(cast: Cast) -> Cast:
    """Fortune 500's VAT in a group with Cai."""
    grouped(cast.firm)
    return cast


@pytest.fixture
def planners(db: None, signed_in: Callable[[Cast, str], PageClient]) -> tuple[Cast, PageClient]:
    """A firm with four levels, its administrator, and a team with Fortune 500 as readers."""
    cast = make_cast("planning")
    do(
        cast.firm,
        CreateGroup(name="Team A", members=frozenset({CAI}), on=On.client(FORTUNE), level=Level.READER),
    )
    return cast, signed_in(cast, "Owen")


def test_everything_that_it_was_given_is_a_line(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, SetGrant(to=(team,), on=On.service(INCOME_TAX), level=Level.EDITOR))
    do(firm.firm, SetGrant(to=(team,), on=On(all=True), level=Level.EDITOR, expires=YEARS))
    do(firm.firm, SetGrant(to=(team,), on=On.client(BAKER), level=Level.BLOCKED))
    shown = {row[0]: row[1:3] for row in rows(owen.get(at(firm, GIVEN)))}
    assert shown == {
        "All clients of the firm Those that are added later too.": [
            "Can view and manage",
            "until the end of 31 December 2099",
        ],
        "All clients with Income Tax New ones join by themselves.": ["Can view and manage", "no end"],
        "1 service of 1 client": ["Can view and manage", "no end"],
        "1 client": ["Blocked", "no end"],
    }


def test_a_whole_service_is_removed_with_what_opens_said_first(cast: Cast, owen: PageClient) -> None:
    by_service(cast)
    address = link(owen.get(at(cast, GIVEN)), "Remove: All clients with VAT")
    shown = text(owen.get(address))
    assert "clients become open to everybody" in shown
    assert "After this the access group gives its team members nothing until clients are added." in shown
    key = address.partition("part=")[2]
    response = said_yes(owen, at(cast, REMOVE), part=key)
    assert "Removed from VAT team: All clients with VAT." in text(response)
    assert held(cast).empty
    # The second of two clicks.
    assert owen.post(at(cast, REMOVE), {"part": key, "answer": "yes"})["Location"] == at(cast, GIVEN)


def test_a_group_by_service_leads_to_what_that_is(cast: Cast, owen: PageClient) -> None:
    by_service(cast)
    address = link(owen.get(at(cast)), "What is an access group by service?")
    assert address == reverse("help-topic", args=[cast.firm, "by-service"])


def test_services_are_added_and_new_clients_join(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, SetGrant(to=(team,), on=On.service(VAT), level=Level.EDITOR))
    assert [name for name in names(owen.get(at(firm, ADD))) if "Already" in name] == [
        "VAT Already in this access group"
    ]
    tick(owen, at(firm, ADD), INCOME_TAX)
    shown = text(owen.get(at(firm, f"{ADD}-check")))
    assert "Do you want to add all clients with Income Tax?" in shown
    said_yes(owen, at(firm, f"{ADD}-check"))
    assert held(firm).services == {VAT: Level.EDITOR, INCOME_TAX: Level.EDITOR}
    assert "New clients of these services join the access group by themselves: Income Tax, VAT." in text(
        owen.get(at(firm))
    )


def test_an_end_is_set_and_said_beside_each_client(firm: Cast, owen: PageClient) -> None:
    address = link(owen.get(at(firm, GIVEN)), "Change: 1 service of 1 client")
    form = {"until-day": "31", "until-month": "12", "until-year": "2099"}
    key = address.partition("part=")[2]
    check = owen.post(at(firm, CHANGE), {"part": key, **form})
    assert "Nobody’s access changes by this." in text(check)
    sent = {"part": key, **form, "version": value(check, "version"), "answer": "yes"}
    response = owen.post(at(firm, CHANGE), sent, follow=True)
    assert "What VAT team may do with 1 service of 1 client is changed." in text(response)
    assert list(held(firm).expires.values()) == [YEARS]
    assert "until the end of 31 December 2099" in rows(owen.get(at(firm)))[0][2]


@pytest.mark.parametrize(
    ("day", "error"),
    [
        (("31", "2", "2099"), "Enter a real day, like 31 3 2027"),
        (("1", "1", "2020"), "Enter a day that is not over yet"),
        (("x", "", ""), "Enter a real day, like 31 3 2027"),
    ],
)
def test_a_day_that_cannot_be_is_kept_and_said(
    day: tuple[str, str, str], error: str, firm: Cast, owen: PageClient
) -> None:
    key = link(owen.get(at(firm, GIVEN)), "Change: 1 service of 1 client").partition("part=")[2]
    form = dict(zip(("until-day", "until-month", "until-year"), day, strict=True))
    response = owen.post(at(firm, CHANGE), {"part": key, **form})
    assert errors(response) == [(error, "#until-day")]
    assert value(response, "until-day") == day[0]


def test_a_level_is_changed_where_the_firm_shows_four(planners: tuple[Cast, PageClient]) -> None:
    cast, owen = planners
    assert "Reader" in rows(owen.get(at(cast)))[0][2]
    key = link(owen.get(at(cast, GIVEN)), "Change: 1 client").partition("part=")[2]
    check = owen.post(at(cast, CHANGE), {"part": key, "level": "owner"})
    assert "Cai: Fortune 500" in text(check)
    sent = {"part": key, "level": "owner", "version": value(check, "version"), "answer": "yes"}
    owen.post(at(cast, CHANGE), sent)
    assert set(held(cast).clients[Level.OWNER - 1]) == {FORTUNE}


def test_no_level_is_an_error_where_the_firm_shows_four(planners: tuple[Cast, PageClient]) -> None:
    cast, owen = planners
    key = link(owen.get(at(cast, GIVEN)), "Change: 1 client").partition("part=")[2]
    assert errors(owen.post(at(cast, CHANGE), {"part": key})) == [("Select what they may do", "#level")]


def test_a_level_that_the_screens_do_not_show_is_kept(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, SetGrant(to=(team,), on=On.engagement(FORTUNE_VAT), level=Level.READER))
    key = link(owen.get(at(firm, GIVEN)), "Change: 1 service of 1 client").partition("part=")[2]
    form = {"part": key, "level": "owner", "until-day": "31", "until-month": "12", "until-year": "2099"}
    check = owen.post(at(firm, CHANGE), form)
    owen.post(at(firm, CHANGE), {**form, "version": value(check, "version"), "answer": "yes"})
    assert set(held(firm).engagements[Level.READER - 1]) == {FORTUNE_VAT}


def test_what_is_so_already_changes_nothing(firm: Cast, owen: PageClient) -> None:
    key = link(owen.get(at(firm, GIVEN)), "Change: 1 service of 1 client").partition("part=")[2]
    before = LedgerEntry.objects.count()
    response = owen.post(at(firm, CHANGE), {"part": key}, follow=True)
    assert "Nothing was changed: it is so already." in text(response)
    assert LedgerEntry.objects.count() == before


def test_an_end_within_a_day_that_nobody_touched_stays(firm: Cast, owen: PageClient) -> None:
    noon = Instant(YEARS + 43_200_000_000)
    do(firm.firm, SetGrant(to=(team,), on=On.engagement(FORTUNE_VAT), level=Level.EDITOR, expires=noon))
    key = link(owen.get(at(firm, GIVEN)), "Change: 1 service of 1 client").partition("part=")[2]
    form = {"part": key, "until-day": "1", "until-month": "1", "until-year": "2100"}
    owen.post(at(firm, CHANGE), form)
    assert list(held(firm).expires.values()) == [noon]


def test_a_part_that_others_changed_meanwhile_is_not_changed_again(firm: Cast, owen: PageClient) -> None:
    key = link(owen.get(at(firm, GIVEN)), "Change: 1 service of 1 client").partition("part=")[2]
    do(firm.firm, SetGrant(to=(team,), on=On.engagement(FORTUNE_VAT), level=Level.READER))
    assert owen.get(at(firm, CHANGE), {"part": key})["Location"] == at(firm, GIVEN)
    assert owen.get(at(firm, REMOVE), {"part": "tampered"})["Location"] == at(firm, GIVEN)


def test_removing_a_block_says_who_gains(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, SetGrant(to=(team,), on=On.service(INCOME_TAX), level=Level.EDITOR))
    do(firm.firm, SetGrant(to=(team,), on=On.client(FORTUNE), level=Level.BLOCKED))
    key = link(owen.get(at(firm, GIVEN)), "Remove: 1 client").partition("part=")[2]
    assert "Who gains access Cai: Fortune 500" in text(owen.get(at(firm, REMOVE), {"part": key}))


def test_an_auditor_sees_what_was_given_and_changes_nothing(firm: Cast, ada: PageClient) -> None:
    assert rows(ada.get(at(firm, GIVEN))) == [["1 service of 1 client", "Can view and manage", "no end", ""]]
    for route in (CHANGE, REMOVE, ADD):
        assert ada.get(at(firm, route)).status_code == 403


def test_a_group_may_hold_services_and_clients_at_once(cast: Cast, owen: PageClient) -> None:
    by_service(cast)
    do(cast.firm, SetGrant(to=(team,), on=On.client(FORTUNE), level=Level.EDITOR))
    assert len(rows(owen.get(at(cast, GIVEN)))) == 2
    assert set(held(cast).clients[EDITORS]) == {FORTUNE}
    assert FORTUNE_VAT in firm_state(cast.firm).held_by_group(VAT_GROUP)
