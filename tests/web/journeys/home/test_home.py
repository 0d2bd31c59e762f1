"""What somebody finds first in a firm: by role, and by how far the firm has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import AddMember, CreateGroup, On
from ringfence.jobs.enqueue import enqueue
from tests.jobs.tasks import give_up_for_firm
from tests.support.jobs import do_waiting
from tests.web.cast import CAI, FORTUNE, PLAIN, Cast, do, grouped
from tests.web.reading import heading, link, rows, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.checks import PageClient


def at(cast: Cast, route: str) -> str:
    return reverse(route, args=[cast.firm])


@pytest.fixture
def lena(cast: Cast, signed_in: Callable[[Cast, str], PageClient]) -> PageClient:
    """The administrator of a firm that has nothing yet."""
    return signed_in(cast, "Lena")


def test_who_works_with_clients_begins_at_their_list(cast: Cast, cai: PageClient) -> None:
    assert heading(cai.get(at(cast, "firm-home"), follow=True)) == "Clients"


def test_an_administrator_finds_what_needs_a_look(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    do(cast.firm, CreateGroup(name="Idle", on=On.client(PLAIN)))
    response = owen.get(at(cast, "firm-home"))
    assert heading(response) == "Pike & Marlow"
    assert link(response, "1 access group gives nobody anything.") == at(cast, "groups") + "?show=nothing"
    open_to_all = "5 clients are open to everybody, in full or in part: nobody was given access to them."
    assert link(response, open_to_all) == at(cast, "unassigned-clients")
    new = "5 of the clients added in the last 14 days are still open to everybody."
    assert link(response, new) == at(cast, "report-new")
    assert "until" not in text(response)


def test_a_group_that_was_begun_is_gone_on_with(cast: Cast, owen: PageClient) -> None:
    owen.post(at(cast, "create-group"), {"kind": "custom"})
    owen.post(at(cast, "create-group-name"), {"name": "North"})
    response = owen.get(at(cast, "firm-home"))
    assert link(response, "You have begun to create the access group North.") == at(
        cast, "create-group-check"
    )


def test_groups_that_count_for_nothing_lead_to_turning_on(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, CreateGroup(name="VAT team", members=frozenset({CAI}), on=On.client(FORTUNE)))
    response = owen.get(at(cast, "firm-home"))
    assert link(response, "1 access group counts for nothing until access groups are turned on.") == at(
        cast, "turn-on"
    )
    assert "open to everybody" not in text(response)


def test_mail_that_failed_is_told_to_its_firm_alone(cast: Cast, owen: PageClient, lena: PageClient) -> None:
    with override_settings(SENDS_MAIL=True):
        enqueue(give_up_for_firm, cast.firm)
    do_waiting()
    said = "1 mail could not be sent, or other work not be done."
    assert link(owen.get(at(cast, "firm-home")), said) == at(cast, "firm-mail")
    assert said not in text(lena.get(reverse("firm-home", args=[cast.other])))


def test_an_auditor_finds_what_they_may_read_and_nothing_to_do(cast: Cast, ada: PageClient) -> None:
    grouped(cast.firm)
    response = ada.get(at(cast, "firm-home"))
    assert link(response, "Ledger") == at(cast, "ledger")
    assert link(response, "Reports") == at(cast, "reports")
    assert "First steps" not in text(response)
    assert "nobody was given access to them" not in text(response)


def test_an_auditor_finds_the_reports_on_access_with_their_numbers(
    cast: Cast, ada: PageClient, owen: PageClient
) -> None:
    grouped(cast.firm)
    response = ada.get(at(cast, "firm-home"))
    assert [(row[0], row[2]) for row in rows(response)] == [
        ("Closed to everybody", "0 clients"),
        ("With one holder", "0 clients"),
        ("New and still open to all", "6 clients"),
        ("Confidential", "0 clients"),
        ("Widest reach", "5 active"),
    ]
    assert link(response, "With one holder") == at(cast, "report-one-holder")
    assert "Widest reach" not in text(owen.get(at(cast, "firm-home")))


def test_an_empty_firm_says_what_to_do_first(cast: Cast, lena: PageClient) -> None:
    response = lena.get(reverse("firm-home", args=[cast.other]))
    listed = "or bring them in from a list"
    name = "Name the services that your firm provides"
    steps = f"Add your clients {listed} To do Add your team members and invite them {listed} To do Turn on"
    assert f"First steps {name} To do {steps}" in text(response)
    assert link(response, name) == reverse("services", args=[cast.other])
    assert link(response, "Add your clients") == reverse("add-client", args=[cast.other])


def test_members_who_were_never_invited_are_a_step_to_do(cast: Cast, lena: PageClient) -> None:
    do(cast.other, AddMember(name="Nobody yet", email="nobody@reed.example"))
    home = reverse("firm-home", args=[cast.other])
    assert "Add your team members and invite them or bring them in from a list To do" in text(lena.get(home))
    number = max(firm_state(cast.other).members)
    lena.post(reverse("invite-member", args=[cast.other, number]))
    assert "Add your team members and invite them Done" in text(lena.get(home))


def test_a_firm_that_has_begun_sees_how_far_it_is(cast: Cast, owen: PageClient) -> None:
    owen.post(reverse("invite-member", args=[cast.firm, CAI]))
    response = owen.get(at(cast, "firm-home"))
    assert "Add your clients Done Add your team members and invite them Done Turn on" in text(response)
    grouped(cast.firm)
    assert "First steps" not in text(owen.get(at(cast, "firm-home")))
