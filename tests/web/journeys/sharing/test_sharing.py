"""Whoever may share a client finds it and does it: whom, what, until when, with what it does shown first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import AddMember, ChangeMember, ChangeSettings, On, SetGrant
from ringfence.core.terms import EVERYONE, Level, Target, group_subject, member_subject
from ringfence.firms.models import LedgerEntry
from tests.web.cast import (
    BAKER,
    CAI,
    DILYS,
    ENID,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    OWEN,
    VAT_GROUP,
    Cast,
    do,
    grouped,
    make_cast,
)
from tests.web.reading import errors, heading, link, names, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]


@pytest.fixture
def closed(cast: Cast) -> Cast:
    """Control on; Baker & Sons is Owen's alone, and Dilys manages access."""
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(OWEN),), on=On.client(BAKER), level=Level.EDITOR))
    do(cast.firm, ChangeMember(member=DILYS, manage_access=True))
    return cast


def with_member(cast: Cast, member: int, client: int = BAKER) -> str:
    return reverse("share-client-with-member", args=[cast.firm, client, member])


def give(client: PageClient, address: str, **fields: str) -> Any:
    """Fill the form in, look at what it does, and say yes."""
    question = client.post(address, fields)
    assert question.status_code == 200, errors(question)
    version = value(question, "version")
    return client.post(address, {**fields, "answer": "yes", "version": version}, follow=True)


def standing(cast: Cast, member: int, client: int = BAKER) -> Any:
    return firm_state(cast.firm).grants_of(member_subject(member)).grant_on(Target("client", client))


def test_who_manages_access_finds_a_client_that_they_cannot_open(closed: Cast, dilys: PageClient) -> None:
    listed = dilys.get(reverse("clients", args=[closed.firm]), {"search": "baker"})
    assert names(listed) == ["Baker & Sons No access"]
    page = dilys.get(link(listed, "Baker & Sons"))
    assert page.status_code == 403
    assert "You do not have access to the record of Baker & Sons." in text(page)
    shared = dilys.get(link(page, "Give, change or remove access"))
    choose = dilys.get(link(shared, "Share with an access group or team member"))
    assert heading(choose) == "Who do you want to give access to?"


def test_who_manages_access_gives_it_to_a_member(closed: Cast, dilys: PageClient) -> None:
    done = give(dilys, with_member(closed, CAI), level="editor")
    assert "The access of Cai is changed." in text(done)
    assert standing(closed, CAI).level is Level.EDITOR
    assert firm_state(closed.firm).sees(CAI, BAKER)


def test_what_it_does_is_shown_before_it_is_done(closed: Cast, dilys: PageClient) -> None:
    question = dilys.post(with_member(closed, CAI), {"level": "editor"})
    assert heading(question) == "Check the access of Cai"
    assert "Baker & Sons: Can view and manage, without an end" in text(question)
    assert "Who gains access Cai: Baker & Sons" in text(question)
    assert standing(closed, CAI) is None


def test_letting_oneself_in_is_said(closed: Cast, dilys: PageClient) -> None:
    question = dilys.post(with_member(closed, DILYS), {"level": "editor"})
    assert "By this you let yourself in" in text(question)


def test_no_changes_nothing(closed: Cast, dilys: PageClient) -> None:
    address = with_member(closed, CAI)
    version = value(dilys.post(address, {"level": "editor"}), "version")
    response = dilys.post(address, {"level": "editor", "answer": "no", "version": version})
    assert response["Location"] == reverse("share-client", args=[closed.firm, BAKER])
    assert standing(closed, CAI) is None


def test_a_yes_to_numbers_that_others_overtook_is_asked_again(closed: Cast, dilys: PageClient) -> None:
    address = with_member(closed, CAI)
    version = value(dilys.post(address, {"level": "editor"}), "version")
    do(closed.firm, AddMember(name="Fay"))
    again = dilys.post(address, {"level": "editor", "answer": "yes", "version": version})
    assert "Something was changed in the firm while you were reading" in text(again)
    assert standing(closed, CAI) is None


def test_access_is_given_until_the_end_of_a_day(closed: Cast, dilys: PageClient) -> None:
    until = {"until-day": "31", "until-month": "3", "until-year": "2199"}
    done = give(dilys, with_member(closed, CAI), level="editor", **until)
    assert ["Cai", "Can view and manage, until the end of 31 March 2199"] in [row[:2] for row in rows(done)]
    form = dilys.get(with_member(closed, CAI))
    assert [value(form, name) for name in until] == list(until.values())


