"""Clients gathered by what reaches them, members by where they stand: how the picture of a firm stays small.

Who sees what is decided in `sets.py`; by what a single member reaches what they reach says `ways.py`.
"""

from collections.abc import Hashable, Mapping
from typing import NamedTuple, TypeVar

from pyroaring import BitMap

from ringfence.core.terms import EVERYONE, GIVING, Level, member_subject

from . import holders
from .moment import Moment
from .reach import joined, united

K = TypeVar("K", bound=Hashable)


class MemberPlaces(NamedTuple):
    """Where a member stands: their groups but Everyone, and whether a grant of their own counts."""

    groups: frozenset[int]
    own: bool


def clients_alike(moment: Moment, parts: Mapping[K, BitMap]) -> dict[frozenset[K], BitMap]:
    """The firm's clients by which of these sets of engagements have any of theirs; the empty key for none.

    Each client is in exactly one of the sets, and none of them is empty.
    """
    register = moment.state.register
    classes: dict[frozenset[K], BitMap] = {frozenset(): register.clients} if register.clients else {}
    for part, engagements in parts.items():
        reached = moment.clients_of(engagements & register.engagements)
        for key, clients in list(classes.items()):
            inside = clients & reached
            if not inside:
                continue
            del classes[key]
            classes[key | {part}] = inside
            if outside := clients - inside:
                classes[key] = outside
    return classes


def members_alike(moment: Moment) -> dict[MemberPlaces, BitMap]:
    """The members who may use client records, by where they stand."""
    found: dict[MemberPlaces, BitMap] = {}
    for number in moment.state.everyone:
        if moment.state.members[number].works:
            groups = frozenset(moment.state.groups_of(number)) - {EVERYONE}
            places = MemberPlaces(groups, bool(holders.levels(moment, member_subject(number))))
            found.setdefault(places, BitMap()).add(number)
    return found


class OwnGrants(NamedTuple):
    """Engagements by a member's own counting grants; what a nearer grant decides otherwise is among them."""

    narrow: BitMap
    """Given on the engagement or its client."""
    wide: BitMap
    """Given on its service or on all clients."""
    blocked: BitMap
    """Where one of any kind is Blocked."""
    emergency: BitMap
    """Opened in an emergency, where no narrow one is given (rules.md 10)."""


def own_grants(moment: Moment, member: int) -> OwnGrants:
    """What the member's own grants that count are on (rules.md 1)."""
    evaluation, subject = moment.evaluation, member_subject(member)
    found, wide, whole = evaluation.compiled(subject), evaluation.wide_level(subject), evaluation.everything()
    levels = zip(found.engagements, found.clients, strict=True)
    *given, blocked = (joined(near, far) for near, far in levels)
    *services, denied = found.services
    narrow = united([each for each in given if each])
    opened = evaluation.in_emergency(member).values() if moment.state.emergencies else ()
    return OwnGrants(
        narrow=narrow,
        wide=whole if wide in GIVING else united([each for each in services if each]),
        blocked=whole if wide is Level.BLOCKED else joined(blocked, denied),
        emergency=united(list(opened)) - narrow,
    )
