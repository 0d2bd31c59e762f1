"""`ringfence generate`: a firm of the size that was asked for, through real commands."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.listing import refuse, succeed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_firm_of_the_size_that_was_asked_for_is_made(answer: Callable[..., Any]) -> None:
    succeed("generate", "--clients", "120", "--members", "10", "--groups", "3", "--firm", "Big")
    shown = answer("ledger", "show", "--firm", "Big")
    assert (shown["clients"], shown["members"], shown["groups"], shown["control"]) == (120, 11, 3, "on")
    assert "Big: whole." in succeed("ledger", "verify")


def test_the_same_seed_makes_the_same_firm(answer: Callable[..., Any]) -> None:
    for name in ("One", "Two"):
        succeed("generate", "--clients", "50", "--members", "5", "--firm", name, "--seed", "7")
    seen = [answer("sees", "#4", "--firm", name)["clients"] for name in ("One", "Two")]
    assert seen[0] == seen[1]


def test_an_empty_firm_can_be_made(answer: Callable[..., Any]) -> None:
    succeed("generate", "--clients", "0", "--members", "0", "--firm", "Small")
    assert answer("ledger", "show")["clients"] == 0


def test_a_firm_that_is_there_is_not_added_to() -> None:
    succeed("generate", "--clients", "1", "--members", "1")
    assert "name_taken" in refuse("generate", "--clients", "1", "--members", "1")


def test_a_size_below_nothing_is_a_mistake() -> None:
    assert "--clients" in refuse("generate", "--clients", "-1")
