"""What a command would do (rules.md 6): exact numbers, and the first of everything by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, Field
from pyroaring import BitMap

from ringfence.access import Difference, OnBothSides, Ownerless, Pairs, preview, preview_once_on
from ringfence.access.listing.clients import client_name_of
from ringfence.access.policing.breaching import broken_named
from ringfence.access.reading import names_added
from ringfence.core.commands.definitions import Command, TurnOn
from ringfence.core.terms import Capability

from .caller import Caller
from .names import Ref, member_refs

FIRST = 50
"""Pairs and clients that are named."""


class Pair(BaseModel):
    """A member and a client."""

    member: Ref
    client: Ref


class PairsMoved(BaseModel):
    """Who, and which clients: to see a client is to see one of its engagements."""

    members: Annotated[int, Field(description="How many people.")]
    clients: Annotated[int, Field(description="How many clients.")]
    pairs: Annotated[int, Field(description="How many pairs of the two.")]
    first: Annotated[list[Pair], Field(description=f"The first {FIRST} of them by id.")]


class ClientsMoved(BaseModel):
    total: int
    first: Annotated[list[Ref], Field(description=f"The first {FIRST} of them by id.")]


class MovedAnswer(BaseModel):
    """Before against after."""

    gains: PairsMoved
    loses: PairsMoved
    changes: Annotated[
        PairsMoved, Field(description="Seen before and after, at another level or other parts.")
    ]
    opens: Annotated[ClientsMoved, Field(description="Clients with a part that becomes open to all.")]
    closes: Annotated[ClientsMoved, Field(description="Clients with a part that is open to all no more.")]


class PoliciesBroken(BaseModel):
    total: int
    policies: Annotated[
        list[Ref], Field(description="All of them by name; for who reads the control side alone.")
    ]


class BothSidesAnswer(BaseModel):
    """A member on both sides of a wall: named on both, or by access to clients of both."""

    wall: int
    member: Ref
    road: Annotated[
        Literal["named", "sees", "own", "group", "delegation"],
        Field(description="`sees` is open to them; what the last three give is kept from them by the wall."),
    ]
    by: Annotated[int | None, Field(description="The group, or the member who delegates.")]
    clients: ClientsMoved


class PreviewAnswer(MovedAnswer):
    """What the command would do to the firm at `version`; nothing was changed."""

    command: str
    version: int
    self_access: Annotated[bool, Field(description="Whether it lets who gives it see more: that is told.")]
    without_owner: Annotated[
        ClientsMoved, Field(description="Clients left without the Owner that is required.")
    ]
    owners_walled_off: Annotated[
        ClientsMoved, Field(description="Clients whose Owners a wall keeps out; for who may know of walls.")
    ]
    breaks: Annotated[
        PoliciesBroken, Field(description="Policies of the firm that hold now and would not afterwards.")
    ]
    both_sides: Annotated[
        list[BothSidesAnswer],
        Field(description="Who comes to stand on both sides of a wall; for who may know of walls."),
    ]
    once_on: Annotated[
        MovedAnswer | None, Field(description="Where control is off: what it does once that is turned on.")
    ]


class Foreseen(NamedTuple):
    """What a preview rests on, of one command or of many."""

    version: int
    difference: Difference
    ownerless: Ownerless
    self_access: bool
    once_on: Difference | None
    both_sides: tuple[OnBothSides, ...]
    added: Mapping[int, str]
    """The names of clients that are added, which are stored nowhere yet."""
    breaks: frozenset[int] = frozenset()


def foreseen(caller: Caller, command: Command) -> Foreseen:
    """What the caller's command would do. Raises as `access.preview`."""
    found = preview(caller.firm, command, actor=caller.actor)
    later = None
    if not caller.now.settings.control and not isinstance(command, TurnOn):
        later = preview_once_on(caller.firm, command, actor=caller.actor)
    return Foreseen(
        version=found.version,
        difference=found.difference,
        ownerless=found.ownerless,
        self_access=found.change.self_access,
        once_on=later,
        both_sides=found.both_sides(),
        added=names_added(found.change.texts, caller.now),
        breaks=found.breaks(),
    )


def preview_answer(caller: Caller, name: str, found: Foreseen) -> PreviewAnswer:
    """The preview as its actor may be told it, which is as pages tell it."""
    words = _Words(caller, found.added)
    # Whoever shares a client may not know of walls (rules.md 9, knowing).
    walled_off = found.ownerless.walled_off if caller.may(Capability.READ_CONTROL) else BitMap()
    return PreviewAnswer(
        command=name,
        version=found.version,
        self_access=found.self_access,
        without_owner=words.clients(found.ownerless.without),
        owners_walled_off=words.clients(walled_off),
        breaks=_broken(caller, found.breaks),
        both_sides=words.both_sides(found.both_sides) if caller.may(Capability.READ_CONTROL) else [],
        once_on=None if found.once_on is None else words.moved(found.once_on),
        **dict(words.moved(found.difference)),
    )


def _broken(caller: Caller, breaks: frozenset[int]) -> PoliciesBroken:
    if not caller.may(Capability.READ_CONTROL):
        return PoliciesBroken(total=len(breaks), policies=[])
    found = broken_named(caller.firm, caller.now.policies, breaks)
    return PoliciesBroken(total=len(found), policies=[Ref(id=each.number, name=each.name) for each in found])


class _Words:
    """The names of one firm that a preview says."""

    def __init__(self, caller: Caller, added: Mapping[int, str]) -> None:
        """`added` are the names of clients that the command adds, which are stored nowhere yet."""
        self._firm = caller.firm
        self._added = added
        self._members = member_refs(caller.firm)

    def moved(self, found: Difference) -> MovedAnswer:
        return MovedAnswer(
            gains=self._pairs(found.gains),
            loses=self._pairs(found.loses),
            changes=self._pairs(found.changes),
            opens=self.clients(found.opens),
            closes=self.clients(found.closes),
        )

    def both_sides(self, found: Iterable[OnBothSides]) -> list[BothSidesAnswer]:
        return [
            BothSidesAnswer(
                wall=each.wall,
                member=self._members.get(each.member, Ref(id=each.member, name="")),
                road=each.road.value,
                by=each.by or None,
                clients=self.clients(each.clients),
            )
            for each in found
        ]

    def clients(self, clients: BitMap) -> ClientsMoved:
        first = list(islice(clients, FIRST))
        names = self._names(first)
        return ClientsMoved(total=len(clients), first=[Ref(id=each, name=names[each]) for each in first])

    def _pairs(self, pairs: Pairs) -> PairsMoved:
        first = list(islice(_in_order(pairs), FIRST))
        names = self._names({client for _member, client in first})
        return PairsMoved(
            members=len(pairs),
            clients=len(pairs.clients),
            pairs=pairs.total,
            first=[
                Pair(
                    member=self._members.get(member, Ref(id=member, name="")),
                    client=Ref(id=client, name=names[client]),
                )
                for member, client in first
            ],
        )

    def _names(self, clients: set[int] | list[int]) -> dict[int, str]:
        known = client_name_of(self._firm, clients)
        return {number: known.get(number) or self._added.get(number, "") for number in clients}


def _in_order(pairs: Pairs) -> Iterator[tuple[int, int]]:
    for member in sorted(pairs):
        for client in pairs[member]:
            yield member, client
