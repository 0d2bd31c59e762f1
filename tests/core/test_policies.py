"""Policies of the firm are what the specification says they are: whole, and after each change.

Random firms with random policies, control on and off, on both sides of every expiry.
"""

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply, apply_all
from ringfence.core.commands import carry_out
from ringfence.core.commands import definitions as w
from ringfence.core.commands.lists import ListRefused, OneChange
from ringfence.core.compare import moves, places
from ringfence.core.compare.difference import difference
from ringfence.core.decision import evaluation, sets
from ringfence.core.decision.evaluation import Evaluation
from ringfence.core.decision.moment import Moment, at
from ringfence.core.policies import breaking
from ringfence.core.policies.breaking import newly_broken
from ringfence.core.policies.carrying import carried
from ringfence.core.policies.checking import broken
from ringfence.core.policies.standing import hold
from ringfence.core.policies.tally import Tally, counted
from ringfence.core.refusals import Refusal, Refused
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.scenario.memory import MemoryDirectory
from ringfence.core.specification import policies as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.state.state import State
from ringfence.core.statements import (
    AtLeast,
    AtMostLevel,
    CheckIs,
    ClientsMeant,
    MembersMeant,
    Never,
    OpenTo,
    Policy,
    Statement,
)
from ringfence.core.terms import ALL_CLIENTS, Instant, Level, Reason
from tests.core.firms import (
    ACME,
    ADA,
    BEN,
    BOOTS,
    CY,
    MOMENTS,
    NOW,
    TEAM,
    acme,
    ada,
    ben,
    cy,
    firms,
    grant,
    on_client,
    small_firm,
    team,
)
from tests.core.histories import next_events
from tests.core.random_examples import name_the_seed, random_examples
from tests.core.random_statements import RandomStatements, policies_about
from tests.core.test_preview_agreement import LOOKS


@random_examples(100)
@given(data=st.data(), facts=firms())
def test_what_breaks_a_statement_is_what_the_specification_says(data: st.DataObject, facts: Facts) -> None:
    name_the_seed()
    statements = _statements(data, facts, 8)
    state = state_of(facts)
    for now in data.draw(st.permutations(MOMENTS)):
        found = broken(at(state, now), statements)
        assert [set(each) for each in found] == [
            specification.broken(facts, statement, now) for statement in statements
        ]


@random_examples(100)
@given(data=st.data(), facts=firms())
def test_what_a_change_breaks_is_the_difference_of_two_whole_checks(
    monkeypatch: pytest.MonkeyPatch, data: st.DataObject, facts: Facts
) -> None:
    name_the_seed()
    now: Instant = data.draw(st.sampled_from(MOMENTS))
    state = state_of(msgspec.structs.replace(facts, policies=data.draw(policies_about(facts, 1, 6))))
    # What is touched is looked at as a preview looks at it, by what members reach, or not at all.
    few_clients = data.draw(st.sampled_from((0, 2, 2_000, 2_000)))
    few_members = data.draw(st.sampled_from((0, 100, 100, 100)))
    monkeypatch.setattr(moves, "FEW_CLIENTS", few_clients)
    monkeypatch.setattr(moves, "FEW_MEMBERS", few_members)
    monkeypatch.setattr(breaking, "FEW_CLIENTS", few_clients)
    monkeypatch.setattr(breaking, "ASKED", data.draw(st.sampled_from((0, 1, 100))))
    # A preview has compared the two moments before, or nobody has; it finds clients in one of three ways.
    for name, value in data.draw(st.sampled_from(LOOKS)).items():
        monkeypatch.setattr(places, name, value)
    monkeypatch.setattr(sets, "MANY", data.draw(st.sampled_from([0, 64])))
    monkeypatch.setattr(evaluation, "FEW_GROUPS", data.draw(st.sampled_from([0, 6])))
    monkeypatch.setattr(moves, "SIDES", data.draw(st.sampled_from((0, 0, 2))))
    monkeypatch.setattr(moves, "MANY_CLASSES", data.draw(st.sampled_from((0, 64))))
    previewed = data.draw(st.booleans())
    for _ in range(data.draw(st.integers(1, 6))):
        before, events = state, []
        now = data.draw(st.sampled_from([each for each in MOMENTS if each >= now]))
        if data.draw(st.booleans()):
            _check_whole(before, now)
        for _ in range(data.draw(st.integers(1, 3))):
            events.append(data.draw(next_events(facts_of(state), state)))
            state = apply(state, events[-1])
        if data.draw(st.integers(0, 3)) == 0:
            # Nobody asks: what was counted is carried over several changes.
            continue
        if previewed:
            difference(before, state, events, now)
        found = newly_broken(at(before, now), state, events)
        was, will = facts_of(before), facts_of(state)
        assert found == {
            number
            for number, policy in will.policies.items()
            if _holds(was, policy, now) and not _holds(will, policy, now)
        }
    _check_whole(state, now)


