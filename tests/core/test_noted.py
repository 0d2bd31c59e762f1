"""What is only noted, a record opened or an export taken, leaves a firm and all that is known of it alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.core import events as e
from ringfence.core.apply.apply import apply, apply_all
from ringfence.core.compare.difference import difference
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Facts
from ringfence.core.state.state import State
from ringfence.core.terms import Export, ProofStep, Role, SignInStep, WebhookStep
from tests.core.firms import NOW, firms
from tests.core.random_examples import name_the_seed, random_examples

NOTED = (e.RecordOpened(client=1), e.ExportTaken(what=Export.LEDGER, rows=7))
OTHERS = (
    e.AccessExpired(since=NOW),
    e.WallsTurned(began=frozenset({1})),
    e.WebhookNoted(webhook=1, did=WebhookStep.ROTATED),
    e.DecisionLogSet(on=True, days=7),
    e.SignInNoted(did=SignInStep.NETWORKS, words=("192.0.2.0/24",)),
    e.ProofNoted(did=ProofStep.PUBLISHING, words=("folder",), count=24),
    e.PolicyNoted(policy=1, holds=False, since=NOW),
)


@pytest.fixture
def known() -> State:
    """A firm of which something has been asked, so that it keeps answers."""
    state = apply(State.empty(), e.FirmCreated(settings=State.empty().settings))
    member = e.MemberAdded(member=1, role=Role.STANDARD, access=True, manage_access=False)
    one = (1).to_bytes(4, "little")
    client = e.ClientsAdded(first_client=1, count=1, first_engagement=1, client_of=one, service_of=one)
    state = apply_all(state, (member, client))
    assert at(state, NOW).total(1) == 1
    return state


@pytest.mark.parametrize("event", [*NOTED, *OTHERS])
def test_what_was_worked_out_is_not_even_copied(event: e.Event, known: State) -> None:
    sight = known.memo.evaluation
    after = apply(known, event)
    assert after is known
    assert sight is not None
    assert after.memo.evaluation is sight


@random_examples(50)
@given(facts=firms(), event=st.sampled_from((*NOTED, *OTHERS)))
def test_it_makes_no_difference_to_anybody(facts: Facts, event: e.Event) -> None:
    name_the_seed()
    state = state_of(facts)
    assert difference(state, apply(state, event), (event,), NOW).empty


@pytest.mark.parametrize("event", [*NOTED, *OTHERS])
def test_every_kind_has_a_name_in_the_ledger_and_comes_back_as_it_was(event: e.Event) -> None:
    names = {"record.open", "export.take", "access.expire", "webhook.change", "decision_log.set"}
    names.add("sign_in.change")
    names.add("proof.change")
    names.add("wall.turn")
    names.add("policy.note")
    assert e.NOTED[type(event)] in names
    assert e.decode_events(e.encode_events((event,))) == (event,)


def test_an_entry_says_no_more_than_which_client_or_list() -> None:
    assert e.encode_events(NOTED) == (
        b'[{"event":"record.opened","client":1},{"event":"export.taken","what":"ledger","rows":7}]'
    )
