"""Who takes over from leavers, on pages: shown among the settings, chosen there, and chosen no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import ChangeMember, SetSuccessor
from ringfence.firms.models import Member
from tests.web.cast import ADA, CAI, DILYS, ENID, Cast, do
from tests.web.reading import link, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def name_of(cast: Cast, member: int) -> str:
    return Member.objects.get(firm_id=cast.firm, number=member).name


def settings(cast: Cast, client: PageClient) -> str:
    return text(client.get(reverse("settings", args=[cast.firm])))


def answered(client: PageClient, address: str, answer: str = "yes") -> Any:
    question = client.get(address)
    sent = {"version": value(question, "version"), "agreed": value(question, "agreed"), "answer": answer}
    return client.post(address, sent, follow=True)


def test_somebody_is_named_by_search_and_one_question(cast: Cast, owen: PageClient) -> None:
    assert "Who takes over from leavers Nobody" in settings(cast, owen)
    chooser = reverse("firm-successor", args=[cast.firm])
    address = link(owen.get(chooser, {"q": "Dilys"}), name_of(cast, DILYS))
    assert "takes over from leavers." in text(answered(owen, address))
    assert firm_state(cast.firm).successor == DILYS
    assert f"Who takes over from leavers {name_of(cast, DILYS)}" in settings(cast, owen)


def test_nobody_is_named_again_after_a_question(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, SetSuccessor(member=DILYS))
    offer = link(owen.get(reverse("firm-successor", args=[cast.firm])), "Let nobody take over")
    assert firm_state(cast.firm).successor == DILYS
    assert "Nobody takes over from leavers any more." in text(answered(owen, offer))
    assert firm_state(cast.firm).successor == 0


def test_no_changes_nothing(cast: Cast, owen: PageClient) -> None:
    answered(owen, reverse("set-firm-successor", args=[cast.firm, DILYS]), "no")
    assert firm_state(cast.firm).successor == 0


def test_offered_is_who_may_use_client_records_and_is_not_named_yet(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, SetSuccessor(member=DILYS))
    shown = text(owen.get(reverse("firm-successor", args=[cast.firm])))
    assert name_of(cast, CAI) in shown
    for other in (ENID, DILYS):
        assert name_of(cast, other) not in shown


@pytest.mark.parametrize("member", [ENID, ADA])
def test_who_uses_no_records_is_refused_by_any_address(cast: Cast, owen: PageClient, member: int) -> None:
    shown = text(owen.get(reverse("set-firm-successor", args=[cast.firm, member]), follow=True))
    assert "must be another active team member with the permission to use client records" in shown


def test_the_page_says_that_a_successor_can_take_over_no_more(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, SetSuccessor(member=DILYS))
    assert "Choose somebody else" not in settings(cast, owen)
    do(cast.firm, ChangeMember(member=DILYS, access=False))
    assert "They can use client records no more, so nobody takes over." in settings(cast, owen)


def test_an_auditor_reads_who_it_is_and_changes_nothing(cast: Cast, ada: PageClient) -> None:
    do(cast.firm, SetSuccessor(member=DILYS))
    page = ada.get(reverse("settings", args=[cast.firm]))
    assert f"Who takes over from leavers {name_of(cast, DILYS)}" in text(page)
    assert reverse("firm-successor", args=[cast.firm]) not in page.content.decode()
