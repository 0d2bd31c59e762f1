"""What an import of clients would do, before anything is saved; members and places are in `plan_people`.

The firm is asked through small protocols, in bulk and by `unique_key`, so that planning runs outside the
firm's lock and in tests without a database. Whether a change is permitted is for the core to say.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

import msgspec

from ringfence.core.directory import tax_key, tax_keys, unique_key, unique_keys
from ringfence.core.refusals import Problem, Refusal
from ringfence.lists.faults import F, RowFault, Value, in_order, shown
from ringfence.lists.plans.likeness import seems_the_same
from ringfence.lists.rows.columns import NO_COLUMNS, Columns
from ringfence.lists.rows.typed_rows import TypedClient

Added = TypeVar("Added")
Changed = TypeVar("Changed")
T = TypeVar("T")


class Plan(msgspec.Struct, Generic[Added, Changed], frozen=True):
    """What would be added, changed and left alone (`unchanged` rows), and what keeps it from being saved.

    `remarks` are on rows that are taken, and are to be looked at.
    """

    added: tuple[Added, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    faults: tuple[RowFault, ...]
    remarks: tuple[RowFault, ...] = ()
    there: "tuple[tuple[TypedClient, KnownClient], ...]" = ()
    """Of a list of clients, the rows of those that are there and that name grantees."""


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
    knows_services: bool = True
    """Whether who imports knows which services the client has, seen or not (rules.md 5)."""
    standing: Literal["there", "removed", "hidden"] = "there"


class KnownClients(Protocol):
    """What planning clients asks of the firm."""

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, KnownClient]:
        """The clients with these references; keys without one are left out."""

    def clients_without_reference(self, keys: Collection[str]) -> Mapping[str, Sequence[KnownClient]]:
        """The clients with these names that are there, not hidden, and have no reference."""

    def references_by_name(self, keys: Collection[str]) -> Mapping[str, Sequence[str]]:
        """The references of the clients with these names that are there and not hidden."""

    def services(self) -> Mapping[str, str]:
        """The firm's catalogue: `unique_key` to name."""

    def clients_by_tax_reference(self, service: str, keys: Collection[str]) -> Mapping[str, int]:
        """Of these tax references for a service, by its key, which are taken, and by which client."""


class ClientChange(msgspec.Struct, frozen=True):
    """What a row changes of a client; None where it changes nothing. Services by the catalogue's name."""

    row: TypedClient
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
        if self.services_added or self.services_changed:
            return True
        return any(detail is not None for detail in (self.name, self.kind, self.confidential))


def plan_clients(
    rows: Sequence[TypedClient], known: KnownClients, columns: Columns = NO_COLUMNS
) -> Plan[TypedClient, ClientChange]:
    """Compare clients with the firm's, found by client reference.

    A row without one is found by its name, if the firm has a single client of that name without a reference.
    Added rows carry service names as the catalogue writes them. What a row is silent on stays; nothing is
    removed. Faults: a new client without a name or a reference, or called like one that has no reference or
    nearly the same (nobody shall be added twice unnoticed), a removed client's reference, a service the firm
    lacks, a tax reference that belongs to another client of the firm (rules.md 1: unique per service) which
    the list does not give another one, and a service that who imports may not know of. Their columns are told
    by the header that they have among `columns`.
    """
    planner = _ClientPlanner(rows, known, columns)
    for keyed, client in zip(planner.rows, planner.found, strict=True):
        planner.take(keyed, client)
    return Plan(
        tuple(planner.added),
        tuple(planner.changed),
        planner.unchanged,
        in_order(planner.faults),
        in_order(planner.remarks),
        tuple(planner.there),
    )


class _Keyed(NamedTuple):
    """A row with the keys of its texts, which are asked for again and again and are worked out once."""

    row: TypedClient
    reference: str
    name: str


SOME = 1_000
"""Texts whose keys are worked out together, while they are at hand in the processor's memory."""


def _keyed(rows: Sequence[TypedClient]) -> Iterator[_Keyed]:
    for some in _portions(rows):
        references = unique_keys([row.reference for row in some])
        names = unique_keys([row.name for row in some])
        yield from map(_Keyed, some, references, names)


def _portions(things: Sequence[T]) -> Iterator[Sequence[T]]:
    return (things[start : start + SOME] for start in range(0, len(things), SOME))


