"""Taking access to a client away from a group or member, with what that does (rules.md 5, 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import On, SetGrant
from ringfence.core.terms import EVERYONE, Level, Subject, Target, group_subject, member_subject
from tests.web.cast import (
    BAKER,
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_VAT,
    OWEN,
    VAT_GROUP,
    Cast,
    do,
    grouped,
    make_cast,
)
from tests.web.journeys.sharing.test_panel import narrowed, panel
from tests.web.reading import heading, link, names, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]


def removal(cast: Cast, kind: str, number: int, engagement: int = 0, client: int = BAKER) -> str:
    return reverse("stop-sharing", args=[cast.firm, client, kind, number, engagement])


def remove(client: PageClient, address: str) -> Any:
    """Look at what it does, and say yes."""
    question = client.get(address)
    assert question.status_code == 200
    return client.post(address, {"answer": "yes", "version": value(question, "version")}, follow=True)


def standing(cast: Cast, subject: Subject, target: Target | None = None) -> Any:
    return firm_state(cast.firm).grants_of(subject).grant_on(target or Target("client", BAKER))


@pytest.fixture
def kyc(db: None) -> Cast:
    return narrowed()


@pytest.fixture
def planning(db: None) -> Cast:
    """Control on; Cai and Owen own Baker & Sons, whose Owner must be a person."""
    cast = make_cast("planning")
    for member in (CAI, OWEN):
        do(cast.firm, SetGrant(to=(member_subject(member),), on=On.client(BAKER), level=Level.OWNER))
    return cast


def test_a_group_is_removed_with_who_loses_by_it_shown_first(kyc: Cast, signed_in: SignIn) -> None:
    cai = signed_in(kyc, "Cai")
    address = link(cai.get(panel(kyc)), "Remove the access of Onboarding")
    question = cai.get(address)
    assert heading(question) == "Remove the access of Onboarding to Baker & Sons"
    assert "Who loses access Owen: Baker & Sons" in text(question)
    assert standing(kyc, group_subject(2)) is not None
    done = remove(cai, address)
    assert "The access of Onboarding to Baker & Sons is removed." in text(done)
    assert names(done) == ["Cai Case owner"]


def test_a_single_user_is_removed(kyc: Cast, signed_in: SignIn) -> None:
    do(kyc.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.EDITOR))
    remove(signed_in(kyc, "Cai"), removal(kyc, "member", DILYS))
    assert not firm_state(kyc.firm).sees(DILYS, BAKER)


def test_everyone_is_removed_and_who_was_given_it_stays(kyc: Cast, signed_in: SignIn) -> None:
    do(kyc.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    remove(signed_in(kyc, "Owen"), removal(kyc, "group", EVERYONE, client=FORTUNE))
    now = firm_state(kyc.firm)
    assert [now.sees(each, FORTUNE) for each in (CAI, DILYS)] == [True, False]


def test_what_was_given_on_one_service_is_removed_from_it(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    done = remove(owen, removal(cast, "group", VAT_GROUP, FORTUNE_VAT, client=FORTUNE))
    assert "The access of VAT team to Fortune 500 · VAT is removed." in text(done)
    on = Target("engagement", FORTUNE_VAT)
    assert standing(cast, group_subject(VAT_GROUP), on) is None


def test_what_is_gone_already_is_no_question(kyc: Cast, signed_in: SignIn) -> None:
    response = signed_in(kyc, "Cai").get(removal(kyc, "member", DILYS))
    assert response["Location"] == panel(kyc)


def test_nobody_is_removed_by_who_may_not_share(kyc: Cast, signed_in: SignIn) -> None:
    dilys = signed_in(kyc, "Dilys")
    assert dilys.get(removal(kyc, "member", CAI)).status_code == 403
    assert dilys.post(removal(kyc, "member", CAI), {"answer": "yes", "version": "1"}).status_code == 403
    assert standing(kyc, member_subject(CAI)) is not None


@pytest.mark.parametrize(
    ("kind", "number", "engagement"), [("team", 2, 0), ("group", 99, 0), ("member", CAI, 1)]
)
def test_what_is_not_there_is_not_removed(
    kind: str, number: int, engagement: int, kyc: Cast, signed_in: SignIn
) -> None:
    assert signed_in(kyc, "Cai").get(removal(kyc, kind, number, engagement)).status_code == 404


def test_an_owner_leaves_while_another_stays(planning: Cast, signed_in: SignIn) -> None:
    done = remove(signed_in(planning, "Cai"), removal(planning, "member", CAI))
    assert done.status_code == 200
    assert "The access of Cai to Baker & Sons is removed." in text(done)
    assert heading(done) == "Clients"


def test_the_last_owner_is_led_to_name_a_successor(planning: Cast, signed_in: SignIn) -> None:
    owen = signed_in(planning, "Owen")
    remove(owen, removal(planning, "member", CAI))
    page = owen.get(removal(planning, "member", OWEN), follow=True)
    assert "Every client needs a person as Owner" in text(page)
    assert heading(page) == "Who should be an owner?"
    assert "In the place of Owen." in text(page)
    assert "Owen" not in names(page)
    assert standing(planning, member_subject(OWEN)).level is Level.OWNER
