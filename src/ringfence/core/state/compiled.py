"""What one subject's grants come to in engagements: the compiled form of a holding.

Times are not looked at here (`counting` filters a holding first), nor who the subject is.
"""

from functools import cached_property
from typing import Protocol

import msgspec
from pyroaring import BitMap

from ringfence.core.terms import Instant, Level, Target

from .holding import EMPTY, NO_LEVELS, Holding, Levels, level_in, with_level
from .register import Register


class CompiledGrants(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Engagement numbers by level, kept apart by what the grant is on, since nearer grants go first.

    A grant on all clients is not spread out; it stays `Holding.all`.
    """

    engagements: Levels = NO_LEVELS
    clients: Levels = NO_LEVELS
    services: Levels = NO_LEVELS

    def gather(self, sets: "list[list[BitMap]]") -> None:
        """Adds each set that is not empty to the sets of its level."""
        for levels in (self.engagements, self.clients, self.services):
            if levels is not NO_LEVELS:
                for found, gathered in zip(levels, sets, strict=True):
                    if found:
                        gathered.append(found)

    def standing(self, among: BitMap | None = None) -> list[BitMap]:
        """The sets of engagements that these grants assign (rules.md 1), or those that have any of these."""
        found = []
        for levels in (self.engagements, self.clients, self.services):
            if levels is not NO_LEVELS:
                for part in levels[: Level.OWNER]:
                    if part is not EMPTY and (bool(part) if among is None else part.intersect(among)):
                        found.append(part)
        return found

    def blocked(self) -> BitMap:
        """The engagements that a grant Blocked is on."""
        at = Level.BLOCKED - 1
        levels = (self.engagements, self.clients, self.services)
        found = [each[at] for each in levels if each is not NO_LEVELS and each[at]]
        return BitMap.union(*found) if found else EMPTY

    @property
    def anything(self) -> bool:
        """Whether they are on any engagement."""
        # Levels of which none is on anything may be there all the same.
        levels = (self.engagements, self.clients, self.services)
        return any(each is not NO_LEVELS and any(each) for each in levels)

    @cached_property
    def parts(self) -> list[BitMap]:
        """The sets that are not empty. Kept: everybody's are looked through at once, again and again."""
        return [
            found for levels in (self.engagements, self.clients, self.services) for found in levels if found
        ]

    def through(self, lens: "Lens") -> "CompiledGrants":
        """The same, seen through a lens."""
        return CompiledGrants(
            engagements=_through(self.engagements, lens),
            clients=_through(self.clients, lens),
            services=_through(self.services, lens),
        )


class Lens(Protocol):
    """Turns sets of engagements into smaller ones: those that somebody asks about."""

    engagements: BitMap
    """The numbers of those."""

    def through(self, engagements: BitMap) -> BitMap: ...


class Mask:
    """The lens onto some engagements, by their own numbers."""

    def __init__(self, engagements: BitMap) -> None:
        self.engagements = engagements

    def narrowed(self, engagements: BitMap) -> "Mask":
        """The lens onto fewer of them."""
        return Mask(engagements)

    def through(self, engagements: BitMap) -> BitMap:
        inside = engagements & self.engagements
        # One object, so that equal to all is the same as all.
        return inside if len(inside) < len(self.engagements) else self.engagements


def _through(levels: Levels, lens: Lens) -> Levels:
    if levels is NO_LEVELS:
        return levels
    first, second, third, fourth = (lens.through(found) if found else EMPTY for found in levels)
    return (first, second, third, fourth) if first or second or third or fourth else NO_LEVELS


def _masked(levels: Levels, mask: BitMap) -> Levels:
    if levels is NO_LEVELS:
        return levels
    first, second, third, fourth = (found & mask if found else EMPTY for found in levels)
    return (first, second, third, fourth)


def compile_grants(holding: Holding, register: Register) -> CompiledGrants:
    """A holding spread out over the engagements that are there."""
    return CompiledGrants(
        engagements=_masked(holding.engagements, register.engagements),
        clients=_spread_levels(holding.clients, register),
        services=compiled_services(holding, register),
    )


def patched(compiled: CompiledGrants, holding: Holding, register: Register, client: int) -> CompiledGrants:
    """The compiled grants brought up to date for one client whose engagements came or went."""
    chain = BitMap(list(register.chain(client)))
    there = chain & register.engagements
    engagements = _patched(compiled.engagements, chain)
    for number in there:
        level = level_in(holding.engagements, number)
        if level is not Level.NONE:
            engagements = with_level(engagements, BitMap([number]), level)
    clients = _patched(compiled.clients, chain)
    level = level_in(holding.clients, client)
    if level is not Level.NONE and there:
        clients = with_level(clients, there, level)
    return CompiledGrants(engagements, clients, compiled_services(holding, register))


def extended(
    compiled: CompiledGrants, holding: Holding, register: Register, clients: BitMap, added: BitMap
) -> CompiledGrants:
    """The compiled grants brought up to date for engagements added to these clients, who may be new."""
    levels = compiled.clients
    for level, held in enumerate(holding.clients, Level.READER):
        if found := register.spread(held & clients) & added:
            levels = with_level(levels, found, Level(level))
    return CompiledGrants(compiled.engagements, levels, compiled_services(holding, register))


def _patched(levels: Levels, gone: BitMap) -> Levels:
    return with_level(levels, gone, Level.NONE) if any(found.intersect(gone) for found in levels) else levels


def _spread_levels(levels: Levels, register: Register) -> Levels:
    if levels is NO_LEVELS:
        return levels
    first, second, third, fourth = (register.spread(found) if found else EMPTY for found in levels)
    return (first, second, third, fourth)


def compiled_services(holding: Holding, register: Register) -> Levels:
    """The grants on services, without the clients that they leave out."""
    levels = NO_LEVELS
    for service, level in holding.services.items():
        found = register.by_service.get(service, EMPTY) & register.engagements
        if left_out := holding.excluded.get(service):
            found = found - register.spread(left_out)
        levels = with_level(levels, found, level)
    return levels


def counting(holding: Holding, now: Instant) -> Holding:
    """The holding without the grants that have expired; itself where none has (rules.md 1)."""
    if not any(until <= now for until in holding.expires.values()):
        return holding
    for target, until in holding.expires.items():
        if until <= now:
            holding = without_grant(holding, target)
    return holding


def without_grant(holding: Holding, target: Target) -> Holding:
    """The holding without the grant on one target."""
    gone = BitMap([target.number])
    match target.kind:
        case "engagement":
            return msgspec.structs.replace(
                holding, engagements=with_level(holding.engagements, gone, Level.NONE)
            )
        case "client":
            return msgspec.structs.replace(holding, clients=with_level(holding.clients, gone, Level.NONE))
        case "service":
            left = {number: level for number, level in holding.services.items() if number != target.number}
            return msgspec.structs.replace(holding, services=left)
        case "all":
            return msgspec.structs.replace(holding, all=Level.NONE)