@random_examples(200)
@given(data=st.data(), facts=firms())
def test_what_is_carried_over_a_change_is_what_is_counted_after_it(
    monkeypatch: pytest.MonkeyPatch, data: st.DataObject, facts: Facts
) -> None:
    name_the_seed()
    monkeypatch.setattr(sets, "MANY", data.draw(st.sampled_from([0, 64])))
    monkeypatch.setattr(evaluation, "FEW_GROUPS", data.draw(st.sampled_from([0, 6])))
    monkeypatch.setattr(moves, "MANY_CLASSES", data.draw(st.sampled_from((0, 64))))
    for name, value in data.draw(st.sampled_from(LOOKS)).items():
        monkeypatch.setattr(places, name, value)
    now: Instant = data.draw(st.sampled_from(MOMENTS))
    statements = tuple(dict.fromkeys(_statements(data, facts, 15)))
    state = state_of(msgspec.structs.replace(facts, policies={1: Policy(mode="warn", statements=statements)}))
    known = counted(at(state, now), statements)
    previewed = data.draw(st.booleans())
    for _ in range(data.draw(st.integers(3, 8))):
        before, event = state, data.draw(next_events(facts_of(state), state))
        state = apply(state, event)
        there = counted(at(state, now), statements)
        if previewed:
            difference(before, state, [event], now)
        known = carried(known, at(before, now), at(state, now), [event]) or there
        for each, found in known.broken.items():
            really = there.broken[each]
            assert really is not None
            assert found is None or (bool(found) is bool(really) and found <= really), each
        assert known.breakers == there.breakers
        assert known.meant == there.meant
        assert known.seers == there.seers
        assert [_positive(each) for each in known.sizes.values()] == [*there.sizes.values()]
        assert (known.total is None) is (there.total is None)


def test_a_check_of_what_gives_a_level_is_made_again_where_no_level_moves() -> None:
    """Ada may edit Acme by her team, then by a grant of her own as well."""
    by_team = CheckIs(member=ADA, client=ACME, level=Level.EDITOR, reason=Reason.GROUP)
    state, now = state_of(small_firm(grant(team, on_client(ACME)))), NOW
    known = counted(at(state, now), [by_team])
    assert not known.broken[by_team]
    event = e.GrantsSet(subject=ada, kind="client", targets=BitMap([ACME]), level=Level.EDITOR)
    after = carried(known, at(state, now), at(apply(state, event), now), [event])
    assert after is not None
    assert after.broken[by_team]


def test_who_shall_see_a_client_is_not_said_any_more_of_one_that_goes_seen_by_nobody() -> None:
    said = OpenTo(client=ACME, members=frozenset({ADA}))
    state, now = apply(state_of(small_firm()), e.SettingsChanged(values={"unassigned": "none"})), NOW
    known = counted(at(state, now), [said])
    assert known.broken[said]
    event = e.ClientRemoved(client=ACME, at=NOW)
    after = carried(known, at(state, now), at(apply(state, event), now), [event])
    assert after is not None
    assert not after.broken[said]


