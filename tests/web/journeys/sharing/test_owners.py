"""The owners of a client: one more, or another in their place; in firms of one level too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import AddMember, ChangeSettings, On, SetGrant
from ringfence.core.terms import Level, Target, member_subject
from tests.web.cast import BAKER, CAI, DILYS, ENID, OWEN, Cast, do, make_cast
from tests.web.journeys.sharing.test_panel import narrowed, panel
from tests.web.reading import errors, heading, link, names, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]


def making(cast: Cast, member: int, instead: int = 0) -> str:
    address = reverse("make-owner", args=[cast.firm, BAKER, member])
    return f"{address}?instead={instead}" if instead else address


def make(client: PageClient, address: str, then: str, instead: int = 0) -> Any:
    """Say what becomes of the present ones, look at what it does, and say yes."""
    form = {"then": then, "instead": str(instead or "")}
    question = client.post(address, form)
    assert question.status_code == 200, errors(question)
    return client.post(address, {**form, **yes(question)}, follow=True)


def yes(question: Any) -> dict[str, str]:
    """The answer to what is shown."""
    return {"answer": "yes", "version": value(question, "version"), "agreed": value(question, "agreed")}


def level(cast: Cast, member: int) -> Level | None:
    held = firm_state(cast.firm).grants_of(member_subject(member)).grant_on(Target("client", BAKER))
    return held.level if held is not None else None


@pytest.fixture
def kyc(db: None) -> Cast:
    return narrowed()


@pytest.mark.parametrize("who", ["Cai", "Owen"])
def test_an_owner_and_an_administrator_add_one(who: str, kyc: Cast, signed_in: SignIn) -> None:
    client = signed_in(kyc, who)
    choose = client.get(link(client.get(panel(kyc)), "Add a case owner or hand over"))
    assert heading(choose) == "Who should be a case owner?"
    assert names(choose) == ["Cai", "Dilys", "Owen"]
    form = client.get(link(choose, "Dilys"))
    assert heading(form) == "Make Dilys a case owner"
    assert "What becomes of Cai?" in text(form)
    done = make(client, making(kyc, DILYS), "keep")
    assert "Dilys is a case owner now." in text(done)
    assert (level(kyc, CAI), level(kyc, DILYS)) == (Level.OWNER, Level.OWNER)


def test_an_owner_hands_over_and_goes_on_working(kyc: Cast, signed_in: SignIn) -> None:
    done = make(signed_in(kyc, "Cai"), making(kyc, DILYS), "lower")
    assert (level(kyc, CAI), level(kyc, DILYS)) == (Level.EDITOR, Level.OWNER)
    assert "Share with" not in text(done)


def test_an_owner_hands_over_and_leaves(kyc: Cast, signed_in: SignIn) -> None:
    make(signed_in(kyc, "Cai"), making(kyc, DILYS), "remove")
    assert (level(kyc, CAI), level(kyc, DILYS)) == (None, Level.OWNER)


def test_what_becomes_of_the_present_ones_is_asked(kyc: Cast, signed_in: SignIn) -> None:
    page = signed_in(kyc, "Cai").post(making(kyc, DILYS), {"then": ""})
    assert errors(page) == [("Select what becomes of Cai", "#then")]


def test_a_client_without_owner_is_given_one_at_once(kyc: Cast, signed_in: SignIn) -> None:
    owen = signed_in(kyc, "Owen")
    make(owen, making(kyc, OWEN), "remove")
    assert (level(kyc, CAI), level(kyc, OWEN)) == (None, Level.OWNER)
    question = owen.get(making(kyc, OWEN))
    assert heading(question) == "Make Owen a case owner"


def test_the_last_owner_leaves_with_a_successor(db: None, signed_in: SignIn) -> None:
    planning = make_cast("planning")
    do(planning.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.OWNER))
    cai = signed_in(planning, "Cai")
    form = cai.get(making(planning, DILYS, instead=CAI))
    assert "They stay as they are" not in text(form)
    make(cai, making(planning, DILYS), "remove", instead=CAI)
    assert (level(planning, CAI), level(planning, DILYS)) == (None, Level.OWNER)


def test_who_hands_over_what_is_hidden_from_them_then_is_led_home(db: None, signed_in: SignIn) -> None:
    planning = make_cast("planning")
    do(planning.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.OWNER))
    done = make(signed_in(planning, "Cai"), making(planning, DILYS), "remove", instead=CAI)
    assert done.status_code == 200
    assert "Dilys is an owner now." in text(done)


def test_only_the_one_whose_place_is_taken_goes(db: None, signed_in: SignIn) -> None:
    planning = make_cast("planning")
    for member in (CAI, OWEN):
        do(planning.firm, SetGrant(to=(member_subject(member),), on=On.client(BAKER), level=Level.OWNER))
    make(signed_in(planning, "Owen"), making(planning, DILYS), "remove", instead=CAI)
    assert [level(planning, each) for each in (CAI, OWEN, DILYS)] == [None, Level.OWNER, Level.OWNER]


def test_who_shares_with_less_than_owner_makes_none(kyc: Cast, signed_in: SignIn) -> None:
    do(kyc.firm, ChangeSettings(values={"sharing": "anyone_with_access"}))
    do(kyc.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.EDITOR))
    dilys = signed_in(kyc, "Dilys")
    assert "Add a case owner" not in text(dilys.get(panel(kyc)))
    refused = dilys.post(making(kyc, DILYS), {"then": "keep", "instead": ""})
    assert "This is above your own level." in text(refused)
    assert level(kyc, DILYS) is Level.EDITOR


def test_who_uses_no_records_is_no_successor(kyc: Cast, signed_in: SignIn) -> None:
    choose = signed_in(kyc, "Owen").get(reverse("choose-owner", args=[kyc.firm, BAKER]))
    assert "Enid" not in names(choose)
    assert ENID in firm_state(kyc.firm).members


def test_others_who_were_quicker_are_told_to_who_may_read_the_ledger_alone(
    kyc: Cast, signed_in: SignIn
) -> None:
    cai = signed_in(kyc, "Cai")
    form = {"then": "keep", "instead": ""}
    question = cai.post(making(kyc, DILYS), form)
    do(kyc.firm, AddMember(name="Secret Arrival"))
    again = cai.post(making(kyc, DILYS), {**form, **yes(question)})
    assert "Something was changed in the firm while you were reading" in text(again)
    assert "What was changed meanwhile" not in text(again)
    assert level(kyc, DILYS) is None


def test_lowering_the_last_owner_offers_to_name_a_successor(db: None, signed_in: SignIn) -> None:
    planning = make_cast("planning")
    do(planning.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.OWNER))
    cai = signed_in(planning, "Cai")
    address = reverse("share-client-with-member", args=[planning.firm, BAKER, CAI])
    page = cai.post(address, {"level": "reader"})
    assert errors(page)[0][0].startswith("Every client needs a person as Owner")
    choose = cai.get(link(page, "Name a successor"))
    assert "In the place of Cai." in text(choose)
    assert level(planning, CAI) is Level.OWNER


def test_an_owner_lowers_themselves_while_another_stays(db: None, signed_in: SignIn) -> None:
    planning = make_cast("planning")
    for member in (CAI, OWEN):
        do(planning.firm, SetGrant(to=(member_subject(member),), on=On.client(BAKER), level=Level.OWNER))
    cai = signed_in(planning, "Cai")
    address = reverse("share-client-with-member", args=[planning.firm, BAKER, CAI])
    question = cai.post(address, {"level": "none"})
    done = cai.post(address, {"level": "none", **yes(question)}, follow=True)
    assert "The access of Cai is changed." in text(done)
    assert level(planning, CAI) is None
