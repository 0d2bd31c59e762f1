"""The commands that take back what an entry did, worked out from the facts before it and as they are now.

They are ordinary commands with ordinary refusals (rules.md 5, 7). Where what came after has changed one of
the facts, where words are gone, or where no command can give something back, `CannotUndo` says why. What they
come to is compared with what stood before: `Opposite.is_exact`.
"""

from collections.abc import Iterator

import msgspec

from ringfence.core import events as e
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import Moment
from ringfence.core.state.state import State
from ringfence.core.values import Member

from . import clients, firm, grants, leaving, people, relations, words
from . import facts as f
from .around import Around, PastWords, renumbered
from .changed import facts_of
from .why import UNDONE_OTHERWISE, CannotUndo, Left, Why


class Opposite(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The commands, in their order, and what they come to."""

    commands: tuple[w.Command, ...]
    facts: tuple[f.Fact, ...]
    renumbered: f.Renumbered
    left: frozenset[Left]

    def is_exact(self, before: State, undone: State) -> bool:
        """Whether every fact reads in `undone` as it read `before`, but for what is `left`."""
        return all(self._same(fact, before, undone) for fact in self.facts)

    def _same(self, fact: f.Fact, before: State, undone: State) -> bool:
        was, will = fact.read(before), fact.read(undone, self.renumbered)
        if isinstance(fact, f.RequestOf):
            return bool(was is None and will is None) or Left.REQUESTS in self.left
        if isinstance(fact, f.TokenHeld):
            return will is None
        if isinstance(fact, f.InEmergency):
            return not will
        if isinstance(fact, f.Membership) and was is None:
            return isinstance(will, Member) and not will.active
        return bool(was == will)


def opposite(
    command: str,
    events: tuple[e.Event, ...],
    before: State,
    after: State,
    now: Moment,
    words_then: PastWords,
) -> Opposite:
    """What undoes the entry with this command and these events, which `before` led to `after`.

    Raises `CannotUndo`. What stands against it is looked for first.
    """
    if command in UNDONE_OTHERWISE:
        raise CannotUndo(UNDONE_OTHERWISE[command])
    facts = facts_of(events, before)
    changed = tuple(fact for fact in facts if fact.read(after) != fact.read(now.state))
    if changed:
        raise CannotUndo(Why.CHANGED_SINCE, changed)
    around = Around(
        events=events,
        facts=facts,
        before=before,
        moment=now,
        words=words_then,
        renumbered=renumbered(facts, before, now.state),
    )
    commands = tuple(_commands(around))
    reviewed = any(isinstance(event, e.ReviewDecided | e.ReviewClosed) for event in events)
    if reviewed:
        around.left.add(Left.REVIEW)
    if not commands and reviewed:
        raise CannotUndo(Why.REVIEW)
    if not commands:
        kinds = {type(fact) for fact in facts}
        raise CannotUndo(next((why for kind, why in _OVER.items() if kind in kinds), Why.ONLY_NOTED))
    return Opposite(commands=commands, facts=facts, renumbered=around.renumbered, left=frozenset(around.left))


_OVER: dict[type[f.Fact], Why] = {
    f.RequestOf: Why.REQUEST_ENDED,
    f.TokenHeld: Why.TOKEN_REVOKED,
    f.InEmergency: Why.EMERGENCY_OVER,
}
"""Of what no command brings back, why that is so."""


def _commands(around: Around) -> Iterator[w.Command]:
    """First what is made anew, then what it is given, last what goes."""
    yield from firm.firm(around)
    yield from firm.services_back(around)
    yield from clients.clients_back(around)
    yield from people.people(around)
    yield from people.groups_back(around)
    yield from words.words(around)
    yield from people.places(around)
    yield from grants.grants(around)
    yield from relations.relations(around)
    yield from leaving.tokens(around)
    yield from leaving.emergencies(around)
    yield from leaving.gone(around)
