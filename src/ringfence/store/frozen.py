"""A state as bytes: what a checkpoint keeps of a firm. Numbers alone, and no word about anybody.

A small form holds everything; whatever is large in it lies beside it in parts, each named by its SHA-256, so
that states that follow one another share what did not change. Where these bytes lie, and whether they are to
be believed, is `access.ledger.checkpoints`' matter.
"""

import hashlib
from array import array
from collections.abc import Iterable, Mapping

import msgspec
from pyroaring import BitMap

from ringfence.core.events import packed, unpacked
from ringfence.core.review_schedule import ScheduledReview
from ringfence.core.review_values import Review, as_bytes, progress_of, terms_of
from ringfence.core.settings import Settings
from ringfence.core.state.compiled import CompiledGrants
from ringfence.core.state.holding import EMPTY, NO_LEVELS, Holding, Levels
from ringfence.core.state.memo import Memo
from ringfence.core.state.register import Register
from ringfence.core.state.state import Numbers, State
from ringfence.core.statements import Policy
from ringfence.core.terms import Instant, Level, Subject, SubjectKind, Target, TargetKind
from ringfence.core.values import (
    DefaultGrant,
    Delegation,
    Emergency,
    Member,
    Request,
    SoftwareNames,
    Token,
    Wall,
)

FORMAT = 10
"""The form that is written and understood here: raised whenever it, or what a state holds, changes."""
LEAST = 1_024
"""Bytes from which on something is a part of its own."""
BLOCK = 65_536
"""Numbers of a column in one part: a later state shares all but the last."""
DIGEST = 32
"""Bytes of a part's name."""

_INLINE, _PART = b"i", b"p"
_Set = bytes
_FourSets = tuple[_Set, _Set, _Set, _Set] | None


class Frozen(msgspec.Struct, frozen=True):
    """A state as bytes: the form, and the parts that it names."""

    form: bytes
    parts: Mapping[bytes, bytes]


class _Grants(msgspec.Struct, frozen=True, array_like=True):
    """A subject's holding, and what its grants come to in engagements."""

    kind: SubjectKind
    number: int
    engagements: _FourSets
    clients: _FourSets
    services: dict[int, Level]
    all: Level
    excluded: dict[int, _Set]
    expires: list[tuple[TargetKind, int, int]]
    fee_splits: dict[int, int]
    compiled: tuple[_FourSets, _FourSets, _FourSets]


class _Register(msgspec.Struct, frozen=True, array_like=True):
    client_of: list[bytes]
    service_of: list[bytes]
    first: list[bytes]
    following: list[bytes]
    next_client: int
    next_engagement: int
    engagements: _Set
    clients: _Set
    by_service: dict[int, _Set]
    confidential: _Set
    removed: dict[int, int]
    ended: _Set


class _Form(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    format: int
    settings: Settings
    was_on: bool
    members: dict[int, Member]
    groups: dict[int, _Set]
    services: list[int]
    register: _Register
    grants: list[_Grants]
    delegations: list[tuple[int, int, Delegation]]
    walls: dict[int, Wall]
    requests: list[tuple[int, int, Request]]
    reviews: dict[int, tuple[bytes, int, bytes]]
    """Terms, when due, and progress."""
    schedules: dict[int, ScheduledReview]
    emergencies: list[tuple[int, int, Emergency]]
    defaults: dict[int, tuple[DefaultGrant, ...]]
    tokens: dict[int, Token]
    names: SoftwareNames
    kept: _Set
    successor: int
    policies: dict[int, Policy]
    numbers: Numbers
    assigned: _Set
    parts: list[bytes]
    """The names of all parts."""


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Form)


def part_name(content: bytes) -> bytes:
    """What a part is called: nothing else can have the name."""
    return hashlib.sha256(content).digest()


def parts_named(form: bytes) -> list[bytes]:
    """The names of the parts that a form needs. Raises `msgspec.MsgspecError` for what is no form."""
    return _DECODER.decode(form).parts


# --- Into bytes


