"""`ringfence check`, `why`, `who` and `sees`, now and at past moments."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cli.listing import refuse, run, succeed

Answer = Callable[..., Any]


def now() -> str:
    """A moment after all that was done so far and before all that follows."""
    moment = datetime.now(UTC).isoformat()
    time.sleep(0.002)
    return moment


# --- check


def test_who_may_open_a_client_is_answered_with_exit_code_0(agency: str) -> None:
    done = run("check", "Beth", "F500")
    assert (done.exit_code, "Beth may open Fortune 500." in done.output) == (0, True)


def test_who_may_not_is_answered_with_exit_code_1(agency: str) -> None:
    done = run("check", "Gwen", "F500", "--service", "VAT")
    assert (done.exit_code, "Gwen may not open Fortune 500." in done.output) == (1, True)


def test_each_service_has_its_level_and_reason(agency: str, answer: Answer) -> None:
    found = answer("check", "Gwen", "F500")
    assert [(each["service"], each["level"], each["reason"]) for each in found["engagements"]] == [
        ("VAT", "none", "not_assigned"),
        ("Income Tax", "editor", "unassigned"),
    ]


def test_the_level_on_the_whole_is_the_lowest_and_one_service_is_enough_to_see(
    agency: str, answer: Answer
) -> None:
    found = answer("check", "Gwen", "F500")
    assert (found["level"], found["allowed"]) == ("none", True)


def test_a_service_that_the_client_does_not_have_is_a_mistake(agency: str) -> None:
    assert "it has VAT." in refuse("check", "Gwen", "VALA", "--service", "Income Tax")


def test_an_unknown_member_is_a_mistake(agency: str) -> None:
    assert "Ace Agents has no team member 'Zed'" in refuse("check", "Zed", "F500")


def test_a_removed_client_is_a_mistake(agency: str) -> None:
    succeed("do", "client.remove", "client=VALA")
    assert "has been removed" in refuse("check", "Beth", "VALA")


def test_a_check_sees_the_change_that_was_acknowledged_before_it(agency: str) -> None:
    for level, code in (("blocked", 1), ("reader", 0)):
        succeed("do", "grant.set", "to=Gwen", "on=VALA", f"level={level}")
        assert run("check", "Gwen", "VALA").exit_code == code


# --- why


def test_the_proof_names_the_way_and_the_reason(agency: str) -> None:
    said = succeed("why", "Beth", "F500", "--service", "VAT")
    assert "Beth → Big → Fortune 500 · VAT: can view and manage" in said
    assert "Beth is in an access group that has access." in said


def test_a_denial_comes_with_what_would_allow_it_and_who_may_do_it(agency: str) -> None:
    said = succeed("why", "Gwen", "F500", "--service", "VAT")
    assert "Add Gwen to the access group Big." in said
    assert "Who may do it: Alphie." in said


def test_a_higher_level_can_be_asked_for(agency: str, answer: Answer) -> None:
    assert answer("why", "Beth", "VALA")["remedies"] == []
    assert answer("why", "Beth", "VALA", "--level", "owner")["remedies"] != []


def test_programs_get_the_proof_service_by_service(agency: str, answer: Answer) -> None:
    found = answer("why", "Beth", "F500")
    assert [(each["service"], each["reason"], each["step"]) for each in found["engagements"]] == [
        ("VAT", "group", 7),
        ("Income Tax", "unassigned", 9),
    ]


# --- who and sees


def test_everybody_who_sees_the_client_is_listed_by_name(agency: str, answer: Answer) -> None:
    found = answer("who", "F500")
    assert [(each["name"], each["level"]) for each in found["members"]] == [
        ("Alphie", "none"),
        ("Beth", "editor"),
        ("Gwen", "none"),
    ]


def test_who_gives_the_reasons(agency: str, answer: Answer) -> None:
    beth = answer("who", "F500")["members"][1]
    assert (beth["email"], beth["reasons"]) == ("beth@ace.example", ["group", "unassigned"])


def test_what_a_member_sees_is_listed_by_name_with_the_exact_total(agency: str, answer: Answer) -> None:
    found = answer("sees", "Gwen")
    assert found["total"] == 2
    assert [each["name"] for each in found["clients"]] == ["Fortune 500", "Vala Subsid A Ltd."]


def test_a_service_narrows_to_the_clients_whose_engagement_is_seen(agency: str, answer: Answer) -> None:
    found = answer("sees", "Gwen", "--service", "VAT")
    assert [each["reference"] for each in found["clients"]] == ["VALA"]


def test_people_get_a_page_and_how_many_more_there_are(agency: str) -> None:
    assert "and 1 more: --limit N or --all prints them." in succeed("sees", "Gwen", "--limit", "1")


def test_nobody_is_an_answer(agency: str, answer: Answer) -> None:
    for member in ("Alphie", "Beth", "Gwen"):
        succeed("do", "grant.set", f"to={member}", "on=VALA", "level=blocked")
    assert "0 team members may open Vala Subsid A Ltd.\n" in succeed("who", "VALA")


# --- The past


def test_the_past_is_answered_from_the_ledger(agency: str, answer: Answer) -> None:
    then = now()
    succeed("do", "group.delete", "group=Big")
    assert answer("check", "Gwen", "F500", "--service", "VAT")["allowed"]
    assert not answer("check", "Gwen", "F500", "--service", "VAT", "--at", then)["allowed"]


def test_the_past_is_told_in_the_names_of_its_time(agency: str) -> None:
    then = now()
    succeed("do", "group.rename", "group=Big", "to=Small")
    succeed("do", "client.change", "client=F500", "name=Fortune 501")
    said = succeed("why", "Beth", "F500", "--service", "VAT", "--at", then)
    assert "Beth → Big → Fortune 500 · VAT: can view and manage" in said


def test_the_list_of_a_past_moment_is_that_of_its_time(agency: str, answer: Answer) -> None:
    then = now()
    succeed("do", "client.add", "client=Another")
    assert (answer("sees", "Gwen")["total"], answer("sees", "Gwen", "--at", then)["total"]) == (3, 2)


def test_a_client_that_was_not_there_yet_is_a_mistake(agency: str) -> None:
    then = now()
    succeed("do", "client.add", "client=Another")
    assert "was not there then" in refuse("who", "Another", "--at", then)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("yesterday", "is no moment"),
        ("2001-01-01", "was not there yet"),
        ("2999-01-01", "still to come"),
        ("9999-12-31", "is no moment"),
    ],
)
def test_a_moment_that_cannot_be_asked_about_is_a_mistake(agency: str, moment: str, said: str) -> None:
    assert said in refuse("who", "F500", "--at", moment)
