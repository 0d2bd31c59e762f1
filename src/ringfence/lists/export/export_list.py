"""The firm's own lists as files: only what `viewer` may see, and whatever a list cannot say is said aside.

Clients are seen by the decision (rules.md 2); members and access are everybody's access, which only
administrators, principals and auditors read (rules.md 5).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import chain
from pathlib import Path

import msgspec
from pyroaring import BitMap

from ringfence.access import Actor, firm_state, note_export
from ringfence.access.connection import answering, reading
from ringfence.core.directory import unique_key
from ringfence.core.terms import EVERYONE, Capability, Export, Subject, Target, group_subject, member_subject
from ringfence.firms.models import Client, Engagement, Firm
from ringfence.lists.export import writing
from ringfence.lists.export.replacing import replacing
from ringfence.lists.faults import shown
from ringfence.lists.plans.known_firm import KnownFirm, portions
from ringfence.lists.rows.days import stated_as
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.typed_rows import AccessRow, MemberRow, PlaceRow, TypedClient
from ringfence.lists.watching import Watch, unwatched
from ringfence.wording import capability_text
from ringfence.wording.list_notes import note_text

NAMES_IN_NOTE = 5


class MayNotExport(Exception):
    """The member may not read this list; the message says who may."""


class ExportNote(msgspec.Struct, frozen=True):
    """Something that the list cannot hold: a code of `wording.list_notes` and its values."""

    code: str
    values: Mapping[str, str | int]

    def __str__(self) -> str:
        return note_text(self.code, self.values)


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows were written, and what the list cannot hold."""

    count: int
    notes: tuple[ExportNote, ...]


def export_list(
    firm: Firm,
    kind: ListKind,
    path: Path,
    form: writing.Format,
    *,
    viewer: Actor,
    watch: Watch = unwatched,
) -> Exported:
    """Write clients, members, or access with the places in groups, all of one version of the firm.

    An existing file is replaced, once the new one is whole and the ledger says that it was taken. Raises
    `MayNotExport`, OSError, and what `access.firm_state` raises.
    """
    firm_state(firm.pk)  # What it brings up to date stays with this process; within `reading` it does not.
    with replacing(path) as stream:
        with answering(), reading():
            lists = _Lists(KnownFirm(firm, viewer))
            if kind is not ListKind.CLIENTS:
                lists.need_reader()
            headers, cells, expected = lists.of(kind)
            count = writing.write_list(stream, headers, watch("Writing", cells, expected), form)
        note_export(firm.pk, Export(kind.value), count)
    return Exported(count=count, notes=tuple(lists.notes(kind)))


