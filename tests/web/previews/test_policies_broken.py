"""Previews and refusals name the policies that a change breaks to who may know of them, to others never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core import statements as st
from ringfence.core.commands.definitions import ChangeSettings, On, SetGrant, SetPolicy, TurnOn
from ringfence.core.terms import Level, member_subject
from tests.web.cast import BAKER, CAI, DILYS, Cast, do
from tests.web.reading import text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


@pytest.fixture
def closed(cast: Cast) -> Cast:
    """Control on and nothing open to all; Dilys owns Baker & Sons, and owners share."""
    do(cast.firm, TurnOn())
    do(cast.firm, ChangeSettings(values={"unassigned": "none", "sharing": "owners", "levels": "four"}))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.OWNER))
    return cast


def cai_keeps_out(cast: Cast, mode: st.PolicyMode) -> None:
    said = st.Never(
        members=st.MembersMeant(members=frozenset({CAI})),
        clients=st.ClientsMeant(clients=frozenset({BAKER})),
    )
    do(cast.firm, SetPolicy(name="Project Heron", mode=mode, statements=(said,)))


def shared_with_cai(client: PageClient, cast: Cast, *, sure: bool = False) -> str:
    """The page that comes of giving Cai access to Baker & Sons; `sure`: with yes to its question."""
    where = reverse("share-client-with-member", args=[cast.firm, BAKER, CAI])
    answer = {"level": "reader", "ends": "no", "until": "no"}
    page = client.post(where, answer)
    if sure and page.status_code == 200:
        fields = {name: value(page, name) for name in ("version", "agreed")}
        page = client.post(where, {**answer, **fields, "answer": "yes"}, follow=True)
    return text(client.get(page["Location"]) if "Location" in page else page)


def test_an_administrator_is_told_which_policy_a_change_breaks(closed: Cast, owen: PageClient) -> None:
    cai_keeps_out(closed, "warn")
    page = shared_with_cai(owen, closed)
    assert "Policies of your firm that this breaks" in page
    assert "Project Heron: Warns" in page


def test_whoever_shares_is_told_only_that_there_is_one(closed: Cast, dilys: PageClient) -> None:
    cai_keeps_out(closed, "warn")
    page = shared_with_cai(dilys, closed)
    assert "This breaks 1 policy of your firm." in page
    assert "Heron" not in page


def test_a_refusal_names_the_policy_to_administrators(closed: Cast, owen: PageClient) -> None:
    cai_keeps_out(closed, "refuse")
    assert "The policies are: Project Heron." in shared_with_cai(owen, closed, sure=True)
    assert not firm_state(closed.firm).sees(CAI, BAKER)


def test_a_refusal_does_not_name_it_to_who_shares(closed: Cast, dilys: PageClient) -> None:
    cai_keeps_out(closed, "refuse")
    page = shared_with_cai(dilys, closed, sure=True)
    assert "A policy of the firm holds now and would not hold after this." in page
    assert "Heron" not in page
    assert not firm_state(closed.firm).sees(CAI, BAKER)
