"""Groups for a page: by name, with how many members and clients each has."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.access import FirmNow
from ringfence.access.reading import rows_by_name
from ringfence.core.directory import sort_key
from ringfence.core.terms import ALL_CLIENTS, EVERYONE, GIVING, Thing, group_subject
from ringfence.wording.names_by_number import group_name


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A group as a list shows it."""

    number: int
    name: str
    members: int
    clients: int
    blocked: int
    """Clients from which it blocks its members."""
    services: tuple[int, ...]
    """The services of which it is for all clients."""
    all: bool
    """Whether it is for all clients of the firm."""


def groups_matching(firm_now: FirmNow, text: str) -> list[tuple[int, str]]:
    """Number and name of the groups with `text` in their name, by name, Everyone first."""
    rows = rows_by_name(firm_now.firm, Thing.GROUP, ("number", "name"))
    named = [(number, group_name(number, name)) for number, name in rows]
    wanted = sort_key(text)
    found = [(number, name) for number, name in named if wanted in sort_key(name)]
    return sorted(found, key=lambda each: each[0] != EVERYONE)


def group_row(firm_now: FirmNow, number: int, name: str) -> GroupRow:
    """The group with its exact numbers."""
    # Inactive members keep their places and are not counted (rules.md 9, groups).
    members = firm_now.groups[number] & firm_now.active_members
    held = firm_now.grants_of(group_subject(number))
    blocked = firm_now.denied(number)
    return GroupRow(
        number=number,
        name=name,
        members=len(members),
        clients=len(firm_now.clients_given(number)),
        blocked=len(firm_now.clients_of(blocked)) if blocked else 0,
        services=tuple(service for service, level in held.services.items() if level in GIVING),
        all=held.counting_on(ALL_CLIENTS, firm_now.now) in GIVING,
    )
