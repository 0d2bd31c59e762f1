"""Policies, and each member's own default grantees (rules.md 3 and 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import ChangeSettings, GrantTo, SetDefaults
from ringfence.core.terms import EVERYONE, Level, group_subject, member_subject
from tests.web.cast import CAI, DILYS, FORTUNE, Cast, do, make_cast
from tests.web.reading import errors, heading, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]
OF_DILYS, OF_EVERYONE = f"member-{DILYS}", f"group-{EVERYONE}"


@pytest.fixture
def planning(db: None) -> Cast:
    return make_cast("planning")


@pytest.fixture
def cai(planning: Cast, signed_in: SignIn) -> PageClient:
    return signed_in(planning, "Cai")


@pytest.fixture
def owen(planning: Cast, signed_in: SignIn) -> PageClient:
    return signed_in(planning, "Owen")


def allowed(cast: Cast) -> None:
    do(cast.firm, ChangeSettings(values={"personal_defaults": True}))


def mine(cast: Cast) -> str:
    return reverse("my-client-permissions", args=[cast.firm])


def policies(cast: Cast) -> str:
    return reverse("policies", args=[cast.firm])


def list_of(cast: Cast, member: int) -> dict[object, Level]:
    return {each.subject: each.level for each in firm_state(cast.firm).personal_defaults.get(member, ())}


# --- My client permissions


def test_the_list_is_found_from_clients_and_from_ones_own_account(planning: Cast, cai: PageClient) -> None:
    for route in ("clients", "your-account"):
        assert mine(planning) in cai.get(reverse(route, args=[planning.firm])).content.decode()


def test_where_no_policy_allows_a_list_nobody_is_led_to_one(db: None, signed_in: SignIn) -> None:
    cast = make_cast("kyc")
    cai = signed_in(cast, "Cai")
    clients = reverse("clients", args=[cast.firm])
    assert mine(cast) not in cai.get(clients).content.decode()
    allowed(cast)
    assert mine(cast) in cai.get(clients).content.decode()


def test_a_member_keeps_a_list_of_their_own(planning: Cast, cai: PageClient) -> None:
    allowed(planning)
    assert "Give access Dilys" in text(cai.get(mine(planning), {"search": "dilys"}))
    cai.post(mine(planning), {"go": f"add-{OF_DILYS}"})
    assert "You have changed this list and not saved it yet." in text(cai.get(mine(planning)))
    assert list_of(planning, CAI) == {}
    form = {"given": OF_DILYS, f"level-{OF_DILYS}": "reader", "go": "save"}
    page = cai.post(mine(planning), form, follow=True)
    assert "The list is saved." in text(page)
    assert list_of(planning, CAI) == {member_subject(DILYS): Level.READER}


def test_a_long_list_loses_nobody(planning: Cast, cai: PageClient) -> None:
    allowed(planning)
    # Whom the firm has no longer is left out, and pushes nobody off the end.
    gone = [f"member-{number}" for number in range(900, 1150)]
    cai.post(mine(planning), {"given": [*gone, OF_DILYS], f"level-{OF_DILYS}": "reader", "go": "save"})
    assert list_of(planning, CAI) == {member_subject(DILYS): Level.READER}


def test_a_list_changes_no_client_that_is_there(planning: Cast, cai: PageClient) -> None:
    allowed(planning)
    before = firm_state(planning.firm).holders_of(FORTUNE)
    cai.post(mine(planning), {"given": OF_DILYS, f"level-{OF_DILYS}": "owner", "go": "save"})
    assert firm_state(planning.firm).holders_of(FORTUNE) == before


def test_while_the_policy_forbids_it_the_list_is_read_only_and_says_why(
    planning: Cast, cai: PageClient
) -> None:
    allowed(planning)
    do(
        planning.firm,
        SetDefaults(grants=(GrantTo(to=member_subject(DILYS), level=Level.READER),), member=CAI),
    )
    do(planning.firm, ChangeSettings(values={"personal_defaults": False}))
    page = cai.get(mine(planning))
    assert "Your firm’s policies do not let users have a list of their own" in text(page)
    assert "Dilys: Reader" in text(page)
    assert 'value="save"' not in page.content.decode()
    cai.post(mine(planning), {"go": "save"})
    assert list_of(planning, CAI) == {member_subject(DILYS): Level.READER}


def test_an_administrator_changes_the_list_of_another_from_their_page(
    planning: Cast, owen: PageClient
) -> None:
    allowed(planning)
    there = reverse("client-permissions-of", args=[planning.firm, CAI])
    assert there in owen.get(reverse("member", args=[planning.firm, CAI])).content.decode()
    assert heading(owen.get(there)) == "Own client permissions of Cai"
    owen.post(there, {"given": OF_DILYS, f"level-{OF_DILYS}": "editor", "go": "save"})
    assert list_of(planning, CAI) == {member_subject(DILYS): Level.EDITOR}


def test_nobody_else_changes_the_list_of_another(planning: Cast, cai: PageClient) -> None:
    allowed(planning)
    there = reverse("client-permissions-of", args=[planning.firm, DILYS])
    assert cai.get(there).status_code == 403
    assert cai.post(there, {"go": "save"}).status_code == 403


def test_a_list_that_somebody_else_changed_meanwhile_is_shown_and_not_overwritten(
    planning: Cast, cai: PageClient
) -> None:
    allowed(planning)
    cai.post(mine(planning), {"go": f"add-{OF_DILYS}"})
    theirs = (GrantTo(to=member_subject(DILYS), level=Level.OWNER),)
    do(planning.firm, SetDefaults(grants=theirs, member=CAI))
    page = cai.post(mine(planning), {"given": OF_DILYS, f"level-{OF_DILYS}": "reader", "go": "save"})
    assert [href for _text, href in errors(page)] == ["#given"]
    assert list_of(planning, CAI) == {member_subject(DILYS): Level.OWNER}


def test_everyone_on_ones_list_needs_the_default_permissions_policy(planning: Cast, cai: PageClient) -> None:
    allowed(planning)
    form = {"given": OF_EVERYONE, f"level-{OF_EVERYONE}": "reader", "go": "save"}
    assert errors(cai.post(mine(planning), form))
    do(planning.firm, ChangeSettings(values={"default_everyone": "editor"}))
    cai.post(mine(planning), form)
    assert list_of(planning, CAI) == {group_subject(EVERYONE): Level.READER}


def test_changes_of_a_list_can_be_discarded(planning: Cast, cai: PageClient) -> None:
    allowed(planning)
    cai.post(mine(planning), {"go": f"add-{OF_DILYS}"})
    cai.post(mine(planning), {"go": "discard"})
    assert "Nobody is on the list." in text(cai.get(mine(planning)))


# --- Policies


def test_an_administrator_sees_what_a_policy_does_before_it_is_changed(
    planning: Cast, owen: PageClient
) -> None:
    assert policies(planning) in owen.get(reverse("manage", args=[planning.firm])).content.decode()
    form = {"everyone": "editor", "personal": "yes"}
    page = owen.post(policies(planning), form)
    assert heading(page) == "Check the change of your policies"
    assert "Nothing changes for what is there already" in text(page)
    assert firm_state(planning.firm).settings.default_everyone == "none"
    answer = {**form, "answer": "yes", "version": value(page, "version"), "agreed": value(page, "agreed")}
    page = owen.post(policies(planning), answer, follow=True)
    assert "Existing clients are as they were." in text(page)
    settings = firm_state(planning.firm).settings
    assert (settings.default_everyone, settings.personal_defaults) == ("editor", True)
    assert not firm_state(planning.firm).grants_of(group_subject(EVERYONE)).clients[Level.EDITOR - 1]


def test_a_policy_that_is_so_already_is_said_to_be(planning: Cast, owen: PageClient) -> None:
    page = owen.post(policies(planning), {"everyone": "none", "personal": "no"}, follow=True)
    assert "Nothing is changed" in text(page)


def test_both_questions_need_an_answer_of_those_offered(planning: Cast, owen: PageClient) -> None:
    page = owen.post(policies(planning), {"everyone": "blocked", "personal": "perhaps"})
    assert [href for _text, href in errors(page)] == ["#everyone", "#personal"]


def test_turning_lists_off_says_how_many_there_are(planning: Cast, owen: PageClient) -> None:
    allowed(planning)
    do(
        planning.firm,
        SetDefaults(grants=(GrantTo(to=member_subject(DILYS), level=Level.READER),), member=CAI),
    )
    page = owen.post(policies(planning), {"everyone": "none", "personal": "no"})
    assert "1 user has a list, which is kept." in text(page)


def test_policies_are_for_administrators(planning: Cast, cai: PageClient) -> None:
    assert cai.get(policies(planning)).status_code == 403
