"""One firm as lists ask for it: names from its tables, places and grants from its state, at one version.

The protocols of the plans are answered here, in bulk. Nobody learns of a client they may not know of.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import islice
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from ringfence.access import Actor, FirmNow, Refused, firm_state, preview
from ringfence.access.reading import refused_managing, refused_sharing, rows_by_number, starting_grants
from ringfence.access.writing.directory import TableDirectory
from ringfence.core.commands.definitions import AddClient, ClientRow, GrantTo
from ringfence.core.directory import unique_key, unique_keys
from ringfence.core.terms import Capability, Instant, Level, Role, Subject, Target, Thing, member_subject
from ringfence.firms.models import Client, Firm, Group, Member, Service
from ringfence.lists.plans.access_plan import KnownGrant
from ringfence.lists.plans.client_plan import KnownClient
from ringfence.lists.plans.people_plan import KnownMember

KEYS_AT_ONCE = 5_000
"""Keys in one question to the database: well under the number of parameters that SQLite takes."""

ClientFields = tuple[int, str, str, str, bool, int | None]
"""Number, name, reference, kind, confidential, when it was removed."""
_CLIENT_FIELDS = ("number", "name", "reference", "kind", "confidential", "removed_at")
T = TypeVar("T")


class KnownFirm:
    """A firm at its present version, as `actor` may know of it. Raises what `access.firm_state` raises."""

    def __init__(
        self,
        firm: Firm,
        actor: Actor,
        *,
        firm_now: FirmNow | None = None,
        added: Sequence[str] = (),
        added_groups: Sequence[str] = (),
    ) -> None:
        self.firm = firm
        self.actor = actor
        self.firm_now = firm_now or firm_state(firm.pk)
        self._added = added
        self._added_groups = added_groups
        self.zone = ZoneInfo(firm.timezone)
        self._directory = TableDirectory(firm.pk)
        self._shareable: dict[Target, Refused | None] = {}
        self._givable: dict[frozenset[str], Refused | None] = {}
        self._starting: dict[frozenset[str], tuple[GrantTo, ...]] = {}

    @property
    def now(self) -> Instant:
        return self.firm_now.now

    @property
    def adviser_level(self) -> Level:
        """rules.md 1: in the practice profile a member's grant on a client makes a linked adviser."""
        linked = self.firm_now.settings.profile == "practice"
        return Level.OWNER if linked else Level.EDITOR

    def with_services(self, names: Sequence[str]) -> "KnownFirm":
        """The same firm, as though these services had just been added to it."""
        return KnownFirm(self.firm, self.actor, firm_now=self.firm_now, added=names)

    def with_groups(self, names: Sequence[str]) -> "KnownFirm":
        """The same firm, as though these groups had just been created in it."""
        return KnownFirm(self.firm, self.actor, firm_now=self.firm_now, added_groups=names)

    # --- Services

    @cached_property
    def _catalogue(self) -> list[tuple[str, int, str]]:
        """Key, number and name of every service."""
        rows = Service.objects.filter(firm=self.firm).order_by("sort_key")
        held = [(unique_key(name), number, name) for number, name in rows.values_list("number", "name")]
        first = self.firm_now.last_service + 1
        return held + [(unique_key(name), number, name) for number, name in enumerate(self._added, first)]

    def services(self) -> Mapping[str, str]:
        return {key: name for key, _, name in self._catalogue}

    @cached_property
    def service_numbers(self) -> Mapping[str, int]:
        """Numbers by the names of the catalogue, as it writes them."""
        return {name: number for _, number, name in self._catalogue}

    # --- Clients and engagements

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, KnownClient]:
        found = self._directory.clients_by_reference(keys).values()
        gone = self.firm_now.all_gone_for_good
        rows = self._rows(Thing.CLIENT, _CLIENT_FIELDS, "number", [n for n in found if n not in gone])
        known = list(self._known(rows))
        return dict(zip(unique_keys([client.reference for client in known]), known, strict=True))

    def clients_without_reference(self, keys: Collection[str]) -> Mapping[str, Sequence[KnownClient]]:
        rows = Client.objects.filter(firm=self.firm, reference_key=None, removed_at=None)
        held = list(rows.values_list(*_CLIENT_FIELDS))
        named = zip(unique_keys([row[1] for row in held]), held, strict=True)
        wanted = [row for key, row in named if key in keys]
        found: dict[str, list[KnownClient]] = {}
        for client in self._known(wanted):
            if client.standing == "there":
                found.setdefault(unique_key(client.name), []).append(client)
        return found

    def references_by_name(self, keys: Collection[str]) -> Mapping[str, Sequence[str]]:
        if not keys:
            return {}
        rows = Client.objects.filter(firm=self.firm, removed_at=None).exclude(reference_key=None)
        found: dict[str, list[str]] = {}
        held = list(rows.values_list("number", "name", "reference"))
        for key, (number, _, reference) in zip(unique_keys([row[1] for row in held]), held, strict=True):
            if key in keys and number in self._knowable:
                found.setdefault(key, []).append(reference)
        return found

    def _rows(
        self, thing: Thing, fields: Sequence[str], column: str, numbers: Iterable[int]
    ) -> list[tuple[Any, ...]]:
        return rows_by_number(self.firm.pk, thing, fields, column, numbers)

    def _known(self, rows: Iterable[ClientFields]) -> Iterator[KnownClient]:
        rows = list(rows)
        services, unseen = self._services_of([number for number, *_ in rows])
        knows_all, there = self._knows_all, self._knowable
        for number, name, reference, kind, confidential, removed_at in rows:
            yield KnownClient(
                number,
                name,
                reference,
                kind,
                bool(confidential),
                services.get(number, {}),
                unseen.get(number, ()),
                knows_all,
                "there" if removed_at is None and number in there else self._standing(removed_at),
            )

    def _services_of(
        self, clients: Collection[int]
    ) -> tuple[Mapping[int, dict[str, str]], Mapping[int, set[str]]]:
        """For each of these clients: tax references by the keys of services, and keys not seen."""
        keys = {number: key for key, number, _ in self._catalogue}
        services: defaultdict[int, dict[str, str]] = defaultdict(dict)
        unseen: defaultdict[int, set[str]] = defaultdict(set)
        fields = ("number", "client", "service", "reference", "ended")
        rows = self._rows(Thing.ENGAGEMENT, fields, "client", clients) if clients else []
        for number, client, service, reference, ended in rows:
            if ended or service not in keys:
                # A service that the catalogue had not yet: the firm has moved on, which saving will notice.
                continue
            services[client][keys[service]] = reference
            if self._seen is not None and number not in self._seen:
                unseen[client].add(keys[service])
        return services, unseen

    @cached_property
    def _seen(self) -> BitMap | None:
        """The engagements that the actor sees; None for all."""
        return None if self.actor.member is None else self.firm_now.seen_by(self.actor.member)

    def _standing(self, removed_at: int | None) -> Literal["removed", "hidden"]:
        return "removed" if removed_at is not None and self._manages else "hidden"

    @cached_property
    def _knowable(self) -> BitMap:
        """The clients there that the actor may be told of."""
        return self.firm_now.known_clients(self.actor.member)

    # --- What the actor may do, asked before anything is compared: what is so already must not tell it

    @cached_property
    def may_not_manage(self) -> Refused | None:
        """Why the actor may not change services, members and groups."""
        return refused_managing(self.firm_now, self.actor.member)

    def may_not_share(self, target: Target) -> Refused | None:
        """Why the actor may not give access to a client or engagement."""
        if self.actor.member is None:
            return None
        if target not in self._shareable:
            self._shareable[target] = refused_sharing(self.firm_now, self.actor.member, target)
        return self._shareable[target]

    def may_not_give(self, services: Sequence[str]) -> Refused | None:
        """Why the actor may not share a new client that has these services, as they could a moment later."""
        if self.firm_now.may(self.actor.member, Capability.MANAGE_ACCESS):
            return None
        key = frozenset(services)
        if key not in self._givable:
            # Marking a new client confidential is sharing it, like a grant for it (rules.md 9).
            row = ClientRow(name="?", services=self._numbered(services), confidential=True, grants=())
            self._givable[key] = self._refused(AddClient(client=row))
        return self._givable[key]

    def starting(self, services: Sequence[str]) -> tuple[GrantTo, ...]:
        """What such a client starts with by the firm's policy and the actor's own list, without the actor."""
        key = frozenset(services)
        if key not in self._starting:
            row = ClientRow(name="?", services=self._numbered(services))
            mine = member_subject(self.actor.member or 0) if self.firm_now.settings.creator_owns else None
            found: tuple[GrantTo, ...] = ()
            # Who may add no client at all is told so of the whole list.
            with suppress(Refused):
                found = starting_grants(preview(self.firm.pk, AddClient(client=row), actor=self.actor))
            self._starting[key] = tuple(each for each in found if each.to != mine)
        return self._starting[key]

    def expired(self, grant: KnownGrant) -> bool:
        return grant.expires is not None and grant.expires <= self.now

    def _numbered(self, services: Sequence[str]) -> dict[int, str]:
        """Those of the services that the firm has by now."""
        numbers = (self.service_numbers.get(name, 0) for name in services)
        return {number: "" for number in numbers if number in self.firm_now.services}

    def _refused(self, command: AddClient) -> Refused | None:
        try:
            preview(self.firm.pk, command, actor=self.actor)
        except Refused as refused:
            return refused
        return None

    @property
    def _manages(self) -> bool:
        """Whether the actor may restore any client that was removed (rules.md 5), and so knows of it."""
        return self.firm_now.may(self.actor.member, Capability.MANAGE)

    def clients_by_tax_reference(self, service: str, keys: Collection[str]) -> Mapping[str, int]:
        number = next((number for key, number, _ in self._catalogue if key == service), None)
        if number is None:
            return {}
        taken = self._directory.engagements_by_reference(number, keys)
        # One that the state has not is another client's all the same: the firm has moved on.
        clients = self.firm_now.clients_of_each(list(taken.values()))
        gone = self.firm_now.all_gone_for_good
        return {key: client for key, client in zip(taken, clients, strict=True) if client not in gone}

    def engagements(self, pairs: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
        numbers = {key: number for key, number, _ in self._catalogue}
        now = self.firm_now
        found = {
            (client, key): now.engagement_for(client, numbers[key]) for client, key in pairs if key in numbers
        }
        return {
            pair: number
            for pair, number in found.items()
            if number is not None and (self._knows_all or self._seen is None or number in self._seen)
        }

    @property
    def _knows_all(self) -> bool:
        """Whether the actor knows of every client's services, opened or not (rules.md 5)."""
        return self.firm_now.may(self.actor.member, Capability.KNOW_CLIENTS)

    # --- Members, groups, grants

    @cached_property
    def members(self) -> Mapping[int, KnownMember]:
        """All members, inactive ones too, by number, in the order of their names."""
        rows = Member.objects.filter(firm=self.firm).order_by("sort_key", "number")
        fields = rows.values_list(
            "number", "name", "email", "role", "access", "manage_access", "active", "external"
        )
        return {
            number: KnownMember(number, name, email, Role(role), access, manage, active, external)
            for number, name, email, role, access, manage, active, external in fields
        }

    @property
    def managers(self) -> Sequence[KnownMember]:
        """Who may change services, members and groups, by name."""
        able = (number for number in self.members if self.firm_now.may(number, Capability.MANAGE))
        return [self.members[number] for number in able if self.members[number].active]

    def members_by_email(self, keys: Collection[str]) -> Mapping[str, KnownMember]:
        by_email = {unique_key(member.email): member for member in self.members.values() if member.email}
        return {key: member for key, member in by_email.items() if key in keys}

    def members_by_external(self, keys: Collection[str]) -> Mapping[str, KnownMember]:
        if not keys:
            return {}
        found = {unique_key(member.external): member for member in self.members.values() if member.external}
        return {key: member for key, member in found.items() if key in keys}

    def members_by_name(self, keys: Collection[str]) -> Mapping[str, Sequence[KnownMember]]:
        found: dict[str, list[KnownMember]] = {}
        for member in self.members.values() if keys else ():
            if member.active and (key := unique_key(member.name)) in keys:
                found.setdefault(key, []).append(member)
        return found

    @cached_property
    def groups(self) -> Mapping[int, str]:
        """Names of groups by number, Everyone among them, in the order of their names."""
        rows = Group.objects.filter(firm=self.firm).order_by("sort_key", "number")
        there = dict(rows.values_list("number", "name"))
        return there | dict(enumerate(self._added_groups, self.firm_now.last_group + 1))

    def groups_by_name(self, keys: Collection[str]) -> Mapping[str, int]:
        named = {unique_key(name): number for number, name in self.groups.items()}
        return {key: number for key, number in named.items() if key in keys}

    def members_of(self, groups: Collection[int]) -> Mapping[int, Collection[int]]:
        held = self.firm_now.groups
        return {number: frozenset(held[number]) for number in groups if number in held}

    def grant(self, subject: Subject, target: Target) -> KnownGrant | None:
        found = self.firm_now.grants_of(subject).grant_on(target)
        return None if found is None else KnownGrant(found.level, found.expires, found.fee_split)


def portions(things: Iterable[T]) -> Iterator[list[T]]:
    """The things in lists of as many as one question to the database takes."""
    iterator = iter(things)
    while some := list(islice(iterator, KEYS_AT_ONCE)):
        yield some
