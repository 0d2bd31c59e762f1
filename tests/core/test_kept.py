"""Of the states that a firm has been in, few are kept for what was counted in them, however long."""

import gc
import weakref
from collections.abc import Sequence
from random import Random

import pytest
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply
from ringfence.core.compare.covering import coverage
from ringfence.core.compare.difference import difference
from ringfence.core.decision.evaluation import Evaluation
from ringfence.core.decision.moment import at
from ringfence.core.policies.standing import hold
from ringfence.core.scenario.bridge import state_of
from ringfence.core.statements import AtLeast, ClientsMeant
from ringfence.core.terms import Instant, Level
from tests.core.firms import ACME, NOW, ada, small_firm

STEPS = 60
MOST = 8
"""The present one, those that counts start from, and what each of them was compared with."""


def kept_after(steps: Sequence[str]) -> int:
    """How many of the evaluations, one a step, are still there at the end."""
    said = [AtLeast(number=1, clients=ClientsMeant(all=True))]
    state, now = state_of(small_firm(unassigned="none")), NOW
    found: list[weakref.ref[Evaluation]] = []
    for place, asked in enumerate(steps):
        event = e.GrantsSet(
            subject=ada,
            kind="client",
            targets=BitMap([ACME]),
            level=Level.OWNER if place % 2 else Level.EDITOR,
            expires=Instant(now + 2) if "expires" in asked else None,
        )
        before, state = state, apply(state, event)
        if "compared" in asked:
            difference(before, state, [event], now)
        if "policies" in asked:
            hold(at(state, now), said)
        if "coverage" in asked:
            coverage(at(state, now))
        if "later" in asked:
            now = Instant(now + 1)
        found.append(weakref.ref(at(state, now).evaluation))
    del before
    gc.collect()
    return sum(each() is not None for each in found)


@pytest.mark.parametrize(
    "asked",
    [
        ("policies", "coverage"),
        ("policies", "", "coverage"),
        ("policies compared", "", "coverage compared", ""),
        ("policies later", "expires", "coverage"),
        ("coverage compared", ""),
    ],
    ids=" then ".join,
)
def test_who_asks_for_one_count_and_then_another_keeps_few_states(asked: tuple[str, ...]) -> None:
    assert kept_after([asked[step % len(asked)] for step in range(STEPS)]) <= MOST


def test_whatever_is_asked_in_whatever_order_few_states_are_kept() -> None:
    random = Random(1)
    for _ in range(6):
        asked = [
            " ".join(
                each
                for each in ("compared", "policies", "coverage", "later", "expires")
                if random.random() < 0.3
            )
            for _ in range(STEPS)
        ]
        assert kept_after(asked) <= MOST, asked
