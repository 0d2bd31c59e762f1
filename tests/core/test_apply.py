"""Every event has one function that says what it does to a state, and what was worked out follows it."""

from typing import get_args

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import HANDLERS, apply
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.terms import Level
from tests.core.firms import (
    ACME,
    ACME_VAT,
    ADA,
    BOOTS,
    BOOTS_GENERAL,
    NOW,
    ada,
    ben,
    grant,
    on_client,
    small_firm,
)

ADA_ON_BOOTS = e.GrantsSet(subject=ada, kind="client", targets=BitMap([BOOTS]), level=Level.OWNER)


def test_every_event_has_a_handler_and_every_handler_an_event() -> None:
    assert set(HANDLERS) == set(get_args(e.Event))


def test_what_a_subject_was_granted_follows_where_nobody_asked_what_is_assigned() -> None:
    state = state_of(small_firm(grant(ada, on_client(ACME)), unassigned="none"))
    assert at(state, NOW).reach(ADA).own == BitMap()
    state.memo.assigned = None
    assert set(at(apply(state, ADA_ON_BOOTS), NOW).reach(ADA).own) == {BOOTS_GENERAL}


def test_what_is_assigned_follows_where_nobody_asked_what_a_subject_was_granted() -> None:
    state = state_of(small_firm(grant(ben, on_client(ACME))))
    assert BOOTS_GENERAL not in state.assigned
    state.memo.compiled.clear()
    assert BOOTS_GENERAL in apply(state, ADA_ON_BOOTS).assigned


def test_a_check_that_was_granted_works_out_nothing_of_what_is_open() -> None:
    moment = at(state_of(small_firm(grant(ada, on_client(ACME)))), NOW)
    assert moment.can(ADA, ACME_VAT)
    assert moment.evaluation.open_set is None
    assert moment.can(ADA, BOOTS_GENERAL)
    assert moment.evaluation.checks[0][ADA].open_set is moment.open
