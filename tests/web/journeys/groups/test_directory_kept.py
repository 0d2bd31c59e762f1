"""A group that the firm's directory keeps: its page says so, and offers no change of who is in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from ringfence.access import OPERATOR, execute, firm_state
from ringfence.core.commands import definitions as w
from ringfence.core.terms import EVERYONE
from tests.web.cast import CAI, Cast
from tests.web.checks import PageClient
from tests.web.reading import link, text, value

GROUP = 2


@pytest.fixture
def firm(cast: Cast) -> Cast:
    """A firm with a group that is kept here, with Cai in it."""
    execute(cast.firm, w.CreateGroup(name="Tax North", members=frozenset({CAI})), actor=OPERATOR)
    return cast


def members_page(cast: Cast, client: PageClient, group: int = GROUP) -> Any:
    return client.get(reverse("group-members", args=[cast.firm, group]))


def answered(client: PageClient, address: str, answer: str) -> Any:
    question = client.get(address)
    sent = {"version": value(question, "version"), "agreed": value(question, "agreed"), "answer": answer}
    return client.post(address, sent, follow=True)


def test_who_is_in_a_group_of_the_directory_s_is_not_changed_here(cast: Cast, owen: PageClient) -> None:
    made = w.CreateGroup(name="Tax North", members=frozenset({CAI}), directory=True)
    execute(cast.firm, made, actor=OPERATOR)
    page = owen.get(reverse("group-members", args=[cast.firm, 2])).content.decode()
    assert "The firm’s directory says who is in this" in page
    assert "Kept by the directory" in page
    for offer in ("Add team members", "Take team members out", "Take out", "Rename"):
        assert offer not in page
    assert "Delete" in page


def test_a_group_is_handed_to_the_directory_from_its_page(firm: Cast, owen: PageClient) -> None:
    offer = link(members_page(firm, owen), "Let the firm’s directory say who is in it")
    shown = text(answered(owen, offer, "yes"))
    assert "The directory says who is in Tax North from now on." in shown
    assert "Kept by the directory" in shown
    state = firm_state(firm.firm)
    assert GROUP in state.kept
    assert CAI in state.groups[GROUP]


def test_a_group_is_taken_back_from_its_page(firm: Cast, owen: PageClient) -> None:
    execute(firm.firm, w.ChangeGroup(group=GROUP, directory=True), actor=OPERATOR)
    shown = text(answered(owen, link(members_page(firm, owen), "Take back"), "yes"))
    assert "You say who is in Tax North from now on." in shown
    assert "Add team members" in shown
    assert GROUP not in firm_state(firm.firm).kept


@pytest.mark.parametrize("kept", [False, True])
def test_no_leaves_the_group_with_who_keeps_it(firm: Cast, owen: PageClient, kept: bool) -> None:
    if kept:
        execute(firm.firm, w.ChangeGroup(group=GROUP, directory=True), actor=OPERATOR)
    route = "take-back-group" if kept else "hand-over-group"
    answered(owen, reverse(route, args=[firm.firm, GROUP]), "no")
    assert (GROUP in firm_state(firm.firm).kept) is kept


def test_the_second_of_two_clicks_does_not_turn_it_round(firm: Cast, owen: PageClient) -> None:
    address = reverse("hand-over-group", args=[firm.firm, GROUP])
    answered(owen, address, "yes")
    version = firm_state(firm.firm).version
    assert owen.post(address, {"answer": "yes"})["Location"] == reverse(
        "group-members", args=[firm.firm, GROUP]
    )
    assert firm_state(firm.firm).version == version


def test_auditors_are_offered_neither(firm: Cast, ada: PageClient) -> None:
    assert "Let the firm’s directory" not in text(members_page(firm, ada))
    execute(firm.firm, w.ChangeGroup(group=GROUP, directory=True), actor=OPERATOR)
    assert "Take back" not in text(members_page(firm, ada))


def test_everyone_is_handed_to_no_directory(firm: Cast, owen: PageClient) -> None:
    assert "Let the firm’s directory" not in text(members_page(firm, owen, EVERYONE))
    assert owen.get(reverse("hand-over-group", args=[firm.firm, EVERYONE])).status_code == 404
