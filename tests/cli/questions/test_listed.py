"""`ringfence list`: what stands in a firm, by name, with what the settings switch off marked."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cli.listing import refuse, succeed

Answer = Callable[..., Any]


@pytest.fixture
def practice(agency: str) -> str:
    """The agency with delegations, requests and personal defaults on, and one of each."""
    for line in (
        "settings.change|delegation=true|requests=true|personal_defaults=true|inaccessible=named",
        "delegation.set|from=beth@ace.example|to=gwen@ace.example|cap=reader|expires=2099-12-31",
        "wall.raise|name=Rivals|sides=[{members: [beth@ace.example], clients: [VALA]}, {clients: [F500]}]",
        "defaults.set|member=beth@ace.example|grants=[{to: {group: Big}, level: reader}]",
    ):
        succeed("do", *line.split("|"))
    succeed("do", "--as", "gwen@ace.example", "request.open", "client=F500", "reason=The audit")
    return agency


def test_settings_are_listed_by_their_names_in_the_rules(agency: str, answer: Answer) -> None:
    found = {each["setting"]: each["value"] for each in answer("list", "settings")["settings"]}
    assert (found["control"], found["sharing"]) == (True, "administrators")


def test_members_are_listed_by_name_with_what_they_may(agency: str, answer: Answer) -> None:
    succeed("do", "member.change", "member=gwen@ace.example", "access=false")
    found = answer("list", "members")["members"]
    assert [each["name"] for each in found] == ["Alphie", "Beth", "Gwen"]
    assert [each["access"] for each in found] == [True, True, False]
    assert "alphie@ace.example" in succeed("list", "members")


def test_groups_are_listed_with_their_members(agency: str) -> None:
    said = succeed("list", "groups")
    assert "Big" in said
    assert "beth@ace.example" in said


def test_settings_are_said_in_plain_words_too(agency: str, answer: Answer) -> None:
    found = {each["setting"]: each["means"] for each in answer("list", "settings")["settings"]}
    assert found["requests"] == "Requesting access: Not allowed"
    assert found["profile"] == "Kind of firm: Tax agency"


def test_a_delegation_that_the_settings_switch_off_is_said_not_to_count(
    practice: str, answer: Answer
) -> None:
    (found,) = answer("list", "delegations")["delegations"]
    assert (found["from"], found["to"]) == ("beth@ace.example", "gwen@ace.example")
    assert (found["cap"], found["cascades"], found["counts"]) == ("reader", True, True)
    assert found["expires"].startswith("2100-01-01T00:00:00")
    succeed("do", "settings.change", "delegation=false")
    assert [each["counts"] for each in answer("list", "delegations")["delegations"]] == [False]


def test_walls_are_listed_with_both_sides(practice: str) -> None:
    said = succeed("list", "walls")
    assert "Rivals" in said
    assert "beth@ace.example, Vala Subsid A Ltd." in said


def test_a_wall_is_listed_with_whom_it_keeps_from_what(practice: str, answer: Answer) -> None:
    succeed("do", "grant.set", "on={client: F500}", "to=beth@ace.example", "level=reader")
    (found,) = answer("list", "walls")["walls"]
    assert found["keeps"] == [{"member": "beth@ace.example", "clients": ["Fortune 500"]}]
    assert "beth@ace.example (1)" in succeed("list", "walls")


def test_open_reviews_are_listed_with_how_many_wait(practice: str, answer: Answer) -> None:
    start_review()
    (found,) = answer("list", "reviews")["reviews"]
    assert (found["review"], found["name"], found["scope"], found["undecided"]) == (
        1,
        "Yearly",
        "all clients",
        "keep",
    )
    assert (found["items"], found["pending"]) == (2, 1)
    assert "Yearly" in succeed("list", "reviews")


def test_items_of_reviews_are_listed_by_the_numbers_that_commands_take(practice: str, answer: Answer) -> None:
    start_review()
    found = answer("list", "review-items")["review-items"]
    told = [(each["item"], each["for"], each["on"], each["level"], each["state"]) for each in found]
    assert told == [
        (1, "group:Big", "Fortune 500 · VAT", "editor", "kept"),
        (2, "gwen@ace.example", "everything that beth@ace.example reaches", "reader", "pending"),
    ]
    assert "everything that beth" in succeed("list", "review-items")


def start_review() -> None:
    """Of everything; the first of its two items is kept."""
    succeed("do", "review.start", "name=Yearly", "scope=all", "due=2099-12-31", "undecided=keep")
    succeed("do", "review.decide", "review=Yearly", "items=[1]", "decision=keep")


def test_open_requests_are_listed(practice: str, answer: Answer) -> None:
    (found,) = answer("list", "requests")["requests"]
    assert (found["client"], found["member"], found["level"]) == (
        "Fortune 500",
        "gwen@ace.example",
        "editor",
    )


def test_personal_defaults_are_listed(practice: str, answer: Answer) -> None:
    (found,) = answer("list", "defaults")["defaults"]
    assert (found["member"], found["to"], found["level"]) == ("beth@ace.example", "group:Big", "reader")


def test_a_day_that_is_not_over_is_the_present_one(practice: str, answer: Answer) -> None:
    today = f"{datetime.now(ZoneInfo('Europe/London')):%Y-%m-%d}"
    assert [each["name"] for each in answer("list", "walls", "--at", today)["walls"]] == ["Rivals"]


def test_the_past_is_listed_as_it_was(practice: str) -> None:
    assert "is still to come" in refuse("list", "walls", "--at", "2099-01-01")


def test_an_empty_list_says_so(agency: str) -> None:
    assert "There are no walls in Ace Agents." in succeed("list", "walls")
