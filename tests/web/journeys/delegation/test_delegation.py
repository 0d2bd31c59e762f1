"""Delegation: one's own page, whom to delegate to, how far, what it opens before it is saved, ending it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import AddMember, ChangeMember, ChangeSettings, SetDelegation
from ringfence.core.terms import Level
from ringfence.firms.models import LedgerEntry
from tests.support.advisers import (
    ASSISTANT,
    FIRST,
    FROZEN,
    IYER,
    PERMS,
    SECOND,
    THIRD,
    Practice,
    practice,
)
from tests.web.cast import do
from tests.web.checks import PageClient
from tests.web.reading import document, errors, heading, link, names, rows, text, value

As = Callable[[str], PageClient]


@pytest.fixture
def firm(db: None) -> Practice:
    return practice()


@pytest.fixture
def sign_in(firm: Practice) -> As:
    def enter(name: str) -> PageClient:
        client = PageClient()
        client.force_login(firm.users[name])
        return client

    return enter


def own(client: PageClient, firm: Practice) -> Any:
    return client.get(reverse("delegations", args=[firm.firm]))


def to(firm: Practice, delegator: int, delegate: int, route: str = "delegate-terms") -> str:
    return reverse(route, args=[firm.firm, delegator, delegate])


def checking(client: PageClient, address: str, **terms: str) -> Any:
    """The check of a delegation, after its form was sent."""
    return client.post(address, {"cap": "owner", "cascades": "yes", **terms})


def save(client: PageClient, address: str, **terms: str) -> Any:
    """Make a delegation as somebody who has read the check."""
    check = checking(client, address, **terms)
    sent = {"cap": "owner", "cascades": "yes", **terms, "answer": "yes"}
    return client.post(address, {**sent, "version": value(check, "version")}, follow=True)


def chosen(form: Any) -> dict[str, str]:
    """The choice of each question of a form, by field."""
    marked = [each for each in document(form).iter("input") if "checked" in each.attrib]
    return {each.get("name"): each.get("value") for each in marked}


def delegations(firm: Practice) -> Any:
    return firm_state(firm.firm).delegations


def test_ones_own_page_tells_both_sides(firm: Practice, sign_in: As) -> None:
    assert names(own(sign_in("Adviser 1"), firm)) == ["Assistant 1"]
    assert names(own(sign_in("Assistant 1"), firm)) == ["Adviser 1", "Adviser 2"]
    account = sign_in("Adviser 1").get(reverse("your-account", args=[firm.firm]))
    assert link(account, "Your delegations") == reverse("delegations", args=[firm.firm])


def test_more_than_seven_delegations_are_searched_by_who_is_at_the_other_end(
    firm: Practice, sign_in: As
) -> None:
    client = sign_in("Assistant 1")
    for number in range(1, 6):
        do(firm.firm, AddMember(name=f"Bryn {number}", email=f"bryn{number}@cedar.example"))
        do(firm.firm, SetDelegation(delegator=PERMS + number, delegate=ASSISTANT))
    assert b'role="search"' not in own(client, firm).content
    do(firm.firm, SetDelegation(delegator=THIRD, delegate=ASSISTANT))
    assert len(names(own(client, firm))) == 8
    here = reverse("delegations", args=[firm.firm])
    assert names(client.get(here, {"search": "bryn3@"})) == ["Bryn 3"]
    assert "Nobody found." in text(client.get(here, {"search": "nobody at all"}))


def test_a_delegate_is_chosen_from_the_others_who_use_client_records(firm: Practice, sign_in: As) -> None:
    chosen = sign_in("Adviser 3").get(reverse("delegate-to", args=[firm.firm, THIRD]))
    assert names(chosen) == ["Adviser 1", "Adviser 2", "Assistant 1", "Office Manager", "Principal"]


def test_the_cascade_is_told_before_it_is_saved(firm: Practice, sign_in: As) -> None:
    """The example of practice-delegation.txt: through Adviser 2 the assistant gains the clients as well."""
    client = sign_in("Adviser 3")
    check = checking(client, to(firm, THIRD, SECOND))
    assert heading(check) == "Check the delegation from Adviser 3 to Adviser 2"
    assert rows(check) == [
        ["Adviser 3 (you)", "Delegates", "Nothing new"],
        ["Adviser 2", "Is delegated to by Adviser 3 (you)", "1 client"],
        ["Assistant 1", "Reaches it through Adviser 2", "1 client"],
    ]
    assert "Adviser 2: Dr Ramesh Iyer Assistant 1: Dr Ramesh Iyer" in text(check)
    assert b"<svg" in check.content
    assert (THIRD, SECOND) not in delegations(firm)


def test_saved_it_opens_the_clients_to_everybody_on_the_chain(firm: Practice, sign_in: As) -> None:
    client = sign_in("Adviser 3")
    assert "Adviser 3 delegates to Adviser 2." in text(save(client, to(firm, THIRD, SECOND)))
    now = firm_state(firm.firm)
    assert now.client_level(SECOND, IYER) is now.client_level(ASSISTANT, IYER) is Level.OWNER
    assert names(client.get(to(firm, THIRD, SECOND, "delegation-clients"))) == ["Dr Ramesh Iyer"]


def test_without_cascade_it_stops_at_the_delegate(firm: Practice, sign_in: As) -> None:
    check = checking(sign_in("Adviser 3"), to(firm, THIRD, SECOND), cascades="no")
    assert [row[0] for row in rows(check)] == ["Adviser 3 (you)", "Adviser 2"]
    save(sign_in("Adviser 3"), to(firm, THIRD, SECOND), cascades="no")
    assert not firm_state(firm.firm).sees(ASSISTANT, IYER)


def test_cap_and_end_hold_and_are_told(firm: Practice, sign_in: As) -> None:
    client = sign_in("Adviser 3")
    end = {"until-day": "31", "until-month": "3", "until-year": "2090"}
    save(client, to(firm, THIRD, SECOND), cap="reader", **end)
    made = delegations(firm)[THIRD, SECOND]
    assert made.cap is Level.READER
    # 31 March is summer time in London.
    assert datetime.fromtimestamp(made.expires / 1e6, UTC).isoformat() == "2090-03-31T23:00:00+00:00"
    assert rows(own(client, firm))[0][1] == "At most: Can view only, until the end of 31 March 2090"


def test_every_client_that_it_would_open_is_listed_person_by_person(firm: Practice, sign_in: As) -> None:
    client = sign_in("Adviser 3")
    check = checking(client, to(firm, THIRD, SECOND))
    opens = client.get(link(check, "See every client that it opens, person by person"))
    assert heading(opens) == "What the delegation would open to Adviser 2"
    assert names(opens) == ["Dr Ramesh Iyer"]
    assert "To whom it opens clients Adviser 2 Assistant 1 Show" in text(opens)
    sent = {name: value(opens, name) for name in ("cap", "cascades")}
    further = client.get(to(firm, THIRD, SECOND, "delegation-opens"), {**sent, "person": str(ASSISTANT)})
    assert heading(further).endswith("Assistant 1")


def test_going_back_from_the_check_or_its_list_keeps_what_was_chosen(firm: Practice, sign_in: As) -> None:
    client = sign_in("Adviser 3")
    check = checking(client, to(firm, THIRD, SECOND), cap="reader", cascades="no")
    opens = client.get(link(check, "See every client that it opens, person by person"))
    for page in (check, opens):
        form = client.get(link(page, "Back"))
        assert chosen(form) == {"cap": "reader", "cascades": "no"}
        assert (value(form, "was-cap"), value(form, "was-cascades")) == ("owner", "yes")


def test_what_was_not_chosen_is_asked_for_and_what_was_typed_stays(firm: Practice, sign_in: As) -> None:
    sent = {"cap": "", "cascades": "", "until-day": "31", "until-month": "2", "until-year": "2090"}
    answer = sign_in("Adviser 3").post(to(firm, THIRD, SECOND), sent)
    assert errors(answer) == [
        ("Select what they may do at most", "#cap"),
        ("Select yes if others may reach the clients through them", "#cascades"),
        ("Enter a real day, like 31 3 2027", "#until-day"),
    ]
    assert value(answer, "until-month") == "2"
    assert (THIRD, SECOND) not in delegations(firm)


def test_delegating_to_oneself_is_refused_with_the_remedy(firm: Practice, sign_in: As) -> None:
    answer = checking(sign_in("Adviser 3"), to(firm, THIRD, THIRD))
    assert errors(answer) == [
        ("The two are the same practice member. Choose two different practice members.", "#cap")
    ]


def test_nobody_of_another_firm_is_found(firm: Practice, sign_in: As) -> None:
    assert sign_in("Adviser 3").get(to(firm, THIRD, 4711)).status_code == 404


def test_a_circle_is_allowed_and_said_to_be_harmless(firm: Practice, sign_in: As) -> None:
    check = checking(sign_in("Assistant 1"), to(firm, ASSISTANT, FIRST))
    assert "Adviser 1 delegates back to Assistant 1, directly or by others." in text(check)
    assert "Such a circle is allowed and harmless" in text(check)
    # What Adviser 2 hands on to the assistant goes on to Adviser 1.
    assert "Who gains access Adviser 1: Lindqvist Family" in text(check)
    save(sign_in("Assistant 1"), to(firm, ASSISTANT, FIRST))
    assert (ASSISTANT, FIRST) in delegations(firm)


def test_one_delegates_for_others_only_with_the_permission(firm: Practice, sign_in: As) -> None:
    for route in ("delegate-terms", "delegation-opens"):
        assert sign_in("Adviser 1").get(to(firm, THIRD, SECOND, route)).status_code == 403
    assert sign_in("Adviser 1").post(to(firm, THIRD, SECOND)).status_code == 403
    assert sign_in("Adviser 1").get(reverse("member-delegations", args=[firm.firm, THIRD])).status_code == 403
    assert sign_in("Adviser 1").get(reverse("everybodys-delegations", args=[firm.firm])).status_code == 403


@pytest.mark.parametrize("who", ["Principal", "Office Manager"])
def test_whoever_manages_access_sets_an_advisers_supporting_staff(
    firm: Practice, sign_in: As, who: str
) -> None:
    client = sign_in(who)
    everybodys = client.get(link(own(client, firm), "Who delegates to whom"))
    page = client.get(link(everybodys, "Adviser 3"))
    assert heading(page) == "Delegations of Adviser 3"
    chosen = client.get(link(page, "Delegate for them"))
    save(client, link(chosen, "Assistant 1"))
    assert (THIRD, ASSISTANT) in delegations(firm)


def test_letting_oneself_in_by_a_delegation_is_said(firm: Practice, sign_in: As) -> None:
    check = checking(sign_in("Office Manager"), to(firm, THIRD, PERMS))
    assert (
        "By this you let yourself in to clients that you could not open before, or could do less with."
        in text(check)
    )


def test_a_delegate_ends_one_made_to_them_and_sees_what_is_lost(firm: Practice, sign_in: As) -> None:
    client = sign_in("Assistant 1")
    address = to(firm, FIRST, ASSISTANT, "end-delegation")
    question = client.get(address)
    assert "Assistant 1 (you): Mr and Mrs Okafor" in text(question)
    client.post(address, {"answer": "yes", "version": value(question, "version")})
    assert (FIRST, ASSISTANT) not in delegations(firm)


def test_a_delegate_cannot_change_one_made_to_them(firm: Practice, sign_in: As) -> None:
    client = sign_in("Assistant 1")
    assert "Change" not in text(own(client, firm))
    assert client.get(to(firm, FIRST, ASSISTANT)).status_code == 403


def test_somebody_at_neither_end_cannot_end_it(firm: Practice, sign_in: As) -> None:
    address = to(firm, FIRST, ASSISTANT, "end-delegation")
    assert sign_in("Adviser 2").post(address, {"answer": "yes"}).status_code == 403
    assert sign_in("Adviser 2").get(to(firm, FIRST, ASSISTANT, "delegation-clients")).status_code == 403


def test_the_form_of_one_that_stands_begins_with_it(firm: Practice, sign_in: As) -> None:
    do(firm.firm, SetDelegation(delegator=FIRST, delegate=ASSISTANT, cap=Level.READER, cascades=False))
    form = sign_in("Adviser 1").get(to(firm, FIRST, ASSISTANT))
    assert (value(form, "was-cap"), value(form, "was-cascades")) == ("reader", "no")


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(firm: Practice, sign_in: As) -> None:
    client, address = sign_in("Adviser 1"), to(firm, FIRST, ASSISTANT)
    form = client.get(address)
    was = {name: value(form, name) for name in ("was-cap", "was-cascades", "was-until-day")}
    was |= {"was-until-month": "", "was-until-year": ""}
    do(firm.firm, SetDelegation(delegator=FIRST, delegate=ASSISTANT, cap=Level.READER))
    answer = checking(client, address, cap="editor", **was)
    assert errors(answer) == [("Somebody else has changed this delegation meanwhile: look again", "#cap")]


def test_while_off_it_is_shown_as_not_counting_and_can_only_be_ended(firm: Practice, sign_in: As) -> None:
    do(firm.firm, ChangeSettings(values={"delegation": False}))
    client = sign_in("Adviser 1")
    assert "Delegation is turned off in this firm." in rows(own(client, firm))[0][1]
    for address in (to(firm, FIRST, SECOND), reverse("delegate-to", args=[firm.firm, FIRST])):
        told = client.get(address, follow=True)
        assert "Delegation is turned off. Ask an administrator to turn it on." in told.content.decode()
    address = to(firm, FIRST, ASSISTANT, "end-delegation")
    client.post(address, {"answer": "yes", "version": value(client.get(address), "version")})
    assert (FIRST, ASSISTANT) not in delegations(firm)


def test_whoever_stands_behind_the_delegator_is_told(firm: Practice, sign_in: As) -> None:
    do(firm.firm, SetDelegation(delegator=FIRST, delegate=THIRD))
    check = checking(sign_in("Adviser 3"), to(firm, THIRD, SECOND))
    assert rows(check)[-1] == ["Adviser 1", "Delegates to Adviser 3 (you), so it is handed on", "Nothing new"]
    assert rows(check)[1][2] == "2 clients"


def test_who_stands_further_behind_is_told_to_who_manages_access_alone(firm: Practice, sign_in: As) -> None:
    do(firm.firm, SetDelegation(delegator=FIRST, delegate=THIRD))
    do(firm.firm, SetDelegation(delegator=SECOND, delegate=FIRST))
    address = to(firm, THIRD, ASSISTANT)
    assert "Adviser 2" not in str(rows(checking(sign_in("Adviser 3"), address)))
    assert "Adviser 2" in str(rows(checking(sign_in("Principal"), address)))


def test_a_delegator_without_access_is_said_to_give_nothing(firm: Practice, sign_in: As) -> None:
    do(firm.firm, ChangeMember(member=FIRST, access=False))
    assert "may not use client records" in rows(own(sign_in("Assistant 1"), firm))[0][1]


def test_saving_the_same_again_changes_nothing(firm: Practice, sign_in: As) -> None:
    entries = LedgerEntry.objects.filter(firm=firm.firm).count()
    answer = checking(sign_in("Adviser 1"), to(firm, FIRST, ASSISTANT))
    assert answer.status_code == 302
    assert LedgerEntry.objects.filter(firm=firm.firm).count() == entries
    assert FROZEN in firm_state(firm.firm).members


def test_no_page_of_a_delegation_asks_the_database_much(firm: Practice, sign_in: As) -> None:
    client, address, terms = (
        sign_in("Adviser 3"),
        to(firm, THIRD, SECOND),
        {"cap": "owner", "cascades": "yes"},
    )
    client.get(address)
    for ask in (
        partial(client.get, reverse("delegate-to", args=[firm.firm, THIRD])),
        partial(client.get, address),
        partial(client.post, address, terms),
        partial(client.get, f"{address}/opens", terms),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert ask().status_code == 200
        assert len(asked) <= 8


def test_where_screens_show_four_levels_the_cap_has_their_names(firm: Practice, sign_in: As) -> None:
    do(firm.firm, ChangeSettings(values={"levels": "four"}))
    form = sign_in("Adviser 3").get(to(firm, THIRD, SECOND))
    assert "Editor. View, change and submit Reader. View only" in text(form)
