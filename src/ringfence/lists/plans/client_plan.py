"""What an import of clients would do, before anything is saved; members and places are in `plan_people`.

The firm is asked through small protocols, in bulk and by `unique_key`, so that planning runs outside the
firm's lock and in tests without a database. Whether a change is permitted is for the core to say.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Generic, Literal, Protocol, TypeVar

import msgspec

from ringfence.core.directory import unique_key
from ringfence.lists.faults import RowFault
from ringfence.lists.rows.client_rows import MISSING_REFERENCE
from ringfence.lists.rows.typed_rows import ClientRow, shown

Added = TypeVar("Added")
Changed = TypeVar("Changed")


class Plan(msgspec.Struct, Generic[Added, Changed], frozen=True):
    """What would be added, changed and left alone (`unchanged` rows), and what keeps it from being saved."""

    added: tuple[Added, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    faults: tuple[RowFault, ...]

    @property
    def nothing_to_do(self) -> bool:
        return not (self.added or self.changed or self.faults)


class KnownClient(msgspec.Struct, frozen=True):
    """A client as the firm has it; `services` maps `unique_key`s of service names to tax references.

    One that was removed keeps its reference; one that is `hidden` from who imports is as good as not there,
    but its reference is taken all the same (rules.md 5).
    """

    number: int
    name: str
    reference: str
    kind: str
    confidential: bool
    services: Mapping[str, str]
    unseen: Collection[str] = ()
    """Keys of the services that who imports does not see: what they hold is not for a report."""
    standing: Literal["there", "removed", "hidden"] = "there"


class KnownClients(Protocol):
    """What planning clients asks of the firm."""

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, KnownClient]:
        """The clients with these references; keys without one are left out."""

    def clients_without_reference(self, keys: Collection[str]) -> Mapping[str, Sequence[KnownClient]]:
        """The clients with these names that are there, not hidden, and have no reference."""

    def services(self) -> Mapping[str, str]:
        """The firm's catalogue: `unique_key` to name."""

    def clients_by_tax_reference(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
        """Of these pairs of service and tax reference, which are taken, and by which client."""


class ClientChange(msgspec.Struct, frozen=True):
    """What a row changes of a client; None where it changes nothing. Services by the catalogue's name."""

    row: ClientRow
    was: KnownClient
    name: str | None = None
    kind: str | None = None
    confidential: bool | None = None
    services_added: Mapping[str, str] = {}
    services_changed: Mapping[str, str] = {}
    """New tax references of services that the client has."""

    @property
    def number(self) -> int:
        return self.was.number

    @property
    def changes(self) -> bool:
        details = (self.name, self.kind, self.confidential)
        return any(v is not None for v in details) or bool(self.services_added or self.services_changed)


def plan_clients(rows: Sequence[ClientRow], known: KnownClients) -> Plan[ClientRow, ClientChange]:
    """Compare clients with the firm's, found by client reference.

    A row without one is found by its name, if the firm has a single client of that name without a reference.
    Added rows carry service names as the catalogue writes them. What a row is silent on stays; nothing is
    removed. Faults: a new client without a name or a reference, or called like one that has no reference
    (nobody shall be added twice unnoticed), a removed client's reference, a service the firm lacks, a tax
    reference that belongs to another client of the firm (rules.md 1: unique per service).
    """
    planner = _ClientPlanner(rows, known)
    for row in rows:
        planner.take(row)
    return Plan(
        tuple(planner.added), tuple(planner.changed), planner.unchanged, tuple(sorted(planner.faults))
    )


class _ClientPlanner:
    def __init__(self, rows: Sequence[ClientRow], known: KnownClients) -> None:
        self.added: list[ClientRow] = []
        self.changed: list[ClientChange] = []
        self.unchanged = 0
        self.faults: list[RowFault] = []
        self._catalogue = known.services()
        self._clients = known.clients_by_reference({unique_key(r.reference) for r in rows if r.reference})
        self._without_reference = known.clients_without_reference(
            {unique_key(row.name) for row in rows if row.name}
        )
        self._holders = known.clients_by_tax_reference(
            {
                (unique_key(service), unique_key(reference))
                for row in rows
                for service, reference in row.services.items()
                if reference
            }
        )

    def take(self, row: ClientRow) -> None:
        client = self._find(row)
        if client is None and (problem := self._new_problem(row)):
            self.faults.append(RowFault(row.line, "", problem))
        elif client is not None and client.standing != "there":
            self.faults.append(RowFault(row.line, "", _out_of_reach(row, client)))
        else:
            self._compare(row, client)

    def _compare(self, row: ClientRow, client: KnownClient | None) -> None:
        before = len(self.faults)
        services = self._services(row, client.number if client else None)
        if len(self.faults) > before:
            return
        if client is None:
            self.added.append(msgspec.structs.replace(row, services=services))
            return
        change = _difference(row, client, services)
        if change.changes:
            self.changed.append(change)
        else:
            self.unchanged += 1

    def _find(self, row: ClientRow) -> KnownClient | None:
        """The client that the row is about; None for a new one, and where there is a fault in that."""
        alike = self._without_reference.get(unique_key(row.name), ()) if row.name else ()
        if not row.reference:
            return alike[0] if len(alike) == 1 else None
        return self._clients.get(unique_key(row.reference))

    def _new_problem(self, row: ClientRow) -> str:
        """What keeps the row from being a new client, or ""."""
        alike = self._without_reference.get(unique_key(row.name), ()) if row.name else ()
        if not row.reference and alike:
            return (
                f"The firm has {len(alike)} clients called “{shown(row.name)}” without a reference. "
                "Give each its own first."
            )
        if not row.reference:
            return MISSING_REFERENCE
        if not row.name:
            return f"“{shown(row.reference)}” is a new client and has no name. Fill in the name."
        if alike:
            return (
                f"The firm has a client called “{shown(row.name)}” without a client reference. If it is this "
                f"one, give it the reference “{shown(row.reference)}” first; if not, give it another one."
            )
        return ""

    def _services(self, row: ClientRow, client: int | None) -> dict[str, str]:
        """The row's services by the catalogue's names, with what is wrong with them noted."""
        services: dict[str, str] = {}
        for name, reference in row.services.items():
            key = unique_key(name)
            line = row.line_of(name)
            if key not in self._catalogue:
                message = f"The firm has no service “{shown(name)}”. Add it first, or correct its name."
                self.faults.append(RowFault(line, "", message))
                continue
            holder = self._holders.get((key, unique_key(reference))) if reference else None
            if holder is not None and holder != client:
                message = f"“{shown(reference)}” for {shown(name)} belongs to another client of the firm."
                self.faults.append(RowFault(line, "", f"{message} Correct one of the two."))
                continue
            services[self._catalogue[key]] = reference
        return services


def _out_of_reach(row: ClientRow, client: KnownClient) -> str:
    if client.standing == "hidden":
        return f"The reference “{shown(row.reference)}” is taken. Use another one, or ask an administrator."
    return (
        f"“{shown(row.reference)}” belongs to a client that was removed. Restore that client, or use another "
        f"reference."
    )


def _difference(row: ClientRow, client: KnownClient, services: Mapping[str, str]) -> ClientChange:
    """What the row states otherwise than the firm has it; tax references compared as they are written."""
    held = client.services
    return ClientChange(
        row=row,
        was=client,
        name=row.name if row.name and row.name != client.name else None,
        kind=row.kind if row.kind is not None and row.kind != client.kind else None,
        confidential=differs(row.confidential, client.confidential),
        services_added={n: r for n, r in services.items() if unique_key(n) not in held},
        services_changed={n: r for n, r in services.items() if r and held.get(unique_key(n), r) != r},
    )


def differs(stated: bool | None, has: bool) -> bool | None:
    return stated if stated is not None and stated is not has else None
