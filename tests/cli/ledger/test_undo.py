"""`ringfence ledger undo`: what an entry changed is taken back, or only shown."""

from collections.abc import Callable
from typing import Any

from ringfence import access
from ringfence.firms.models import Firm
from tests.cli.listing import refuse, succeed

Answer = Callable[..., Any]


def version() -> int:
    return access.firm_state(Firm.objects.get().pk).version


def test_an_entry_is_undone_by_another_which_names_it(agency: str, answer: Answer) -> None:
    succeed("do", "member.change", "member=beth@ace.example", "role=administrator")
    done = version()
    said = succeed("ledger", "undo", str(done), "--reason", "Too soon")
    assert f"Done: entry {done} is undone by entry {done + 1} in the ledger of Ace Agents." in said
    (entry,) = answer("ledger", "show", "--last", "1")["entries"]
    assert (entry["command"], entry["reason"]) == ("entry.undo", "Too soon")


def test_a_preview_changes_nothing(agency: str) -> None:
    succeed("do", "member.change", "member=beth@ace.example", "access=false")
    before = version()
    said = succeed("ledger", "undo", str(before), "--preview")
    assert "Nothing was changed. This is what it would do:" in said
    assert "would start to see" in said
    assert version() == before


def test_what_came_later_stands_against_it_by_number(agency: str) -> None:
    succeed("do", "member.change", "member=beth@ace.example", "role=administrator")
    done = version()
    succeed("do", "member.change", "member=beth@ace.example", "role=auditor")
    said = refuse("ledger", "undo", str(done))
    assert f"Nothing was changed. Later entries: {done + 1}." in said


def test_who_may_not_give_the_opposite_may_not_undo(agency: str) -> None:
    succeed("do", "member.change", "member=beth@ace.example", "access=false")
    done = version()
    assert "Refused, not_permitted" in refuse("ledger", "undo", str(done), "--as", "beth@ace.example")
    assert version() == done


def test_an_entry_that_is_not_there_is_said_to_be_missing(agency: str) -> None:
    assert "has no entry 99" in refuse("ledger", "undo", "99")
    # No column of numbers holds this one.
    assert "has no entry 9999999999" in refuse("ledger", "undo", "9" * 30)
