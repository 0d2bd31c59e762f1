"""What the firm has and a list that is said to be whole lacks: proposed for removal, removed only when told.

How much of the firm a list stands for is its scope; nothing beyond it is looked at. Where more than a tenth
of it would go, nothing of the list is taken unless the number is named (decision 43).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, Protocol

import msgspec

from ringfence.access import Refused
from ringfence.core.directory import unique_key
from ringfence.core.terms import Subject, Target
from ringfence.lists.faults import F, TableError, shown
from ringfence.lists.plans.access_plan import KnownGrant
from ringfence.lists.plans.people_plan import KnownMember
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import ReadList
from ringfence.lists.rows.typed_rows import TypedClient

BRAKE = 10
"""A list in which more than one in so many is missing is not believed."""
Scope = Literal["clients", "service", "members", "access", "places"]


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """That a list is all that the firm has, and what is to become of what it lacks."""

    service: str = ""
    """The one service that a list of clients is about; "" for a list of all clients."""
    remove: bool = False
    """Whether what it lacks is removed; else it is only told."""
    at_most: int | None = None
    """As many of one scope may go, though it is more than a tenth; None where nobody said so."""


class GoneClient(msgspec.Struct, frozen=True):
    """A client that goes to the recycle bin."""

    number: int
    reference: str
    name: str


class GoneService(msgspec.Struct, frozen=True):
    """A client's engagement for the list's service."""

    number: int
    client: GoneClient
    service: str
    last: bool
    """Whether the client has no other, and so goes with it (rules.md 5)."""


class GoneMember(msgspec.Struct, frozen=True):
    """A member who is deactivated."""

    number: int
    name: str
    email: str


class GoneGrant(msgspec.Struct, frozen=True):
    """A grant on a client or on one of its engagements."""

    subject: Subject
    target: Target
    who: str
    reference: str
    service: str
    """"" for a grant on the client."""
    grant: KnownGrant


class GonePlace(msgspec.Struct, frozen=True):
    """A member's place in a group."""

    group: int
    member: int
    group_name: str
    email: str


GoneItem = GoneClient | GoneService | GoneMember | GoneGrant | GonePlace


class GoneOfScope(msgspec.Struct, frozen=True, kw_only=True):
    """What of one scope is not in the list."""

    scope: Scope
    name: str = ""
    """The service, of the scope "service"."""
    held: int
    """How many there are of the scope; what no list can name is none of it."""
    items: tuple[GoneItem, ...] = ()

    @property
    def most(self) -> int:
        """How many may go without being asked after."""
        return self.held // BRAKE

    def braked(self, at_most: int | None) -> bool:
        """Whether more are gone than may go."""
        return len(self.items) > (self.most if at_most is None else max(self.most, at_most))


class WholeFirm(Protocol):
    """What a firm has of each scope, as who imports may know of it."""

    @property
    def may_not_manage(self) -> Refused | None:
        """Why who imports may not change members, groups and services."""

    @property
    def may_not_share_all(self) -> Refused | None:
        """Why who imports may not take anybody's access away."""

    def services(self) -> Mapping[str, str]:
        """The firm's catalogue: `unique_key` to name."""

    def held_clients(self) -> Iterable[tuple[str, GoneClient]]:
        """The clients with a reference, each with its key."""

    def held_services(self, service: str) -> Iterable[tuple[str, GoneService]]:
        """The engagements for a service, by its key, of such clients; each with the client's key."""

    def held_members(self) -> Iterable[KnownMember]:
        """The active members with an address, without who imports."""

    def held_grants(self, subjects: Collection[Subject]) -> Iterable[GoneGrant]:
        """The grants of these on clients with a reference, and on single engagements of them."""

    def held_places(self, groups: Collection[int]) -> Iterable[GonePlace]:
        """The places in these groups of members with an address."""


class Stated(msgspec.Struct, frozen=True):
    """What the rows of a list of access name, as the firm has it."""

    grants: set[tuple[Subject, Target]] = msgspec.field(default_factory=set)
    places: set[tuple[int, int]] = msgspec.field(default_factory=set)
    """Group and member."""


def plan_gone(read: ReadList, firm: WholeFirm, whole: Whole, stated: Stated) -> tuple[GoneOfScope, ...]:
    """What of each scope of the list is not in it. Ask this of a list without faults alone.

    Raises TableError for a list that names nothing of its scope, so that an empty one removes nothing, and
    Refused where who imports may not remove what it could lack.
    """
    kind = read.columns.kind
    if whole.service and kind is not ListKind.CLIENTS:
        raise TableError(read.source.file, F.SCOPE_OF_CLIENTS)
    refused = firm.may_not_share_all if kind is ListKind.ACCESS and not read.places else firm.may_not_manage
    if refused is not None:
        raise refused
    if not read.count:
        raise TableError(read.source.file, F.EMPTY_WHOLE_LIST)
    if kind is ListKind.CLIENTS:
        return (_service(read, firm, whole.service) if whole.service else _clients(read, firm),)
    if kind is ListKind.MEMBERS:
        return (_members(read, firm),)
    found = tuple(_access(firm, stated))
    if not found:
        raise TableError(read.source.file, F.EMPTY_WHOLE_LIST)
    return found


def _clients(read: ReadList, firm: WholeFirm) -> GoneOfScope:
    named = {unique_key(row.reference) for row in read.clients if row.reference}
    if not named:
        raise TableError(read.source.file, F.EMPTY_WHOLE_LIST)
    held = list(firm.held_clients())
    return GoneOfScope(
        scope="clients", held=len(held), items=tuple(client for key, client in held if key not in named)
    )


def _service(read: ReadList, firm: WholeFirm, service: str) -> GoneOfScope:
    key = unique_key(service)
    name = firm.services().get(key, service)
    named = {unique_key(row.reference) for row in read.clients if row.reference and _has(row, key)}
    if not named:
        raise TableError(read.source.file, F.NOTHING_OF_SERVICE, service=shown(name))
    held = list(firm.held_services(key))
    # Whom the list gives another service keeps that one.
    otherwise = {unique_key(row.reference) for row in read.clients if row.services and not _has(row, key)}
    items = tuple(
        msgspec.structs.replace(each, last=each.last and client not in otherwise)
        for client, each in held
        if client not in named
    )
    return GoneOfScope(scope="service", name=name, held=len(held), items=items)


def _has(row: TypedClient, service: str) -> bool:
    return any(unique_key(name) == service for name in row.services)


def _members(read: ReadList, firm: WholeFirm) -> GoneOfScope:
    named = {unique_key(row.email) for row in read.members}
    held = list(firm.held_members())
    items = (
        GoneMember(who.number, who.name, who.email) for who in held if unique_key(who.email) not in named
    )
    return GoneOfScope(scope="members", held=len(held), items=tuple(items))


def _access(firm: WholeFirm, stated: Stated) -> Iterable[GoneOfScope]:
    if stated.grants:
        subjects = {subject for subject, _ in stated.grants}
        held = list(firm.held_grants(subjects))
        gone = (each for each in held if (each.subject, each.target) not in stated.grants)
        yield GoneOfScope(scope="access", held=len(held), items=tuple(gone))
    if stated.places:
        groups = {group for group, _ in stated.places}
        inside = list(firm.held_places(groups))
        left = (each for each in inside if (each.group, each.member) not in stated.places)
        yield GoneOfScope(scope="places", held=len(inside), items=tuple(left))