def freeze(state: State) -> Frozen:
    """The state with what its grants come to, which is worked out for it where it is not yet."""
    return _Freezing().state(state)


class _Freezing:
    def __init__(self) -> None:
        self.parts: dict[bytes, bytes] = {}

    def put(self, content: bytes) -> bytes:
        """What stands in the form for these bytes."""
        if len(content) < LEAST:
            return _INLINE + content
        name = part_name(content)
        self.parts[name] = content
        return _PART + name

    def set(self, numbers: BitMap) -> bytes:
        if not numbers:
            return b""
        compact = numbers.copy()
        compact.run_optimize()
        return self.put(compact.serialize())

    def levels(self, levels: Levels) -> _FourSets:
        if not any(levels):
            return None
        first, second, third, fourth = map(self.set, levels)
        return first, second, third, fourth

    def column(self, column: "array[int]", length: int) -> list[bytes]:
        return [
            self.put(packed(column[start : min(start + BLOCK, length)])) for start in range(0, length, BLOCK)
        ]

    def state(self, state: State) -> Frozen:
        form = _Form(
            format=FORMAT,
            settings=state.settings,
            was_on=state.was_on,
            members=dict(state.members),
            groups={number: self.set(members) for number, members in state.groups.items()},
            services=sorted(state.services),
            register=self.register(state.register),
            grants=[self.grants(state, subject) for subject in sorted(state.holdings)],
            delegations=[(*pair, made) for pair, made in sorted(state.delegations.items())],
            walls=dict(state.walls),
            requests=[(*pair, asked) for pair, asked in sorted(state.requests.items())],
            reviews={
                number: (self.put(as_bytes(each.terms)), each.due, self.put(as_bytes(each.progress)))
                for number, each in state.reviews.items()
            },
            schedules=dict(state.schedules),
            emergencies=[(*pair, opened) for pair, opened in sorted(state.emergencies.items())],
            defaults=dict(state.defaults),
            tokens=dict(state.tokens),
            names=state.names,
            kept=self.set(state.kept),
            successor=state.successor,
            policies=dict(state.policies),
            numbers=state.numbers,
            assigned=self.set(state.assigned),
            parts=sorted(self.parts),
        )
        return Frozen(_ENCODER.encode(form), self.parts)

    def register(self, register: Register) -> _Register:
        clients, engagements = register.next_client, register.next_engagement
        return _Register(
            client_of=self.column(register.client_of, engagements),
            service_of=self.column(register.service_of, engagements),
            first=self.column(register.first, clients),
            following=self.column(register.following, engagements),
            next_client=clients,
            next_engagement=engagements,
            engagements=self.set(register.engagements),
            clients=self.set(register.clients),
            by_service={service: self.set(found) for service, found in register.by_service.items()},
            confidential=self.set(register.confidential),
            removed=dict(register.removed),
            ended=self.set(register.ended),
        )

    def grants(self, state: State, subject: Subject) -> _Grants:
        held, compiled = state.holdings[subject], state.compiled(subject)
        return _Grants(
            kind=subject.kind,
            number=subject.number,
            engagements=self.levels(held.engagements),
            clients=self.levels(held.clients),
            services=dict(held.services),
            all=held.all,
            excluded={service: self.set(left_out) for service, left_out in held.excluded.items()},
            expires=[(*target, until) for target, until in sorted(held.expires.items())],
            fee_splits=dict(held.fee_splits),
            compiled=(
                self.levels(compiled.engagements),
                self.levels(compiled.clients),
                self.levels(compiled.services),
            ),
        )


# --- Out of bytes


def thaw(form: bytes, parts: Mapping[bytes, bytes]) -> State:
    """The state that `freeze` was given.

    Raises `msgspec.MsgspecError`, `KeyError` or `ValueError` for anything but its bytes.
    """
    found = _DECODER.decode(form)
    if found.format != FORMAT:
        raise ValueError(f"a state in form {found.format} cannot be read")
    return _Thawing(parts).state(found)