class _ClientPlanner:
    def __init__(self, rows: Sequence[TypedClient], known: KnownClients, columns: Columns) -> None:
        self._columns = columns
        self.added: list[TypedClient] = []
        self.changed: list[ClientChange] = []
        self.unchanged = 0
        self.faults: list[RowFault] = []
        self.remarks: list[RowFault] = []
        self.there: list[tuple[TypedClient, KnownClient]] = []
        self._catalogue = known.services()
        self._names = frozenset(self._catalogue.values())
        # A list names the same few services again and again.
        self._service_key = cache(unique_key)
        self.rows = list(_keyed(rows))
        _, references, names = zip(*self.rows, strict=True) if self.rows else ((), (), ())
        self._clients = known.clients_by_reference(set(references) - {""})
        self._without_reference = known.clients_without_reference(set(names) - {""})
        self.found = [self._find(row) for row in self.rows]
        """The client that each row is about; None for a new one."""
        new = {name for name, client in zip(names, self.found, strict=True) if client is None}
        self._references = known.references_by_name(new - {""})
        self._tax_keys: dict[str, str] = {}
        """The keys of the tax references that the list gives anew."""
        self._holders = self._holders_by_service(known)
        self._given_up = set(self._references_given_up())
        self._anybody = bool(self._without_reference or self._references or any(self._holders.values()))
        """Whether a new client may turn out to be one that is there, or to have a tax reference of one."""

    def _holders_by_service(self, known: KnownClients) -> dict[str, Mapping[str, int]]:
        """Which clients have the tax references that the list gives anew, by services and keys."""
        given: dict[str, list[str]] = {}
        for keyed, client in zip(self.rows, self.found, strict=True):
            for name, reference in keyed.row.services.items():
                service = self._service_key(name)
                # What the client has already, no other has.
                if reference and (client is None or client.services.get(service) != reference):
                    given.setdefault(service, []).append(reference)
        holders: dict[str, Mapping[str, int]] = {}
        for service, references in given.items():
            keys = [*chain.from_iterable(map(tax_keys, _portions(references)))]
            self._tax_keys.update(zip(references, keys, strict=True))
            holders[service] = known.clients_by_tax_reference(service, keys)
        return holders

    def _references_given_up(self) -> Iterator[tuple[str, str]]:
        """Pairs of service and tax reference that clients of the list have and are given another for.

        A list is one change, in order at its end: what one client gives up, another may be given. What who
        imports does not see is given up by no row, or it would tell whose a reference is.
        """
        for keyed, client in zip(self.rows, self.found, strict=True):
            if client is None or client.standing != "there":
                continue
            for name, reference in keyed.row.services.items():
                service = self._service_key(name)
                held = client.services.get(service, "") if reference else ""
                if not held or held == reference or service in client.unseen:
                    continue
                if (held_key := tax_key(held)) != self._tax_keys[reference]:
                    yield service, held_key

    def take(self, keyed: _Keyed, client: KnownClient | None) -> None:
        """Compare one row with the client that it is about."""
        row = keyed.row
        if client is None and self._plainly_new(keyed):
            self.added.append(row)
        elif client is None and (fault := self._new_problem(keyed)):
            self.faults.append(fault)
        elif client is not None and client.standing != "there":
            hidden = client.standing == "hidden"
            code = F.REFERENCE_TAKEN if hidden else F.REFERENCE_OF_REMOVED
            self._fault(row.line, "reference", row.reference, code, reference=shown(row.reference))
        else:
            self._compare(keyed, client)

    def _plainly_new(self, keyed: _Keyed) -> bool:
        """Whether nothing is wrong with a new client, which calls its services as the catalogue does."""
        if self._anybody or not keyed.reference or not keyed.name:
            return False
        return keyed.row.services.keys() <= self._names

    def _fault(self, line: int, field: str, there: str, code: F, **values: Value) -> None:
        """Note what is wrong with the field of a row, in which stands what is `there`."""
        self.faults.append(RowFault(line, self._columns.header(field), code, values, there))

    def _compare(self, keyed: _Keyed, client: KnownClient | None) -> None:
        row, before = keyed.row, len(self.faults)
        services = self._services(keyed, client)
        if len(self.faults) > before:
            return
        if client is None:
            as_written = services.keys() == row.services.keys()
            self.added.append(row if as_written else msgspec.structs.replace(row, services=services))
            return
        if row.given:
            self.there.append((row, client))
        change = self._difference(row, client, services)
        if change.changes:
            self.changed.append(change)
        else:
            self.unchanged += 1
        for name, reference in change.services_changed.items():
            held = client.services[self._service_key(name)]
            if self._service_key(name) not in client.unseen and seems_the_same(reference, held):
                values = {"reference": shown(reference), "known": shown(held)}
                header = self._columns.header_of_tax_reference(name)
                self.remarks.append(RowFault(row.line_of(name), header, F.ZEROS_FEWER, values, reference))

    def _difference(self, row: TypedClient, client: KnownClient, services: Mapping[str, str]) -> ClientChange:
        """What the row states otherwise than the firm has it; tax references compared as they are written."""
        held = client.services
        added: dict[str, str] = {}
        changed: dict[str, str] = {}
        for name, reference in services.items():
            service = self._service_key(name)
            if service not in held:
                added[name] = reference
            elif reference and held[service] != reference:
                changed[name] = reference
        return ClientChange(
            row=row,
            was=client,
            name=row.name if row.name and row.name != client.name else None,
            kind=row.kind if row.kind is not None and row.kind != client.kind else None,
            confidential=differs(row.confidential, client.confidential),
            services_added=added,
            services_changed=changed,
        )

    def _find(self, row: _Keyed) -> KnownClient | None:
        """The client that the row is about; None for a new one, and where there is a fault in that."""
        if row.reference:
            return self._clients.get(row.reference)
        alike = self._alike(row)
        return alike[0] if len(alike) == 1 else None

    def _alike(self, row: _Keyed) -> Sequence[KnownClient]:
        """The clients of the row's name that have no reference."""
        if not row.name or not self._without_reference:
            return ()
        return self._without_reference.get(row.name, ())

    def _new_problem(self, keyed: _Keyed) -> RowFault | None:
        """What keeps the row from being a new client."""
        row, alike = keyed.row, self._alike(keyed)
        known = self._references.get(keyed.name, ()) if self._references else ()
        if row.reference and row.name and not alike and not known:
            return None
        name, reference = shown(row.name), shown(row.reference)
        code, values = F.MISSING_REFERENCE, dict[str, Value]()
        if not row.reference and alike:
            code, values = F.SEVERAL_WITHOUT_REFERENCE, {"count": len(alike), "name": name}
        elif row.reference and not row.name:
            code, values = F.NEW_CLIENT_WITHOUT_NAME, {"reference": reference}
        elif row.reference and alike:
            code, values = F.ONE_WITHOUT_REFERENCE, {"name": name, "reference": reference}
        elif row.reference:
            same = next((each for each in known if seems_the_same(row.reference, each)), None)
            if same is None:
                return None
            code, values = F.KNOWN_OTHERWISE, {"reference": reference, "name": name, "known": shown(same)}
        if code is F.NEW_CLIENT_WITHOUT_NAME:
            return RowFault(row.line, self._columns.header("name", "last_name"), code, values)
        return RowFault(row.line, self._columns.header("reference"), code, values, row.reference)

    def _services(self, keyed: _Keyed, client: KnownClient | None) -> dict[str, str]:
        """The row's services by the catalogue's names, with what is wrong with them noted."""
        services: dict[str, str] = {}
        for name, reference in keyed.row.services.items():
            service_key = self._service_key(name)
            if service_key not in self._catalogue:
                header, line = self._columns.header_of_service(name), keyed.row.line_of(name)
                unknown = {"service": shown(name)}
                self.faults.append(RowFault(line, header, F.UNKNOWN_SERVICE, unknown, name))
            elif client is not None and _may_not_know(client, service_key):
                # Right or wrong, there or not: every guess gets the same answer.
                told = {"refusal": Refusal.NOT_PERMITTED, "problem": Problem.ONLY_EDITORS}
                self.faults.append(RowFault(keyed.row.line_of(name), "", F.REFUSED, told))
            elif reference and self._taken(service_key, reference, client):
                taken = {"reference": shown(reference), "service": shown(name)}
                header = self._columns.header_of_tax_reference(name)
                line = keyed.row.line_of(name)
                self.faults.append(RowFault(line, header, F.TAX_REFERENCE_TAKEN, taken, reference))
            else:
                services[self._catalogue[service_key]] = reference
        return services

    def _taken(self, service: str, reference: str, client: KnownClient | None) -> bool:
        """Whether another client has the tax reference for the service, and keeps it."""
        key = self._tax_keys.get(reference)
        holder = self._holders[service].get(key) if key is not None and service in self._holders else None
        if holder is None or (client is not None and holder == client.number):
            return False
        return (service, key) not in self._given_up


def _may_not_know(client: KnownClient, service: str) -> bool:
    """Whether who imports may not be told how the client's service compares with what the list says.

    Of a client that somebody sees in part, they may know the services alone that they see.
    """
    if client.knows_services or not client.unseen:
        return False
    return service in client.unseen or service not in client.services


def differs(stated: bool | None, has: bool) -> bool | None:
    return stated if stated is not None and stated is not has else None
