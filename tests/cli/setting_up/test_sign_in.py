"""`ringfence sign-in`: what a firm asks is told, and the operator opens what shut everybody out."""

from __future__ import annotations

import json

import pytest

from ringfence.access.sign_in_policy import SignInPolicy, policy_of
from ringfence.core.terms import Role
from ringfence.firms.models import Firm
from tests.access.cast import Cast, found
from tests.cli.listing import refuse, succeed

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Cast:
    return found()


def policy(firm: Cast) -> SignInPolicy:
    return policy_of(Firm.objects.get(pk=firm.firm))


def test_the_operator_lets_administrators_in_again(firm: Cast) -> None:
    assert "from: 192.0.2.0/24" in succeed("sign-in", "--network", "192.0.2.0/24")
    assert policy(firm).networks == ("192.0.2.0/24",)
    assert "from: anywhere" in succeed("sign-in", "--any-network")
    assert policy(firm).networks == ()


def test_the_rest_is_set_and_told_likewise(firm: Cast) -> None:
    said = succeed("sign-in", "--second-step", "principal", "--grace", "7", "--hours", "4", "--json")
    found = json.loads(said)
    assert found == {
        "second_step": ["principal"],
        "grace_days": 7,
        "session_hours": 4,
        "networks": [],
        "only_provider": None,
        "kept_password": None,
    }
    assert set(policy(firm).second_step) == {Role.PRINCIPAL}
    assert "asked of: nobody." in succeed("sign-in", "--second-step", "nobody", "--hours", "0")


@pytest.mark.parametrize("given", [("--network", "the office"), ("--any-network", "--network", "192.0.2.7")])
def test_what_makes_no_sense_changes_nothing(firm: Cast, given: tuple[str, ...]) -> None:
    refuse("sign-in", *given)
    assert policy(firm) == SignInPolicy()