@pytest.mark.parametrize(
    ("day", "error"),
    [
        (("31", "2", "2199"), "Enter a real day, like 31 3 2027"),
        (("1", "", "2199"), "Enter a real day, like 31 3 2027"),
        (("31", "12", "9999"), "Enter a real day, like 31 3 2027"),
        (("1", "1", "2020"), "Enter a day that is not over yet"),
        # What no page may hold is not sent back.
        (("1\x00", "3", "2199"), "Enter a real day, like 31 3 2027"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_what_to_do(
    day: tuple[str, str, str], error: str, closed: Cast, dilys: PageClient
) -> None:
    fields = dict(zip(("until-day", "until-month", "until-year"), day, strict=True))
    response = dilys.post(with_member(closed, CAI), {"level": "editor", **fields})
    assert errors(response) == [(error, "#until-day")]
    assert standing(closed, CAI) is None


@pytest.mark.parametrize("level", ["", "owner", "everything"])
def test_a_level_that_is_not_offered_is_refused(level: str, closed: Cast, dilys: PageClient) -> None:
    response = dilys.post(with_member(closed, CAI), {"level": level})
    assert errors(response) == [("Select what they may do", "#level")]


def test_a_group_is_given_access_and_it_is_taken_away_again(closed: Cast, dilys: PageClient) -> None:
    address = reverse("share-client-with-group", args=[closed.firm, BAKER, VAT_GROUP])
    give(dilys, address, level="editor")
    assert firm_state(closed.firm).sees(CAI, BAKER)
    done = give(dilys, address, level="none")
    assert names(done) == ["Owen"]
    assert not firm_state(closed.firm).sees(CAI, BAKER)


def test_taking_away_the_last_grant_shows_that_it_opens_the_client(closed: Cast, dilys: PageClient) -> None:
    question = dilys.post(with_member(closed, OWEN), {"level": "none"})
    assert "becomes open to everybody" in text(question)


def test_who_may_not_share_a_client_that_they_see_is_told_so(closed: Cast, cai: PageClient) -> None:
    response = cai.get(reverse("share-client-with", args=[closed.firm, FORTUNE]))
    assert response.status_code == 403
    shared = cai.get(reverse("share-client", args=[closed.firm, FORTUNE]))
    assert "Share with" not in text(shared)


@pytest.mark.parametrize(
    ("route", "more"),
    [
        ("share-client", []),
        ("share-client-with", []),
        ("share-client-with-member", [2]),
        ("share-client-with-group", [2]),
        ("stop-sharing", ["member", 1, 0]),
        ("choose-owner", []),
        ("make-owner", [2]),
    ],
)
def test_a_client_that_one_may_not_know_of_does_not_exist(
    route: str, more: list[Any], closed: Cast, cai: PageClient
) -> None:
    address = reverse(route, args=[closed.firm, BAKER, *more])
    assert cai.get(address).status_code == 404
    if len(more):
        assert cai.post(address, {"level": "editor"}).status_code == 404


def test_whom_there_is_not_one_cannot_give_access(closed: Cast, dilys: PageClient) -> None:
    assert dilys.get(with_member(closed, 99)).status_code == 404
    nobody = reverse("share-client-with-group", args=[closed.firm, BAKER, 99])
    assert dilys.get(nobody).status_code == 404


def test_whoever_the_proof_names_can_do_it(closed: Cast, owen: PageClient, dilys: PageClient) -> None:
    why = owen.get(reverse("why-member", args=[closed.firm, BAKER, CAI]))
    assert "Dilys" in text(why)
    assert dilys.get(reverse("share-client", args=[closed.firm, BAKER])).status_code == 200


def test_groups_and_members_are_found_by_name_or_address(closed: Cast, dilys: PageClient) -> None:
    here = reverse("share-client-with", args=[closed.firm, BAKER])
    assert names(dilys.get(here)) == ["Everyone", "VAT team", "Ada", "Cai", "Dilys", "Enid", "Owen"]
    assert names(dilys.get(here, {"search": "enid@"})) == ["Enid"]
    assert names(dilys.get(here, {"search": "vat"})) == ["VAT team"]


def test_who_shares_by_the_setting_gives_no_more_than_they_have(db: None, signed_in: SignIn) -> None:
    planning = make_cast("planning", mark="-levels")
    do(planning.firm, ChangeSettings(values={"sharing": "anyone_with_access"}))
    do(planning.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.READER))
    cai = signed_in(planning, "Cai")
    refused = cai.post(with_member(planning, ENID), {"level": "editor"})
    assert [where for _, where in errors(refused)] == ["#level"]
    assert standing(planning, ENID) is None
    give(cai, with_member(planning, DILYS), level="reader")
    assert standing(planning, DILYS).level is Level.READER


def test_a_fee_split_outlasts_a_change_of_the_level(db: None, signed_in: SignIn) -> None:
    practice = make_cast("practice", mark="-splits")
    linked = SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.READER, fee_split=1250)
    do(practice.firm, linked)
    give(signed_in(practice, "Owen"), with_member(practice, CAI), level="owner")
    assert (standing(practice, CAI).level, standing(practice, CAI).fee_split) == (Level.OWNER, 1250)


def test_everyone_is_refused_where_the_firm_does_not_allow_it(db: None, signed_in: SignIn) -> None:
    planning = make_cast("planning", mark="-everyone")
    address = reverse("share-client-with-group", args=[planning.firm, BAKER, EVERYONE])
    response = signed_in(planning, "Owen").post(address, {"level": "reader"})
    assert "do not let Everyone be given access" in errors(response)[0][0]
    held = firm_state(planning.firm).grants_of(group_subject(EVERYONE))
    assert held.grant_on(Target("client", BAKER)) is None


def test_giving_what_stands_says_that_it_would_change_nothing(closed: Cast, dilys: PageClient) -> None:
    give(dilys, with_member(closed, CAI), level="editor")
    before = LedgerEntry.objects.filter(firm=closed.firm).count()
    response = dilys.post(with_member(closed, CAI), {"level": "editor"})
    assert response.status_code == 422
    assert LedgerEntry.objects.filter(firm=closed.firm).count() == before


def test_what_was_given_on_one_service_is_told_with_it(closed: Cast, dilys: PageClient) -> None:
    page = dilys.get(reverse("share-client-with", args=[closed.firm, FORTUNE]))
    assert ["VAT team", "access group", "VAT: Can view and manage"] in rows(page)
    form = dilys.get(reverse("share-client-with-group", args=[closed.firm, FORTUNE, VAT_GROUP]))
    assert "VAT: Can view and manage" in text(form)


def test_one_service_of_a_client_is_given_changed_and_removed(closed: Cast, dilys: PageClient) -> None:
    on = Target("engagement", FORTUNE_INCOME_TAX)
    form = dilys.get(with_member(closed, ENID, FORTUNE))
    one = dilys.get(link(form, "Income Tax"))
    assert "Their access to Income Tax" in text(one)
    assert link(one, "The whole client") == with_member(closed, ENID, FORTUNE)
    shared = give(dilys, one.wsgi_request.path, level="editor")
    held = firm_state(closed.firm).grants_of(member_subject(ENID))
    assert (held.level_on(on), held.grant_on(Target("client", FORTUNE))) == (Level.EDITOR, None)
    (theirs,) = (row for row in rows(shared) if row[0] == "Enid")
    assert theirs[1].startswith("Can view and manage Income Tax ")
    change = dilys.get(link(shared, "Change the access of Enid: Income Tax"))
    given = {"until-day": "31", "until-month": "3", "until-year": "2125"}
    again = give(dilys, change.wsgi_request.path, level="editor", **given)
    assert "until the end of 31 March 2125" in text(again)
    give(dilys, change.wsgi_request.path, level="none")
    assert firm_state(closed.firm).grants_of(member_subject(ENID)).grant_on(on) is None


def test_a_client_with_one_service_is_given_as_a_whole(closed: Cast, dilys: PageClient) -> None:
    assert "Or give access to one service alone" not in text(dilys.get(with_member(closed, ENID)))


def test_a_service_of_another_client_is_not_there_to_be_given(closed: Cast, dilys: PageClient) -> None:
    place = [closed.firm, BAKER, ENID, FORTUNE_INCOME_TAX]
    assert dilys.get(reverse("share-service-with-member", args=place)).status_code == 404


def test_who_shares_and_may_not_read_the_ledger_is_not_told_what_others_did(
    closed: Cast, dilys: PageClient, owen: PageClient
) -> None:
    do(closed.firm, AddMember(name="Secret Arrival"), member=OWEN)
    answered = {"level": "editor", "answer": "yes", "version": "1"}
    told = owen.post(with_member(closed, CAI), answered)
    assert "Team member added" in text(told)
    question = dilys.post(with_member(closed, CAI), answered)
    assert errors(question) == errors(told)
    assert "Team member added" not in text(question)
    assert standing(closed, CAI) is None


def test_whoever_may_not_share_with_everyone_is_told_why_it_is_not_there(
    closed: Cast, dilys: PageClient
) -> None:
    choose = reverse("share-client-with", args=[closed.firm, BAKER])
    assert "Everyone" in names(dilys.get(choose))
    do(closed.firm, ChangeSettings(values={"everyone_grants": "with_default"}))
    page = dilys.get(choose)
    assert "Everyone" not in names(page)
    assert "while the firm’s default permissions policy is turned on" in text(page)


def test_what_everyone_has_already_can_still_be_lowered(closed: Cast, dilys: PageClient) -> None:
    everyone = (group_subject(EVERYONE),)
    do(closed.firm, SetGrant(to=everyone, on=On.client(BAKER), level=Level.EDITOR))
    do(closed.firm, ChangeSettings(values={"everyone_grants": "no"}))
    assert "Everyone" in names(dilys.get(reverse("share-client-with", args=[closed.firm, BAKER])))
