"""Whether a token lets anybody in (rules.md 5): not revoked, not expired, its member active."""

import msgspec
import pytest

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.tokens import refused_token, standing_token
from ringfence.core.commands import definitions as w
from ringfence.core.commands.dispatch import carry_out
from ringfence.core.decision.moment import Moment, at
from ringfence.core.refusals import Problem, Refused
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.scenario.memory import MemoryDirectory
from ringfence.core.terms import Instant, Role, Scope
from ringfence.core.texts import ADDRESSES, clean_addresses
from ringfence.core.values import Member, Token
from tests.core.firms import ADA, BEN, NOW, small_firm
from tests.core.random_firms import Chance, firm, hold

HOUR = 3_600_000_000
MADE = e.TokenAdded(token=1, member=ADA, scopes=Scope.DECIDE | Scope.SEARCH, digest=b"d" * 32)


def after(*events: e.Event, now: int = NOW) -> Moment:
    return at(apply_all(state_of(small_firm()), events), Instant(now))


def test_a_token_that_was_made_stands() -> None:
    found = standing_token(after(MADE), 1)
    assert found == Token(member=ADA, scopes=Scope.DECIDE | Scope.SEARCH, digest=b"d" * 32)


def test_a_token_that_was_never_made_does_not_stand() -> None:
    assert standing_token(after(MADE), 2) is None


def test_a_revoked_token_does_not_stand() -> None:
    assert standing_token(after(MADE, e.TokenRevoked(token=1, member=ADA)), 1) is None


def test_a_token_ends_at_its_expiry_and_not_before() -> None:
    made = msgspec.structs.replace(MADE, expires=Instant(NOW + HOUR))
    assert standing_token(after(made, now=NOW + HOUR - 1), 1) is not None
    assert standing_token(after(made, now=NOW + HOUR), 1) is None


def test_a_token_of_an_inactive_member_does_not_stand() -> None:
    assert standing_token(after(MADE, e.MemberDeactivated(member=ADA)), 1) is None
    assert standing_token(after(MADE, e.MemberDeactivated(member=BEN)), 1) is not None


def test_a_token_does_what_it_has_the_scope_for_alone() -> None:
    moment = after(MADE)
    assert refused_token(moment, 1, Scope.SEARCH) is None
    refused = refused_token(moment, 1, Scope.MANAGE)
    assert refused is not None
    assert refused.problem is Problem.TOKEN_ENDED


def test_a_token_stands_as_its_facts_say_whatever_the_firm() -> None:
    """The compiled state's answer against the facts, read plainly."""

    def holds(chance: Chance) -> None:
        given = firm(chance)
        facts = facts_of(given.state)
        for now in (NOW, NOW + HOUR * 30, NOW + HOUR * 24 * 9):
            for number in range(4):
                token = facts.tokens.get(number)
                stands = (
                    token is not None
                    and (token.expires is None or now < token.expires)
                    and facts.members[token.member].active
                )
                assert (standing_token(at(given.state, Instant(now)), number) is not None) == stands

    hold(holds, 300)


def test_a_token_touches_nobodys_reach() -> None:
    before = after()
    reach = before.reach(BEN)
    assert after(MADE).reach(BEN) == reach
    assert apply_all(before.state, [MADE]).memo.evaluation is not None


def test_deactivating_revokes_all_tokens_of_the_member_and_no_others() -> None:
    facts = small_firm(members={BEN: Member(role=Role.ADMINISTRATOR)})
    tokens = [msgspec.structs.replace(MADE, token=n, member=who) for n, who in ((1, ADA), (2, BEN), (3, ADA))]
    state = apply_all(state_of(facts), tokens)
    done = carry_out(at(state, NOW), MemoryDirectory(), w.DeactivateMember(member=ADA), actor=BEN)
    assert set(done.after.tokens) == {2}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (["203.0.113.7"], ("203.0.113.7",)),
        (["203.0.113.7/32", " 203.0.113.7 "], ("203.0.113.7",)),
        (["2001:DB8:0:0::/32", "10.0.0.0/8", "10.0.0.0/16"], ("10.0.0.0/8", "10.0.0.0/16", "2001:db8::/32")),
        ([], ()),
    ],
)
def test_addresses_are_kept_once_each_in_one_form(typed: list[str], kept: tuple[str, ...]) -> None:
    assert clean_addresses(typed, "addresses") == kept


@pytest.mark.parametrize("typed", ["", "office", "203.0.113", "203.0.113.7/24", "fe80::1%eth0", "1.2.3.4/33"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_addresses([typed], "addresses")
    assert refused.value.problem is Problem.ADDRESS_MALFORMED


def test_too_many_addresses_are_refused_with_the_limit() -> None:
    with pytest.raises(Refused) as refused:
        clean_addresses([f"10.0.0.{number}" for number in range(ADDRESSES + 1)], "addresses")
    assert (refused.value.problem, refused.value.limit) == (Problem.TOO_MANY, ADDRESSES)
