"""`ringfence report use`: what nobody needs is counted, and listed by name."""

import json

import pytest

from ringfence.access.clock import clock
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Instant, Subject
from tests.access.cast import Cast, found
from tests.cli.listing import succeed

pytestmark = pytest.mark.django_db

DAY = 24 * 3600 * 1_000_000


@pytest.fixture
def firm(monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A hundred days ago Bob was given Acme, and a group of nobody was made."""
    made = found("Practice", "practice")
    bob, acme = made.member("Bob"), made.client("Acme")
    made.grant(Subject("member", bob), w.On.client(acme))
    made.group("Nobody’s")
    made.do(w.SetDelegation(delegator=bob, delegate=made.member("Dai")))
    monkeypatch.setattr("ringfence.access.clock.clock", lambda: Instant(clock() + 100 * DAY))
    return made


def listed(what: str) -> list[list[str]]:
    return [list(row.values()) for row in json.loads(succeed("report", "use", "--what", what, "--json"))]


def test_all_reports_are_counted_and_say_since_when_use_is_known(firm: Cast) -> None:
    said = succeed("report", "use")
    assert "Permissions that nobody used for 90 days" in said
    assert "Records opened are known since" in said
    assert "is not logged" in said
    counts = json.loads(succeed("report", "use", "--json"))
    assert [counts[each] for each in ("unused", "reading", "groups", "away", "delegations")] == [
        1,
        0,
        1,
        0,
        1,
    ]


def test_each_report_is_listed_by_name(firm: Cast) -> None:
    assert listed("unused") == [["Bob", "member", "Acme", "", "editor"]]
    assert listed("reading") == []
    assert listed("groups") == [["Nobody’s"]]
    assert listed("delegations") == [["Bob", "Dai"]]


def test_a_firm_younger_than_the_days_says_so(firm: Cast) -> None:
    assert "is younger than 200 days" in succeed("report", "use", "--days", "200")
