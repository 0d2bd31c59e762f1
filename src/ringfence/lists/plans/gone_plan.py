"""What the firm has and a list that is said to be whole lacks: proposed for removal, removed only when told.

How much of the firm a list stands for is its scope; nothing beyond it is looked at. Where more than a tenth
of it would go, nothing of the list is taken unless the number is named (decision 43).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, Protocol

import msgspec

from ringfence.access import Refused
from ringfence.core.directory import unique_key
from ringfence.core.terms import Role, Subject, Target
from ringfence.lists.faults import F, TableError, shown
from ringfence.lists.plans.access_plan import KnownGrant
from ringfence.lists.plans.people_plan import KnownMember
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import ReadList
from ringfence.lists.rows.typed_rows import TypedClient

BRAKE = 10
"""A list in which more than one in so many is missing is not believed."""
FREE_PLACES = 5
"""As many places of people who are listed may go besides: who changes teams is no list that broke off."""
Scope = Literal["clients", "service", "members", "linked", "access", "places", "groups"]
StaysFor = Literal["self", "last_principal", "last_administrator"]


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """That a list is all that the firm has, and what is to become of what it lacks."""

    service: str = ""
    """The one service that a list of clients is about; "" for a list of all clients."""
    remove: bool = False
    """Whether what it lacks is removed; else it is only told."""
    at_most: int | None = None
    """As many of one scope may go, though it is more than a tenth; None where nobody said so."""
    linked: bool = False
    """Whether a list of members stands for those alone who have an external id, as a directory's does."""
    counts_stated: bool = False
    """Whether members whose rows say that they are not active count for the brake with those who are gone."""


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


class Stays(msgspec.Struct, frozen=True):
    """A member whom the list lacks and who is not deactivated all the same, and why."""

    who: GoneMember
    why: StaysFor


GoneItem = GoneClient | GoneService | GoneMember | GoneGrant | GonePlace


class GoneOfScope(msgspec.Struct, frozen=True, kw_only=True):
    """What of one scope is not in the list."""

    scope: Scope
    name: str = ""
    """The service, of the scope "service"."""
    held: int
    """How many there are of the scope; what no list can name is none of it."""
    items: tuple[GoneItem, ...] = ()
    stated: int = 0
    """How many more members go because their rows say so."""
    stays: tuple[Stays, ...] = ()

    @property
    def most(self) -> int:
        """How many may go without being asked after."""
        tenth = self.held // BRAKE
        return max(tenth, FREE_PLACES) if self.scope == "groups" else tenth

    @property
    def going(self) -> int:
        """How many would go."""
        return len(self.items) + self.stated

    def braked(self, at_most: int | None) -> bool:
        """Whether more would go than may."""
        return self.going > (self.most if at_most is None else max(self.most, at_most))


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
        """The active members with an address or an external id, who imports among them."""

    def managing_members(self) -> Iterable[KnownMember]:
        """The active principals and administrators."""

    @property
    def own_number(self) -> int | None:
        """The member who imports; None where it is none."""

    def held_grants(self, subjects: Collection[Subject]) -> Iterable[GoneGrant]:
        """The grants of these on clients with a reference, and on single engagements of them."""

    def held_places(
        self, groups: Collection[int], members: Collection[int] | None = None
    ) -> Iterable[GonePlace]:
        """The places in these groups: of members with an address, or of the `members`."""


class Stated(msgspec.Struct, frozen=True):
    """What the rows of a list name, as the firm has it."""

    grants: set[tuple[Subject, Target]] = msgspec.field(default_factory=set)
    places: set[tuple[int, int]] = msgspec.field(default_factory=set)
    """Group and member."""
    members: dict[int, int] = msgspec.field(default_factory=dict)
    """By line, the member whom the row of a list of members is about."""
    groups: set[int] = msgspec.field(default_factory=set)
    """Groups that a directory lists, with or without anybody in them."""
    spared: set[int] = msgspec.field(default_factory=set)
    """Members of whom nothing is said, and who are not gone."""


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
        return tuple(_people(read, firm, whole, stated))
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


def _people(read: ReadList, firm: WholeFirm, whole: Whole, stated: Stated) -> Iterable[GoneOfScope]:
    named = set(stated.members.values())
    held = [who for who in firm.held_members() if who.external or not whole.linked]
    gone = [who for who in held if who.number not in named and who.number not in stated.spared]
    stays = {who.number: why for who, why in _stays(read, firm, gone, stated)}
    words = {who.number: GoneMember(who.number, who.name, who.email) for who in gone}
    yield GoneOfScope(
        scope="linked" if whole.linked else "members",
        held=len(held),
        items=tuple(who for number, who in words.items() if number not in stays),
        stated=_stated_inactive(read, held, stated) if whole.counts_stated else 0,
        stays=tuple(Stays(words[number], why) for number, why in stays.items()),
    )
    groups = stated.groups | {group for group, _ in stated.places}
    if groups:
        inside = list(firm.held_places(groups, named - stated.spared))
        left = (each for each in inside if (each.group, each.member) not in stated.places)
        yield GoneOfScope(scope="groups", held=len(inside), items=tuple(left))


def _stated_inactive(read: ReadList, held: Iterable[KnownMember], stated: Stated) -> int:
    active = {who.number for who in held}
    return sum(1 for row in read.members if row.active is False and stated.members.get(row.line) in active)


def _stays(
    read: ReadList, firm: WholeFirm, gone: Collection[KnownMember], stated: Stated
) -> Iterable[tuple[KnownMember, StaysFor]]:
    """Who of those that are gone is not deactivated: who imports, and all of the last who manage the firm.

    rules.md 5: the last principal stays, and so does the last principal or administrator.
    """
    missing = {who.number for who in gone if who.number != firm.own_number}
    managing = list(firm.managing_members())
    principals = [who for who in managing if who.role is Role.PRINCIPAL]
    made = {row.role for row in read.members if row.role is not None and row.active is not False}
    why: StaysFor | None = None
    last = principals
    if principals and Role.PRINCIPAL not in made and all(who.number in missing for who in principals):
        why = "last_principal"
    elif not made & {Role.PRINCIPAL, Role.ADMINISTRATOR} and all(who.number in missing for who in managing):
        why, last = "last_administrator", managing
    kept = {who.number for who in last} if why is not None else set()
    for who in gone:
        if who.number == firm.own_number:
            yield who, "self"
        elif why is not None and who.number in kept:
            yield who, why


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
