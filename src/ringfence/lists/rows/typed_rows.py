"""The typed rows that lists come to.

A row states only what the file states: an empty cell says nothing about the firm. Whole lists are read in
`client_rows`, `member_rows` and `access_rows`; what the firm has already is known in `plans`.
"""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Generic, TypeVar

import msgspec

from ringfence.core.terms import Level, Role
from ringfence.lists.faults import RowFault


class GivenTo(msgspec.Struct, frozen=True):
    """Somebody to whom a list of clients gives one of them: by e-mail address or by name."""

    line: int
    header: str
    who: str
    level: Level


class TypedClient(msgspec.Struct, frozen=True):
    """A client as one row, or several rows of the same reference, state it.

    `name` and `reference` are "" and `kind`, `confidential` None where the file is silent, but not both of
    the first. `services` maps service names to tax references, "" where none is given.
    """

    line: int
    name: str
    reference: str
    kind: str | None = None
    confidential: bool | None = None
    services: Mapping[str, str] = {}
    service_lines: Mapping[str, int] = {}
    """Lines of services that stand in another row than `line`."""
    given: tuple[GivenTo, ...] = ()
    """Who gets access, whoever else does; nobody twice."""

    def line_of(self, service: str) -> int:
        """The row that states this service."""
        return self.service_lines.get(service, self.line)


class MemberRow(msgspec.Struct, frozen=True):
    """A member; None where the file is silent. One of `email` and `external` is there, "" where it is not."""

    line: int
    name: str
    email: str
    role: Role | None = None
    access: bool | None = None
    manage_access: bool | None = None
    active: bool | None = None
    external: str = ""
    """What the firm's other software calls them: found by it before the address, which people change."""
    groups: tuple[str, ...] = ()
    """The names of groups, each once."""


class AccessRow(msgspec.Struct, frozen=True):
    """A grant on a client, or on its one engagement for `service`, to a group or to a member.

    `level`, `expires` and `fee_split` are None where the file is silent. `expires` is a day (the firm's, at
    its close) or a moment (the firm's time unless it carries an offset); `fee_split` is in percent.
    """

    line: int
    client_reference: str
    service: str | None
    group: str | None
    email: str | None
    level: Level | None = None
    expires: datetime.date | datetime.datetime | None = None
    fee_split: Decimal | None = None


class PlaceRow(msgspec.Struct, frozen=True):
    """A member's place in a group; `email` is their name where the list has no address."""

    line: int
    group: str
    email: str


T = TypeVar("T")


class Reading(msgspec.Struct, Generic[T], frozen=True):
    """The good rows of a list in its order, and all faults; with any fault nothing may be saved.

    Rows with a remark are good, and are to be looked at.
    """

    rows: tuple[T, ...]
    faults: tuple[RowFault, ...]
    remarks: tuple[RowFault, ...] = ()
    named: Mapping[str, int] = {}
    """Of clients, the services that the list names, as first written, and in how many rows, bad ones too."""


def counted(number: int, thing: str) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