class _Lists:
    """One firm's rows; what could not be said is counted while they are walked through."""

    def __init__(self, firm: KnownFirm) -> None:
        self.firm = firm
        self.now = firm.firm_now
        self.nameless: Counter[str] = Counter()
        """Names of the clients without a reference, with how many have each."""
        self.left_out = 0

    def need_reader(self) -> None:
        """rules.md 5: everybody's access is read by administrators, principals and auditors."""
        if not self.firm.firm_now.may(self.firm.actor.member, Capability.READ_CONTROL):
            raise MayNotExport(capability_text(Capability.READ_CONTROL))

    def of(self, kind: ListKind) -> tuple[writing.Cells, Iterable[writing.Cells], int | None]:
        """Headers, rows of cells, and about how many rows there will be."""
        if kind is ListKind.CLIENTS:
            return writing.CLIENT_HEADERS, writing.client_cells(self.clients()), None
        if kind is ListKind.MEMBERS:
            return writing.MEMBER_HEADERS, writing.member_cells(self.members()), len(self.firm.members)
        # Places stand below the grants: a row that names a group and a member, and no client.
        places = (("", "", row.group, row.email, "", "", "") for row in self.places())
        return writing.ACCESS_HEADERS, chain(writing.access_cells(self.access()), places), None

    # --- Clients

    def clients(self) -> Iterator[TypedClient]:
        """The clients that the viewer sees, by name, with the engagements that they see."""
        viewer = self.firm.actor.member
        seen = self.now.clients if viewer is None else self.now.clients_seen_by(viewer)
        open_to_them = self.now.engagements if viewer is None else self.now.seen_by(viewer)
        rows = Client.objects.filter(firm=self.firm.firm, removed_at=None).order_by("sort_key", "number")
        numbers = [number for number in rows.values_list("number", flat=True) if number in seen]
        for some in portions(numbers):
            services: dict[int, dict[str, str]] = {}
            # Of so many clients, the engagements may be more than one question takes.
            for open_ones in portions(self.now.engagements_of_all(BitMap(some)) & open_to_them):
                engagements = Engagement.objects.filter(firm=self.firm.firm, number__in=open_ones)
                fields = engagements.order_by("number").values_list("client", "service", "reference")
                for client, service, reference in fields:
                    services.setdefault(client, {})[self.service_names[service]] = reference
            found = rows.filter(number__in=some)
            for number, name, reference, kind, confidential in found.values_list(
                "number", "name", "reference", "kind", "confidential"
            ):
                if not reference:
                    self.nameless[name] += 1
                yield TypedClient(
                    line=0,
                    name=name,
                    reference=reference,
                    kind=kind or None,
                    confidential=confidential,
                    services=services.get(number, {}),
                )

    @cached_property
    def service_names(self) -> dict[int, str]:
        return {number: name for name, number in self.firm.service_numbers.items()}

    # --- Members, grants, places

    def members(self) -> Iterator[MemberRow]:
        for who in self.firm.members.values():
            if who.email or who.external:
                switches = (who.access, who.manage_access, who.active)
                yield MemberRow(0, who.name, who.email, who.role, *switches, who.external)

    def access(self) -> Iterator[AccessRow]:
        """Grants on clients and engagements: those of groups, then those of members, by name."""
        references = dict(
            Client.objects.filter(firm=self.firm.firm, removed_at=None).values_list("number", "reference")
        )
        for number, name in self.firm.groups.items():
            yield from self._grants_of(group_subject(number), name, "", references)
        for number, who in self.firm.members.items():
            yield from self._grants_of(member_subject(number), "", who.email, references)

    def _grants_of(
        self, subject: Subject, group: str, email: str, references: dict[int, str]
    ) -> Iterator[AccessRow]:
        held = self.now.grants_of(subject)
        for target in held.targets():
            if target.kind not in ("client", "engagement"):
                continue
            client = target.number if target.kind == "client" else self.now.client_of(target.number)
            reference = references.get(client)
            if reference is None:
                continue  # A removed client's grants come back with it.
            if not reference or not (group or email):
                self.left_out += 1
                continue
            yield self._access_row(subject, target, reference, group, email)

    def _access_row(
        self, subject: Subject, target: Target, reference: str, group: str, email: str
    ) -> AccessRow:
        grant = self.firm.grant(subject, target)
        assert grant is not None
        service = None
        if target.kind == "engagement":
            service = self.service_names[self.now.service_of(target.number)]
        return AccessRow(
            line=0,
            client_reference=reference,
            service=service,
            group=group or None,
            email=email or None,
            level=grant.level,
            expires=None if grant.expires is None else stated_as(grant.expires, self.firm.zone),
            fee_split=None if grant.fee_split is None else Decimal(grant.fee_split) / 100,
        )

    def places(self) -> Iterator[PlaceRow]:
        for number, name in self.firm.groups.items():
            if number == EVERYONE:
                continue
            for member in self.now.groups[number]:
                email = self.firm.members[member].email
                if email:
                    yield PlaceRow(0, name, email)
                else:
                    self.left_out += 1

    # --- What a list cannot say

    def notes(self, kind: ListKind) -> Iterator[ExportNote]:
        """What whoever takes the list is to know, once it has been walked through."""
        if kind is ListKind.CLIENTS:
            yield from self._notes_on_clients()
            return
        without = [
            who.name for who in self.firm.members.values() if who.name and not who.email and not who.external
        ]
        if without:
            yield ExportNote("members_without_email", {"names": _some(without)})
        if kind is ListKind.MEMBERS:
            return
        if self.left_out:
            yield ExportNote("rows_left_out", {"count": self.left_out})
        wide = sum(len(held.services) + bool(held.all) for held in self.now.holders.values())
        if wide:
            yield ExportNote("wide_grants", {"count": wide})

    def _notes_on_clients(self) -> Iterator[ExportNote]:
        if not self.nameless:
            return
        names = _some(list(self.nameless))
        yield ExportNote("clients_without_reference", {"count": self.nameless.total(), "names": names})
        alike: Counter[str] = Counter()
        for name, count in self.nameless.items():
            alike[unique_key(name)] += count
        shared = [name for name in self.nameless if alike[unique_key(name)] > 1]
        if shared:
            yield ExportNote("clients_alike", {"names": _some(shared)})


def _some(names: list[str]) -> str:
    some = ", ".join(f"“{shown(name)}”" for name in names[:NAMES_IN_NOTE])
    return f"{some} …" if len(names) > NAMES_IN_NOTE else some
