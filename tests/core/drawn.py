"""What every draw of a next event asks of the facts: one of these, a subject, the clients that stand.

The events themselves are drawn in histories.py and assurance_histories.py.
"""

from collections.abc import Callable, Iterable

from hypothesis import strategies as st

from ringfence.core import events as e
from ringfence.core.specification.facts import Facts
from ringfence.core.state.state import State
from ringfence.core.terms import Subject
from tests.core.firms import one_of_numbers

Maker = Callable[[st.DrawFn, Facts, State], e.Event | None]
"""Draws an event of one kind, or None where the firm has nothing that it could happen to."""


def one_of(draw: st.DrawFn, choices: Iterable[int]) -> int | None:
    numbers = tuple(sorted(choices))
    return draw(one_of_numbers(numbers)) if numbers else None


def subjects(facts: Facts) -> list[Subject]:
    return [
        *(Subject("member", number) for number in facts.members),
        *(Subject("group", number) for number in facts.groups),
    ]


def standing(facts: Facts) -> list[int]:
    return [number for number, client in facts.clients.items() if client.removed_at is None]
