"""Fee splits: linking an adviser with one, changing it, what is refused, who loses and gains by a link."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import ChangeSettings
from ringfence.core.terms import EVERYONE, Level, Target, member_subject
from ringfence.firms.models import LedgerEntry
from tests.support.advisers import FIRST, IYER, OKAFOR, OPEN, SECOND, Practice, link, practice
from tests.web.cast import do
from tests.web.checks import PageClient
from tests.web.reading import errors, rows, text, value


@pytest.fixture
def firm(db: None) -> Practice:
    return practice()


def signed_in(firm: Practice, name: str) -> PageClient:
    client = PageClient()
    client.force_login(firm.users[name])
    return client


def at(firm: Practice, client: int, member: int) -> str:
    return reverse("share-client-with-member", args=[firm.firm, client, member])


def asked(firm: Practice, name: str, client: int, member: int, split: str, level: str = "owner") -> Any:
    """What is answered to the form of a link, as it was filled in by somebody."""
    return signed_in(firm, name).post(at(firm, client, member), {"level": level, "fee_split": split})


def saved(firm: Practice, name: str, client: int, member: int, split: str, level: str = "owner") -> Any:
    question = asked(firm, name, client, member, split, level)
    assert question.status_code == 200, errors(question)
    sent = {"level": level, "fee_split": split, "answer": "yes", "version": value(question, "version")}
    return signed_in(firm, name).post(at(firm, client, member), sent, follow=True)


def split_of(firm: Practice, client: int, member: int) -> int | None:
    terms = firm_state(firm.firm).grants_of(member_subject(member)).grant_on(Target("client", client))
    assert terms is not None
    assert terms.level is Level.OWNER
    return terms.fee_split


def test_a_linked_adviser_links_another_with_nothing_which_gives_access(firm: Practice) -> None:
    """The 0 % of practice-delegation.txt: access, for the assistant of the linked adviser too."""
    form = signed_in(firm, "Adviser 1").get(at(firm, OKAFOR, SECOND))
    assert value(form, "fee_split") == "0"
    assert "0 gives access without commission. Others have 60% of this client, so it can be 40% at most." in (
        text(form)
    )
    saved(firm, "Adviser 1", OKAFOR, SECOND, "0")
    assert split_of(firm, OKAFOR, SECOND) == 0
    assert firm_state(firm.firm).sees(SECOND, OKAFOR)


@pytest.mark.parametrize(("typed", "kept"), [("33.33", 3333), ("40", 4000), ("12.5 %", 1250), ("", None)])
def test_a_split_has_two_decimals_at_most(firm: Practice, typed: str, kept: int | None) -> None:
    saved(firm, "Principal", OKAFOR, SECOND, typed)
    assert split_of(firm, OKAFOR, SECOND) == kept


def test_the_check_of_a_link_says_which_split_it_is_given(firm: Practice) -> None:
    assert "Linked adviser, fee split 12.5%, without an end" in text(
        asked(firm, "Principal", OKAFOR, SECOND, "12.5")
    )
    assert "Linked adviser, without an end" in text(asked(firm, "Principal", OKAFOR, SECOND, ""))


@pytest.mark.parametrize("typed", ["50.001", "101", "-1", "half", "1e1", "50,5", "٥"])
def test_what_is_no_share_of_a_hundred_is_refused_and_kept(firm: Practice, typed: str) -> None:
    entries = LedgerEntry.objects.filter(firm=firm.firm).count()
    answer = asked(firm, "Principal", OKAFOR, SECOND, typed)
    assert errors(answer) == [
        (
            "A fee split is from 0 to 100 per cent, with at most two decimals. Enter such a number.",
            "#fee_split",
        )
    ]
    assert value(answer, "fee_split") == typed
    assert LedgerEntry.objects.filter(firm=firm.firm).count() == entries


def test_more_than_a_hundred_on_one_client_is_refused_and_kept(firm: Practice) -> None:
    answer = asked(firm, "Principal", OKAFOR, SECOND, "41")
    assert errors(answer) == [
        ("The fee splits on this client would add up to more than 100 per cent. Enter less.", "#fee_split")
    ]
    assert value(answer, "fee_split") == "41"


def test_changing_ones_split_is_no_more_than_it_says(firm: Practice) -> None:
    saved(firm, "Principal", OKAFOR, FIRST, "100")
    assert split_of(firm, OKAFOR, FIRST) == 10_000
    shown = signed_in(firm, "Principal").get(reverse("share-client", args=[firm.firm, OKAFOR]))
    [(access, split)] = [row[1:3] for row in rows(shown)]
    assert access.startswith("Linked adviser")
    assert split == "100%"


def test_linking_the_first_adviser_says_who_loses_access(firm: Practice) -> None:
    check = asked(firm, "Principal", OPEN, FIRST, "0")
    said = text(check)
    assert "Who loses access Adviser 2: Unlinked Enquiry Adviser 3: Unlinked Enquiry" in said
    assert "What becomes closed: only those who were given access can open it Unlinked Enquiry" in said


def test_unlinking_the_last_adviser_says_who_gains_access(firm: Practice) -> None:
    check = asked(firm, "Principal", IYER, 4, "60", level="none")
    said = text(check)
    assert "Who gains access Adviser 1: Dr Ramesh Iyer Adviser 2: Dr Ramesh Iyer" in said
    assert "What becomes open to everybody Dr Ramesh Iyer" in said


def test_a_group_has_no_split(firm: Practice) -> None:
    address = reverse("share-client-with-group", args=[firm.firm, OKAFOR, EVERYONE])
    assert "fee split" not in text(signed_in(firm, "Principal").get(address)).lower()


def test_switched_off_a_split_is_kept_and_not_shown(firm: Practice) -> None:
    do(firm.firm, ChangeSettings(values={"fee_splits": False}))
    client = signed_in(firm, "Principal")
    assert "fee split" not in text(client.get(at(firm, OKAFOR, FIRST))).lower()
    shown = client.get(reverse("share-client", args=[firm.firm, OKAFOR]))
    assert "fee split" not in str(rows(shown))
    sent = {"level": "owner", "until-day": "1", "until-month": "2", "until-year": "2090"}
    version = value(client.post(at(firm, OKAFOR, FIRST), sent), "version")
    client.post(at(firm, OKAFOR, FIRST), {**sent, "answer": "yes", "version": version})
    assert split_of(firm, OKAFOR, FIRST) == 6000


def test_somebody_who_has_the_client_by_delegation_alone_links_nobody(firm: Practice) -> None:
    link(firm.firm, FIRST, OPEN)
    assert signed_in(firm, "Assistant 1").get(at(firm, OKAFOR, SECOND)).status_code == 403


# --- Linking an adviser in the place of another


def handing(firm: Practice, client: int, member: int, **sent: str) -> Any:
    return signed_in(firm, "Principal").post(
        reverse("make-owner", args=[firm.firm, client, member]), sent, follow=True
    )


def test_handing_over_asks_for_the_split_of_who_takes_over(firm: Practice) -> None:
    address = reverse("make-owner", args=[firm.firm, OKAFOR, SECOND])
    form = signed_in(firm, "Principal").get(address)
    assert value(form, "fee_split") == "0"
    sent = {"then": "remove", "fee_split": "100"}
    check = handing(firm, OKAFOR, SECOND, **sent)
    version, agreed = value(check, "version"), value(check, "agreed")
    handing(firm, OKAFOR, SECOND, **sent, answer="yes", version=version, agreed=agreed)
    assert split_of(firm, OKAFOR, SECOND) == 10_000
    held = firm_state(firm.firm).grants_of(member_subject(FIRST))
    assert held.grant_on(Target("client", OKAFOR)) is None


@pytest.mark.parametrize(("typed", "problem"), [
    ("50.001", "A fee split is from 0 to 100 per cent, with at most two decimals. Enter such a number."),
    ("41", "The fee splits on this client would add up to more than 100 per cent. Enter less."),
])  # fmt: skip
def test_a_split_that_cannot_be_is_told_where_it_was_typed(firm: Practice, typed: str, problem: str) -> None:
    answer = handing(firm, OKAFOR, SECOND, then="keep", fee_split=typed)
    assert errors(answer) == [(problem, "#fee_split")]
    assert value(answer, "fee_split") == typed


def test_the_first_adviser_is_linked_with_a_split_too(firm: Practice) -> None:
    address = reverse("make-owner", args=[firm.firm, OPEN, SECOND])
    form = signed_in(firm, "Principal").get(address)
    assert "What becomes of" not in text(form)
    check = handing(firm, OPEN, SECOND, fee_split="25")
    assert "Who loses access Adviser 1: Unlinked Enquiry" in text(check)
