"""Principals, and freezing a leaver: who is offered what, what it does, and its opposite."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import ChangeMember
from ringfence.core.terms import Level, Role
from tests.support.advisers import (
    ASSISTANT,
    FIRST,
    FROZEN,
    LINDQVIST,
    OKAFOR,
    PRINCIPAL,
    SECOND,
    Practice,
    practice,
)
from tests.web.cast import CAI, Cast, do
from tests.web.checks import PageClient
from tests.web.reading import link, rows, text, value


@pytest.fixture
def firm(db: None) -> Practice:
    made = practice()
    do(made.firm, ChangeMember(member=SECOND, role=Role.ADMINISTRATOR))
    return made


def signed_in(firm: Practice, name: str) -> PageClient:
    client = PageClient()
    client.force_login(firm.users[name])
    return client


def page(firm: Practice, name: str, member: int, route: str = "member") -> Any:
    return signed_in(firm, name).get(reverse(route, args=[firm.firm, member]))


def answered(firm: Practice, route: str, member: int) -> Any:
    client, address = signed_in(firm, "Principal"), reverse(route, args=[firm.firm, member])
    version = value(client.get(address), "version")
    return client.post(address, {"answer": "yes", "version": version}, follow=True)


def test_freezing_keeps_the_profile_and_all_that_was_given(firm: Practice) -> None:
    question = page(firm, "Principal", FIRST, "freeze-member")
    # Whoever Adviser 1 delegates to loses the client with them.
    assert (
        "Who loses access Adviser 1: Mr and Mrs Okafor, Unlinked Enquiry Assistant 1: Mr and Mrs Okafor"
        in (text(question))
    )
    assert "Adviser 1 is frozen and opens no client." in text(answered(firm, "freeze-member", FIRST))
    now = firm_state(firm.firm)
    assert now.members[FIRST].active
    assert not now.seen_by(FIRST)
    assert not now.sees(ASSISTANT, OKAFOR)
    assert (FIRST, ASSISTANT) in now.delegations


def test_its_opposite_lets_what_was_given_count_again(firm: Practice) -> None:
    do(firm.firm, ChangeMember(member=FIRST, access=False))
    shown = page(firm, "Principal", FIRST)
    assert link(shown, "Let them use client records") == reverse("unfreeze-member", args=[firm.firm, FIRST])
    answered(firm, "unfreeze-member", FIRST)
    assert firm_state(firm.firm).client_level(ASSISTANT, OKAFOR) is Level.OWNER


def test_frozen_twice_is_frozen_once(firm: Practice) -> None:
    assert page(firm, "Principal", FROZEN, "freeze-member").status_code == 302
    assert page(firm, "Principal", FIRST, "unfreeze-member").status_code == 302


def test_a_page_of_a_frozen_member_says_what_they_may_not(firm: Practice) -> None:
    assert "May not use client records." in text(page(firm, "Principal", FROZEN))


def roles(response: Any) -> str:
    return text(response).split("Role", 1)[1].split("Permissions")[0]


def test_the_role_of_a_principal_is_offered_to_principals_alone(firm: Practice) -> None:
    assert "Principal Manages the firm" in roles(page(firm, "Principal", FIRST, "change-member"))
    offered = roles(page(firm, "Adviser 2", FIRST, "change-member"))
    assert "Principal Manages the firm" not in offered
    assert "Only a principal can make somebody a principal." in offered
    added = signed_in(firm, "Adviser 2").get(reverse("add-member", args=[firm.firm]))
    assert "Only a principal can make somebody a principal." in text(added)


def test_a_principal_is_unmade_and_deactivated_by_principals_alone(firm: Practice) -> None:
    offered = page(firm, "Adviser 2", PRINCIPAL, "change-member")
    assert "Only a principal can take this role away from somebody." in roles(offered)
    assert "Standard" not in roles(offered)
    assert "Deactivate" not in text(page(firm, "Adviser 2", PRINCIPAL))
    assert "Deactivate" in text(page(firm, "Principal", FIRST))


def test_where_there_is_no_principal_an_administrator_may_make_the_first(
    cast: Cast, owen: PageClient
) -> None:
    offered = owen.get(reverse("change-member", args=[cast.firm, CAI]))
    assert "Principal Manages the firm" in roles(offered)


def test_the_page_of_a_person_leads_to_their_delegations(firm: Practice) -> None:
    shown = page(firm, "Principal", FIRST)
    address = link(shown, "Make, change or end delegations of Adviser 1")
    assert address == reverse("member-delegations", args=[firm.firm, FIRST])
    assert LINDQVIST in firm_state(firm.firm).clients


def test_the_list_says_whose_permissions_are_not_as_most_have_them(firm: Practice) -> None:
    listed = signed_in(firm, "Principal").get(reverse("team", args=[firm.firm]))
    roles_of = {row[0].removesuffix(" Not invited yet"): row[2] for row in rows(listed)}
    assert roles_of["Adviser 1"] == "Standard"
    assert roles_of["Office Manager"] == "Standard May manage access"
    assert roles_of["Receptionist"] == "Standard May not use client records"


def test_ones_own_account_says_both_permissions(firm: Practice) -> None:
    account = signed_in(firm, "Office Manager").get(reverse("your-account", args=[firm.firm]))
    assert "You may use client records. You may manage who has access to every client." in text(account)
