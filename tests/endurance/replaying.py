"""What the ledger says about it all: every answer at its own version, and every change that was acknowledged.

The ledger is read and applied entry by entry from its first: no table, no cache and no process that answered
has a part in it. Each answer is held against the core, and one of many against the specification besides,
whose facts are followed by the model of the tests.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.asked import Action, clients_for, judge, members_for
from ringfence.core.decision.moment import Moment, at
from ringfence.core.events import ByToken, Event
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level
from ringfence.store.body import decode_parts
from ringfence.store.engines import source_for
from ringfence.store.opening import opened
from tests.core.model import NO_FIRM, after

from .asking import PAGE, Kept, Told

NEEDED = {Action.VIEW: Level.READER, Action.EDIT: Level.EDITOR, Action.REMOVE: Level.OWNER}
ONE_OF = 100
"""Of so many evaluations one is held against the specification too, which takes long."""


class Entry(NamedTuple):
    """An entry of the ledger."""

    number: int
    at: Instant
    command: str
    events: tuple[Event, ...]


def faults(database: str, firm: int, kept: Kept) -> Iterator[str]:
    """Whatever was wrong, in words."""
    yield from kept.faults
    ledger = list(_entries(database, firm))
    yield from _not_once(kept, ledger)
    by_version = defaultdict(list)
    for told in kept.told:
        by_version[told.version].append(told)
        if told.version < told.floor:
            yield f"older than its question: {told}"
    state, facts = State.empty(), NO_FIRM
    for entry in ledger:
        state = apply_all(state, entry.events)
        for event in entry.events:
            facts = after(facts, event)
        answers = by_version.pop(entry.number, ())
        if answers:
            yield from _wrong(at(state, entry.at), facts, answers)
    for version in by_version:
        yield f"no entry has the version {version} that was answered"


def _entries(database: str, firm: int) -> Iterator[Entry]:
    connection = opened(database)
    for number, instant, command, body in source_for(connection).rows(
        "SELECT number, at, command, body FROM firms_ledgerentry WHERE firm_id = ? ORDER BY number", firm
    ):
        yield Entry(number, Instant(instant), command, decode_parts(bytes(body))[0])
    connection.close()


def _not_once(kept: Kept, ledger: Sequence[Entry]) -> Iterator[str]:
    """What was acknowledged is in the ledger, and nothing was done twice or unasked."""
    done = {
        entry.number: entry.command
        for entry in ledger
        if any(isinstance(event, ByToken) for event in entry.events)
    }
    for version, command in kept.acknowledged.items():
        if done.get(version) != command:
            yield f"{command} was acknowledged as version {version}, which is {done.get(version)}"
    for version in done.keys() - kept.acknowledged.keys():
        yield f"version {version}, {done[version]}, was done and never acknowledged"


def _wrong(moment: Moment, facts: Facts, answers: Sequence[Told]) -> Iterator[str]:
    for told in answers:
        if told.searched:
            expected = _found(moment, told)
            right = told.total == len(expected) and len(told.found) == min(PAGE, len(expected))
            right = right and expected.issuperset(told.found) and len(set(told.found)) == len(told.found)
        else:
            assert told.target is not None
            right = judge(moment, told.member, told.target, told.action).allowed is told.allowed
            if hash(told) % ONE_OF == 0:
                right = right and _specified(facts, moment.now, told) is told.allowed
        if not right:
            yield f"wrong: {told}"


def _found(moment: Moment, told: Told) -> set[int]:
    if told.target is None:
        return set(clients_for(moment, told.member, told.action))
    return set(members_for(moment, told.target, told.action))


def _specified(facts: Facts, now: Instant, told: Told) -> bool:
    """A client is seen where any engagement is; more than that needs all of them."""
    assert told.target is not None
    number, needed = told.target.number, NEEDED[told.action]
    if told.target.kind == "engagement":
        return reference.decide(facts, told.member, number, now)[0] >= needed
    if told.action is Action.VIEW:
        every = reference.engagements_of(facts, number)
        return any(reference.decide(facts, told.member, each, now)[0] >= needed for each in every)
    return reference.client_level(facts, told.member, number, now) >= needed