def test_a_check_of_somebody_who_becomes_inactive_is_made_again_on_what_they_did_not_see() -> None:
    check = CheckIs(member=BEN, client=ACME, level=Level.NONE, reason=Reason.NOT_ASSIGNED)
    facts = small_firm(grant(ada, on_client(ACME)))
    state = state_of(msgspec.structs.replace(facts, policies={1: Policy(mode="warn", statements=(check,))}))
    assert hold(at(state, NOW), [check]) == [True]
    event = e.MemberDeactivated(member=BEN)
    after = apply(state, event)
    touched = difference(state, after, [event], NOW).touched
    assert touched is not None
    assert ACME not in touched
    assert newly_broken(at(state, NOW), after, [event]) == {1}


def test_what_is_meant_otherwise_counts_where_a_preview_looked_at_the_whole_firm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ben reads Acme, which becomes confidential when what is open to all closes."""
    monkeypatch.setattr(moves, "SIDES", 0)
    never = Never(members=MembersMeant(members=frozenset({BEN})), clients=ClientsMeant(confidential=True))
    facts = small_firm(grant(ben, on_client(ACME)))
    policies = {1: Policy(mode="warn", statements=(never,))}
    state = state_of(msgspec.structs.replace(facts, policies=policies))
    assert hold(at(state, NOW), [never]) == [True]
    closed = e.SettingsChanged(values={"unassigned": "none"})
    events: list[e.Event] = [closed, e.ClientMarked(client=ACME, confidential=True)]
    after = apply_all(state, events)
    assert difference(state, after, events, NOW).touched is None
    assert newly_broken(at(state, NOW), after, events) == {1}


def test_members_for_whom_the_same_closes_are_looked_at_once() -> None:
    """A team without members is given both clients, which closes them to Ada, Ben and Cy alike."""
    state = state_of(small_firm(groups={TEAM: ()}))
    event = e.GrantsSet(subject=team, kind="client", targets=BitMap([ACME, BOOTS]), level=Level.EDITOR)
    before, after = at(state, NOW), at(apply(state, event), NOW)
    difference(state, after.state, [event], NOW)
    found = moves.moves(before, after, [event])
    assert found is not None
    assert [set(each.members) for each in found.moves] == [{ADA, BEN, CY}]


def _positive(sizes: Mapping[int, int]) -> dict[int, int]:
    return {member: size for member, size in sizes.items() if size}


def _check_whole(state: State, now: Instant) -> None:
    facts = facts_of(state)
    statements = [each for policy in facts.policies.values() for each in policy.statements]
    assert hold(at(state, now), statements) == [
        not specification.broken(facts, each, now) for each in statements
    ]


def _holds(facts: Facts, policy: Policy, now: Instant) -> bool:
    return not any(specification.broken(facts, each, now) for each in policy.statements)


def _statements(data: st.DataObject, facts: Facts, count: int) -> list[Statement]:
    random = RandomStatements.about(lambda choices: data.draw(st.sampled_from(choices)), facts)
    return [random.statement() for _ in range(count)]


TWO_PEOPLE = Policy(mode="refuse", statements=(AtLeast(number=2, clients=ClientsMeant(all=True)),))


def _watched() -> Moment:
    """Ada and Ben see every client, Cy none, and a policy says that two people must."""
    facts = small_firm(grant(ada, ALL_CLIENTS), grant(ben, ALL_CLIENTS), unassigned="none")
    return at(state_of(msgspec.structs.replace(facts, policies={1: TWO_PEOPLE})), NOW)


GO, COME = (
    w.RemoveGrant(to=(ben,), on=w.On.target(ALL_CLIENTS)),
    w.SetGrant(to=(cy,), on=w.On.target(ALL_CLIENTS), level=Level.READER),
)


def test_a_list_is_held_against_policies_at_its_end() -> None:
    before = _watched()
    exchanged = OneChange(before, MemoryDirectory(), actor=None)
    for command in (GO, COME):
        exchanged.carry_out(command)
    exchanged.finish(MemoryDirectory())
    left = OneChange(before, MemoryDirectory(), actor=None)
    left.carry_out(GO)
    with pytest.raises(ListRefused) as refused:
        left.finish(MemoryDirectory())
    assert (refused.value.refused.refusal, refused.value.refused.policies) == (Refusal.POLICY, BitMap([1]))


def test_one_command_that_breaks_a_policy_says_which() -> None:
    with pytest.raises(Refused) as refused:
        carry_out(_watched(), MemoryDirectory(), GO, actor=None)
    assert (refused.value.refusal, refused.value.policies) == (Refusal.POLICY, BitMap([1]))


THE_TEAM = MembersMeant(groups=frozenset({TEAM}))
EVERYBODY = MembersMeant(everyone=True, without=frozenset({CY}))


def _stated(statement: Statement) -> Moment:
    """Ada is alone in the team, Ben reads Acme, and something is stated of that."""
    facts = small_firm(grant(ben, acme, Level.READER), unassigned="none")
    policies = {1: Policy(mode="refuse", statements=(statement,))}
    return at(state_of(msgspec.structs.replace(facts, policies=policies)), NOW)


@pytest.mark.parametrize(
    ("stated", "command"),
    [
        (
            Never(members=THE_TEAM, clients=ClientsMeant(all=True)),
            w.AddToGroup(group=TEAM, members=frozenset({BEN})),
        ),
        (
            AtMostLevel(level=Level.READER, clients=ClientsMeant(all=True), members=EVERYBODY),
            w.SetGrant(to=(ben,), on=w.On.target(acme), level=Level.OWNER),
        ),
    ],
    ids=["who joins a group brings what they see", "a higher level on what is seen already"],
)
@pytest.mark.parametrize("known", [True, False], ids=["counted", "not counted"])
def test_what_breaks_a_policy_is_refused_whether_the_firm_has_been_counted_or_not(
    stated: Statement, command: w.Command, known: bool
) -> None:
    moment = _stated(stated)
    if known:
        assert hold(moment, [stated]) == [True]
    with pytest.raises(Refused) as refused:
        carry_out(moment, MemoryDirectory(), command, actor=None)
    assert refused.value.policies == BitMap([1])


NEVER = Never(members=THE_TEAM, clients=ClientsMeant(all=True))
SHOWS_BEN_MORE = w.SetGrant(to=(ben,), on=w.On.target(acme), level=Level.EDITOR)


def test_a_draft_that_was_asked_about_is_not_carried_with_every_change() -> None:
    before, draft = _stated(NEVER), AtLeast(number=1, clients=ClientsMeant(all=True))
    hold(before, [NEVER, draft])
    _change, after = carry_out(before, MemoryDirectory(), SHOWS_BEN_MORE, actor=None)
    tally = at(after, NOW).evaluation.tally
    assert isinstance(tally, Tally)
    assert (list(tally.broken), list(tally.breakers), tally.total) == ([NEVER], [NEVER], None)


class CountedMeanwhile(Evaluation):
    """Whatever led to it is taken away by another thread as soon as somebody has looked."""

    left: list[tuple[Evaluation, tuple[object, ...]] | None]

    @property
    def tallied(self) -> tuple[Evaluation, tuple[object, ...]] | None:
        return self.left.pop() if self.left else None

    @tallied.setter
    def tallied(self, _value: tuple[Evaluation, tuple[object, ...]] | None) -> None:
        self.left.clear()


def test_who_asks_while_another_thread_counts_is_answered() -> None:
    before = _stated(NEVER)
    hold(before, [NEVER])
    change, _after = carry_out(before, MemoryDirectory(), SHOWS_BEN_MORE, actor=None)
    evaluation = at(apply(before.state, change.events[0]), NOW).evaluation
    evaluation.__dict__["left"] = [evaluation.tallied]
    assert evaluation.tallied is not None
    evaluation.__class__ = CountedMeanwhile
    assert hold(Moment(evaluation.state, NOW, evaluation), [NEVER]) == [True]
