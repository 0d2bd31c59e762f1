"""How a firm wants its people to sign in: set by administrators, noted, and shutting no setter out."""

from collections.abc import Callable

import pytest

from ringfence import access
from ringfence.access import OPERATOR, Actor
from ringfence.access.directories import keep_directory
from ringfence.access.domains import add_domain
from ringfence.access.providers import OpenIdSettings, ProviderKind, add_provider
from ringfence.access.sign_in_only import require_provider
from ringfence.access.sign_in_policy import (
    DAY,
    LockedOut,
    NotBySoftware,
    SignInPolicy,
    ask_second_step,
    is_within,
    limit_networks,
    limit_sessions,
    policy_of,
)
from ringfence.access.tokens import make_token
from ringfence.core.events import SignInNoted
from ringfence.core.refusals import Refused
from ringfence.core.terms import Instant, Role, Scope, SignInStep
from ringfence.firms.models import Firm
from tests.access.cast import ADMIN, Cast

ADMINISTERING = [Role.ADMINISTRATOR, Role.PRINCIPAL]


def policy(firm: Cast) -> SignInPolicy:
    return policy_of(Firm.objects.get(pk=firm.firm))


def changes(firm: Cast) -> list[tuple[object, int | None]]:
    return [
        (entry.events[0], entry.actor.member)
        for entry in access.entries(firm.firm)
        if entry.command == "sign_in.change"
    ]


def test_a_change_is_an_entry_that_names_who_made_it(firm: Cast) -> None:
    limit_sessions(firm.firm, 4, actor=Actor(ADMIN))
    assert policy(firm).session_hours == 4
    assert changes(firm) == [(SignInNoted(did=SignInStep.SESSION, count=4), ADMIN)]
    assert access.verify(firm.firm).whole


def test_what_stands_already_is_not_noted_again(firm: Cast) -> None:
    limit_sessions(firm.firm, 0, actor=Actor(ADMIN))
    limit_networks(firm.firm, [], actor=OPERATOR, address=None)
    ask_second_step(firm.firm, [], 7, actor=OPERATOR)
    assert changes(firm) == []


def test_who_is_no_administrator_changes_nothing(firm: Cast) -> None:
    ivy, auditor = firm.member("Ivy"), firm.member("Ada", Role.AUDITOR)
    for member in (ivy, auditor):
        with pytest.raises(Refused):
            limit_sessions(firm.firm, 0, actor=Actor(member))
        with pytest.raises(Refused):
            ask_second_step(firm.firm, ADMINISTERING, 7, actor=Actor(member))
        with pytest.raises(Refused):
            limit_networks(firm.firm, ["192.0.2.0/24"], actor=Actor(member), address="192.0.2.7")
    assert policy(firm) == SignInPolicy()


def test_a_role_keeps_the_day_on_which_it_was_first_asked(firm: Cast) -> None:
    ask_second_step(firm.firm, [Role.PRINCIPAL], 7, actor=Actor(ADMIN))
    first = policy(firm).second_step[Role.PRINCIPAL]
    ask_second_step(firm.firm, [*ADMINISTERING, Role.STANDARD], 3, actor=Actor(ADMIN))
    asked = policy(firm).second_step
    assert asked[Role.PRINCIPAL] == first
    assert asked[Role.STANDARD] == asked[Role.ADMINISTRATOR] > first


def test_grace_is_counted_from_the_asking_or_from_the_joining() -> None:
    asked = SignInPolicy(second_step={Role.STANDARD: Instant(10 * DAY)}, grace_days=7)
    assert asked.second_step_due(Role.STANDARD, Instant(DAY)) == 17 * DAY
    assert asked.second_step_due(Role.STANDARD, Instant(20 * DAY)) == 27 * DAY
    assert asked.second_step_due(Role.AUDITOR, Instant(DAY)) is None


def test_networks_hold_for_administrators_and_principals_alone() -> None:
    limited = SignInPolicy(networks=("192.0.2.0/24", "2001:db8::/32"))
    for role in ADMINISTERING:
        assert limited.lets_in(role, "192.0.2.200")
        assert limited.lets_in(role, "2001:db8:7::1")
        assert not limited.lets_in(role, "198.51.100.1")
        assert not limited.lets_in(role, "")
    assert limited.lets_in(Role.STANDARD, "198.51.100.1")
    assert limited.lets_in(Role.AUDITOR, "")
    assert SignInPolicy().lets_in(Role.PRINCIPAL, "198.51.100.1")


def test_an_ipv4_address_is_the_same_in_either_form() -> None:
    assert is_within("::ffff:192.0.2.7", ["192.0.2.0/24"])


def test_nobody_shuts_themselves_out(firm: Cast) -> None:
    for address in ("198.51.100.1", ""):
        with pytest.raises(LockedOut):
            limit_networks(firm.firm, ["192.0.2.0/24"], actor=Actor(ADMIN), address=address)
    assert policy(firm).networks == ()


def test_the_operator_opens_it_again(firm: Cast) -> None:
    limit_networks(firm.firm, ["192.0.2.7", "10.0.0.0/8"], actor=Actor(ADMIN), address="10.1.2.3")
    assert policy(firm).networks == ("10.0.0.0/8", "192.0.2.7")
    limit_networks(firm.firm, [], actor=OPERATOR, address=None)
    assert policy(firm).networks == ()


@pytest.mark.parametrize("text", ["office", "192.0.2.7/24", "192.0.2.0/33", ""])
def test_what_is_no_network_changes_nothing(firm: Cast, text: str) -> None:
    with pytest.raises(Refused):
        limit_networks(firm.firm, [text], actor=OPERATOR, address=None)
    assert changes(firm) == []


@pytest.mark.parametrize("hours", [-1, 13])
def test_hours_out_of_bounds_change_nothing(firm: Cast, hours: int) -> None:
    with pytest.raises(ValueError, match=str(hours)):
        limit_sessions(firm.firm, hours, actor=OPERATOR)
    with pytest.raises(ValueError, match="91"):
        ask_second_step(firm.firm, ADMINISTERING, 91, actor=OPERATOR)
    assert policy(firm) == SignInPolicy()


OPENID = OpenIdSettings(issuer="https://id.acme.example", client_id="ringfence")
SOFTWARE = Actor(ADMIN, token=1)


@pytest.mark.parametrize(
    "change",
    [
        lambda firm: limit_networks(firm, ["192.0.2.0/24"], actor=SOFTWARE, address="192.0.2.1"),
        lambda firm: require_provider(firm, 1, ADMIN, actor=SOFTWARE),
        lambda firm: add_domain(firm, "acme-agents.co.uk", actor=SOFTWARE),
        lambda firm: add_provider(firm, "Okta", ProviderKind.OKTA, OPENID, actor=SOFTWARE),
        lambda firm: keep_directory(firm, {"server": "ldaps://x"}, password="p", hourly=True, actor=SOFTWARE),
    ],
)
def test_a_token_says_nothing_of_who_comes_in_as_whom(firm: Cast, change: Callable[[int], object]) -> None:
    make_token(firm.firm, actor=OPERATOR, name="Automation", scopes=Scope.MANAGE, member=ADMIN)
    with pytest.raises(NotBySoftware):
        change(firm.firm)
    assert changes(firm) == []
    assert policy(firm) == SignInPolicy()
