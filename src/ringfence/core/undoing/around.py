"""What stands around an entry that is to be undone: the facts before it, now, and the words of both."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Protocol, TypeVar

import msgspec

from ringfence.core import events as e
from ringfence.core.decision.moment import Moment
from ringfence.core.state.state import State
from ringfence.core.terms import Thing

from . import facts as f
from .why import CannotUndo, Left, Why

Kind = TypeVar("Kind", bound=f.Fact)


class PastWords(Protocol):
    """Names, references and addresses around the entry, and now: empty for none."""

    def before(self, thing: Thing, number: int) -> Mapping[str, str]: ...
    def after(self, thing: Thing, number: int) -> Mapping[str, str]: ...
    def now(self, thing: Thing, number: int, field: str) -> str: ...


class Around(msgspec.Struct, kw_only=True, eq=False):
    """`left` fills while commands are put together."""

    events: tuple[e.Event, ...]
    facts: tuple[f.Fact, ...]
    before: State
    moment: Moment
    words: PastWords
    renumbered: f.Renumbered
    left: set[Left] = msgspec.field(default_factory=set)

    @property
    def state(self) -> State:
        return self.moment.state

    def of(self, kind: type[Kind]) -> Iterator[Kind]:
        return (fact for fact in self.facts if isinstance(fact, kind))

    def back(self, fact: f.Fact) -> bool:
        """Whether the thing was there before and is not now."""
        return _back(fact, self.before, self.state)

    def name(self, thing: Thing, number: int) -> str:
        name = self.words.before(thing, number).get("name", "")
        if not name:
            raise CannotUndo(Why.WORDS_GONE)
        return name


def _back(fact: f.Fact, before: State, state: State) -> bool:
    was, is_now = fact.read(before), fact.read(state)
    return was not in (None, False) and is_now in (None, False)


def renumbered(facts: tuple[f.Fact, ...], before: State, state: State) -> f.Renumbered:
    """The numbers that what is made again gets: groups, services, walls, policies, as the facts have them."""
    numbers = state.numbers
    groups, services, walls, policies = (
        count(numbers.group + 1),
        count(numbers.service + 1),
        count(numbers.wall + 1),
        count(numbers.policy + 1),
    )
    found: dict[str, dict[int, int]] = {"groups": {}, "services": {}, "walls": {}, "policies": {}}
    for fact in facts:
        match fact:
            case f.Places(group=group) if _back(fact, before, state):
                found["groups"][group] = next(groups)
            case f.InCatalogue(service=service) if _back(fact, before, state):
                found["services"][service] = next(services)
            case f.KeptApart(wall=wall) if _back(fact, before, state):
                found["walls"][wall] = next(walls)
            case f.PolicyOf(policy=policy) if _back(fact, before, state):
                found["policies"][policy] = next(policies)
            case _:
                pass
    return f.Renumbered(**found)
