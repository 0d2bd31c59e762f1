"""Whose access an entry moved, told so that other software can act on it at once.

Each part says: each of these members lost (gained, has another level on) each of these clients. What one
entry moves for very many is not told pair by pair but counted by member, all of it, with where the whole is
to be had: nothing is left out without being said (decision 54).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec
from pyroaring import BitMap

from ringfence.core.compare.difference import Difference, difference
from ringfence.core.compare.elapsed import elapsed
from ringfence.core.compare.moved import Pairs
from ringfence.core.decision.moment import Moment, at
from ringfence.core.terms import Level

from .walking import LedgerStep

AT_ONCE = 500
"""Members, and clients, of one part."""
MOST_PARTS = 50
"""Parts of one cause; where there would be more, it is said of each member how many clients moved."""
MOST_LOOKED_AT = 100_000
"""Clients, counted anew for all members who are not granted the same, that are gone through one by one."""


class Move(StrEnum):
    """What became of a member's access to a client."""

    LOST = "lost"
    GAINED = "gained"
    CHANGED = "changed"
    """Seen before and after: at another level, or with other services of it."""
    MANY = "many"
    """Too many to be named: counted by member."""


class Cause(StrEnum):
    """Why it moved."""

    EXPIRY = "expiry"
    """What had been given until then came to its end."""
    COMMAND = "command"


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many clients moved for one member."""

    member: int
    lost: int
    gained: int
    changed: int


class MovedPart(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to be told."""

    move: Move
    cause: Cause
    members: tuple[int, ...] = ()
    clients: tuple[int, ...] = ()
    level: Level = Level.NONE
    """Of what was gained or changed: the level on the client as a whole; NONE where a part of it is seen."""
    counted: tuple[Counted, ...] = ()


def moved_by(step: LedgerStep) -> list[MovedPart]:
    """What the entry moved: first what had ended by the clock since the entry before, then what it did."""
    now = step.entry.at
    found: list[MovedPart] = []
    before = at(step.before, step.was)
    if before.evaluation.until <= now and (ended := elapsed(step.before, step.was, now)) is not None:
        found += _parts(ended, at(step.before, now), Cause.EXPIRY)
    if step.after is not step.before:
        moved = difference(step.before, step.after, step.entry.events, now)
        found += _parts(moved, at(step.after, now), Cause.COMMAND)
    return found


def _parts(moved: Difference, after: Moment, cause: Cause) -> list[MovedPart]:
    kinds = ((Move.LOST, moved.loses), (Move.GAINED, moved.gains), (Move.CHANGED, moved.changes))
    if sum(count for _, pairs in kinds for _, count in pairs.alike_counted()) > MOST_LOOKED_AT:
        return list(_counted(moved, cause))
    found = [part for kind, pairs in kinds for part in _named(pairs, kind, cause, after)]
    return found if len(found) <= MOST_PARTS else list(_counted(moved, cause))


def _named(pairs: Pairs, move: Move, cause: Cause, after: Moment) -> Iterator[MovedPart]:
    together: dict[tuple[Level, bytes], tuple[BitMap, BitMap]] = {}
    for members, clients in pairs.alike():
        for level, some in _by_level(members, clients, move, after):
            whose, _ = together.setdefault((level, some.serialize()), (BitMap(), some))
            whose |= members
    for (level, _), (whose, some) in together.items():
        for members_part in _chunks(whose):
            for clients_part in _chunks(some):
                yield MovedPart(
                    move=move, cause=cause, members=members_part, clients=clients_part, level=level
                )


def _by_level(members: BitMap, clients: BitMap, move: Move, after: Moment) -> Iterator[tuple[Level, BitMap]]:
    if move is Move.LOST:
        yield Level.NONE, clients
        return
    # They are granted the same, so one of them has the level of all.
    levels: dict[Level, BitMap] = defaultdict(BitMap)
    for client in clients:
        levels[after.client_level(members[0], client)].add(client)
    yield from sorted(levels.items())


def _counted(moved: Difference, cause: Cause) -> Iterator[MovedPart]:
    concerned = sorted({*moved.loses, *moved.gains, *moved.changes})
    for start in range(0, len(concerned), AT_ONCE):
        counted = tuple(
            Counted(
                member=member,
                lost=moved.loses.count(member),
                gained=moved.gains.count(member),
                changed=moved.changes.count(member),
            )
            for member in concerned[start : start + AT_ONCE]
        )
        yield MovedPart(move=Move.MANY, cause=cause, counted=counted)


def _chunks(numbers: BitMap) -> Iterator[tuple[int, ...]]:
    found: Sequence[int] = list(numbers)
    for start in range(0, len(found), AT_ONCE):
        yield tuple(found[start : start + AT_ONCE])