class _Thawing:
    def __init__(self, parts: Mapping[bytes, bytes]) -> None:
        self.parts = parts
        self._sets: dict[bytes, BitMap] = {}
        """By what stands for them: equal sets are one object, as they mostly were."""

    def get(self, stored: bytes) -> bytes:
        return stored[1:] if stored[:1] == _INLINE else self.parts[stored[1:]]

    def set(self, stored: bytes) -> BitMap:
        if not stored:
            return EMPTY
        found = self._sets.get(stored)
        if found is None:
            found = self._sets[stored] = BitMap.deserialize(self.get(stored))
        return found

    def levels(self, stored: _FourSets) -> Levels:
        if stored is None:
            return NO_LEVELS
        first, second, third, fourth = map(self.set, stored)
        return first, second, third, fourth

    def column(self, blocks: Iterable[bytes]) -> "array[int]":
        return unpacked(b"".join(map(self.get, blocks)))

    def state(self, form: _Form) -> State:
        holdings, compiled = {}, {}
        for grants in form.grants:
            subject = Subject(grants.kind, grants.number)
            holdings[subject] = self.holding(grants)
            compiled[subject] = CompiledGrants(*map(self.levels, grants.compiled))
        state = State.build(
            settings=form.settings,
            was_on=form.was_on,
            members=form.members,
            groups={number: self.set(members) for number, members in form.groups.items()},
            services=frozenset(form.services),
            register=self.register(form.register),
            holdings=holdings,
            delegations={(giver, taker): made for giver, taker, made in form.delegations},
            walls=form.walls,
            requests={(client, member): asked for client, member, asked in form.requests},
            reviews={
                number: Review(
                    terms=terms_of(self.get(terms)),
                    due=Instant(due),
                    progress=progress_of(self.get(progress)),
                )
                for number, (terms, due, progress) in form.reviews.items()
            },
            schedules=form.schedules,
            emergencies={(client, member): opened for client, member, opened in form.emergencies},
            defaults=form.defaults,
            tokens=form.tokens,
            names=form.names,
            kept=self.set(form.kept),
            successor=form.successor,
            policies=form.policies,
            numbers=form.numbers,
        )
        memo = Memo(compiled=compiled, assigned=self.set(form.assigned))
        return msgspec.structs.replace(state, memo=memo)

    def register(self, stored: _Register) -> Register:
        return Register(
            client_of=self.column(stored.client_of),
            service_of=self.column(stored.service_of),
            first=self.column(stored.first),
            following=self.column(stored.following),
            next_client=stored.next_client,
            next_engagement=stored.next_engagement,
            engagements=self.set(stored.engagements),
            clients=self.set(stored.clients),
            by_service={service: self.set(found) for service, found in stored.by_service.items()},
            confidential=self.set(stored.confidential),
            removed={client: Instant(at) for client, at in stored.removed.items()},
            ended=self.set(stored.ended),
        )

    def holding(self, grants: _Grants) -> Holding:
        return Holding(
            engagements=self.levels(grants.engagements),
            clients=self.levels(grants.clients),
            services=grants.services,
            all=grants.all,
            excluded={service: self.set(left_out) for service, left_out in grants.excluded.items()},
            expires={Target(kind, number): Instant(until) for kind, number, until in grants.expires},
            fee_splits=grants.fee_splits,
        )


# --- Two states compared


def same_state(one: State, other: State) -> bool:
    """Whether every fact is the same, and everything that both have worked out of them."""
    if any(getattr(one, name) != getattr(other, name) for name in State.__struct_fields__ if name != "memo"):
        return False
    same = all(_same_grants(one.compiled(subject), other.compiled(subject)) for subject in one.holdings)
    return same and _assigned(one) == _assigned(other)


def _assigned(state: State) -> BitMap:
    """What is assigned; where it is not kept it is not kept now, to be seen to with every grant to come."""
    if state.memo.assigned is None:
        state = msgspec.structs.replace(state, memo=Memo(compiled=state.memo.compiled))
    return state.assigned


def _same_grants(one: CompiledGrants, other: CompiledGrants) -> bool:
    return (one.engagements, one.clients, one.services) == (other.engagements, other.clients, other.services)
