"""`ringfence token`: the text alone on standard output, a list without it, and an end at once."""

from collections.abc import Callable
from typing import Any

from ringfence.access.tokens import acting_token
from ringfence.core.terms import Scope
from ringfence.store.token_text import token_digest
from tests.cli.listing import refuse, succeed

Answer = Callable[..., Any]


def test_a_token_is_printed_alone_and_is_taken(agency: str) -> None:
    text = succeed("token", "add", "Document store", "--scope", "decide,search").splitlines()[-1]
    assert token_digest(text) is not None
    found = acting_token(f"Bearer {text}", "")
    assert found is not None
    assert found.token.scopes == Scope.DECIDE | Scope.SEARCH


def test_a_token_acts_for_whom_it_names_else_for_the_first_administrator(agency: str, answer: Answer) -> None:
    one = answer("token", "add", "One", "--scope", "decide")
    other = answer("token", "add", "Other", "--scope", "manage", "--for", "beth@ace.example")
    members = {row["token"]: row["member"] for row in answer("token", "list")}
    assert members[one["token"]] == 1
    assert members[other["token"]] != 1


def test_a_token_that_manages_says_for_whom(agency: str) -> None:
    assert "--for MEMBER" in refuse("token", "add", "Sync", "--scope", "manage")


def test_the_list_tells_all_of_a_token_but_its_text(agency: str, answer: Answer) -> None:
    more = ("--expires", "2030-12-31", "--address", "203.0.113.0/24,2001:db8::1")
    text = answer("token", "add", "Tax portal", "--scope", "decide", *more)["text"]
    (row,) = answer("token", "list")
    assert row["name"] == "Tax portal"
    assert row["addresses"] == ["203.0.113.0/24", "2001:db8::1"]
    assert row["scopes"] == ["decide"]
    assert row["expires"] == 1_924_992_000_000_000
    said = succeed("token", "list")
    assert "Tax portal" in said
    assert text not in said
    assert text[:14] in said


def test_a_token_is_revoked_by_name_or_number_and_listed_with_all(agency: str, answer: Answer) -> None:
    texts = [answer("token", "add", name, "--scope", "decide")["text"] for name in ("One", "Two")]
    succeed("token", "revoke", "One")
    succeed("token", "revoke", "2")
    assert all(acting_token(f"Bearer {text}", "") is None for text in texts)
    assert answer("token", "list") == []
    assert [row["name"] for row in answer("token", "list", "--all")] == ["One", "Two"]


def test_what_is_wrong_is_said_and_nothing_is_made(agency: str, answer: Answer) -> None:
    assert "scope must be some of" in refuse("token", "add", "A", "--scope", "everything")
    assert "IP address" in refuse("token", "add", "A", "--scope", "decide", "--address", "office")
    assert "passed" in refuse("token", "add", "A", "--scope", "decide", "--expires", "2001-01-01")
    assert "no token" in refuse("token", "revoke", "A")
    assert answer("token", "list", "--all") == []


def test_a_token_is_not_made_by_its_digest(agency: str) -> None:
    assert "token add" in refuse("do", "token.add", "token=A", "scopes=decide", f"digest={'01' * 32}")
