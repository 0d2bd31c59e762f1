"""A state as bytes: it comes back as it was, goes on as it would have, and holds nothing but numbers."""

import hashlib
from array import array
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core.apply.apply import apply
from ringfence.core.review_schedule import ReviewPlan, ScheduledReview
from ringfence.core.review_values import (
    DelegationItem,
    GrantItems,
    Review,
    ReviewProgress,
    ReviewScope,
    ReviewTerms,
)
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.settings import Settings
from ringfence.core.specification.facts import Facts
from ringfence.core.state.compiled import CompiledGrants
from ringfence.core.state.holding import Holding
from ringfence.core.state.memo import Memo
from ringfence.core.state.register import Register, build_register, sharing_columns
from ringfence.core.state.state import Numbers, State
from ringfence.core.statements import ClientsMeant, MembersMeant, Policy, Statement
from ringfence.core.values import (
    ActionName,
    DefaultGrant,
    Delegation,
    Emergency,
    Member,
    Request,
    Side,
    SoftwareNames,
    Token,
    Wall,
)
from ringfence.store import frozen
from ringfence.store.frozen import FORMAT, freeze, parts_named, same_state, thaw
from tests.core.firms import firms
from tests.core.histories import next_events
from tests.core.random_examples import name_the_seed, random_examples

STATEMENTS = (MembersMeant, ClientsMeant, *get_args(Statement))
HELD = (
    State,
    Settings,
    Numbers,
    Register,
    Holding,
    Memo,
    CompiledGrants,
    Member,
    Token,
    SoftwareNames,
    ActionName,
    Delegation,
    Side,
    Wall,
    Request,
    Emergency,
    DefaultGrant,
    Policy,
    *STATEMENTS,
    Review,
    ReviewTerms,
    ReviewProgress,
    ReviewPlan,
    ScheduledReview,
    ReviewScope,
    GrantItems,
    DelegationItem,
)


@random_examples(120)
@given(data=st.data(), facts=firms())
def test_a_state_comes_back_as_it_was_and_goes_on_as_it_would_have(data: st.DataObject, facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    bytes_of_it = freeze(state)
    back = thaw(bytes_of_it.form, bytes_of_it.parts)
    assert same_state(state, back)
    assert facts_of(back) == facts
    for _ in range(data.draw(st.integers(1, 5))):
        event = data.draw(next_events(facts_of(state), state))
        state, back = apply(state, event), apply(back, event)
    assert same_state(state, back)
    assert facts_of(back) == facts_of(state)
    assert back.assigned == state_of(facts_of(back)).assigned


@random_examples(80)
@given(data=st.data(), facts=firms())
def test_two_states_are_the_same_only_where_every_fact_is(data: st.DataObject, facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    after = apply(state, data.draw(next_events(facts, state)))
    assert same_state(state, after) == (facts_of(state) == facts_of(after))


def test_what_is_large_lies_in_parts_that_a_later_state_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "BLOCK", 512)
    before = state_with(3_000)
    first, second = freeze(before), freeze(state_with(3_001))
    assert sorted(first.parts) == parts_named(first.form)
    assert len(first.parts.keys() & second.parts.keys()) == 8
    assert same_state(before, thaw(first.form, first.parts))


def state_with(clients: int) -> State:
    client_of, service_of = array("I", range(clients + 1)), array("I", [0, *[1] * clients])
    register = build_register(client_of, service_of, clients=clients)
    return msgspec.structs.replace(State.empty(), register=register)


def test_a_part_that_is_missing_and_bytes_of_anything_else_are_errors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = freeze(state_with(3_000))
    with pytest.raises(KeyError):
        thaw(whole.form, {})
    with pytest.raises(msgspec.MsgspecError):
        thaw(whole.form[:-1], whole.parts)
    monkeypatch.setattr(frozen, "FORMAT", FORMAT + 1)
    with pytest.raises(ValueError, match="cannot be read"):
        thaw(whole.form, whole.parts)


def test_registers_that_were_read_apart_share_the_columns_that_are_alike() -> None:
    early, late = state_with(2_000).register, state_with(3_000).register
    shared = sharing_columns(early, late)
    assert shared.client_of is late.client_of
    assert [list(shared.chain(client)) for client in (1, 2_000)] == [[1], [2_000]]
    changed = msgspec.structs.replace(late, service_of=array("I", [0, *[2] * 3_000]))
    assert sharing_columns(early, changed).service_of is early.service_of
    assert shared.spread(BitMap([1, 2_000, 2_001])) == early.spread(BitMap([1, 2_000]))


def test_whoever_changes_what_a_state_holds_raises_the_format() -> None:
    said = repr([[struct.__name__, _fields(struct)] for struct in HELD])
    assert (FORMAT, hashlib.sha256(said.encode()).hexdigest()[:16]) == (10, "1f7eea6ef119aa21"), (
        "A state holds something else now: raise FORMAT in store/frozen.py, put it into the form, and write"
        " the new pair here. Checkpoints of before are then made anew."
    )


def _fields(struct: Any) -> list[tuple[str, str]]:
    return [(name, str(kind)) for name, kind in struct.__annotations__.items()]
