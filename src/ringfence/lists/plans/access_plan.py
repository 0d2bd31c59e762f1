"""What an import of access would do, before anything is saved: a list's grants against those that stand.

The firm is asked through small protocols. Whether a grant may be made, and by whom, is for the core to say.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from ringfence.core.directory import unique_key
from ringfence.core.refusals import Refused
from ringfence.core.terms import Instant, Level, Subject, Target, group_subject, member_subject
from ringfence.lists.faults import F, RowFault, Value, in_order, shown
from ringfence.lists.plans.client_plan import KnownClient, Plan
from ringfence.lists.plans.people_plan import (
    KnownGroups,
    KnownMembers,
    NamedMembers,
    member_fault,
    refused_fault,
    unknown_group,
)
from ringfence.lists.rows.days import instant_of
from ringfence.lists.rows.typed_rows import AccessRow


class KnownGrant(msgspec.Struct, frozen=True):
    """A grant as it stands, expired or not; `fee_split` in hundredths of a per cent."""

    level: Level
    expires: Instant | None = None
    fee_split: int | None = None


class KnownAccess(KnownMembers, KnownGroups, Protocol):
    """What planning grants asks of the firm."""

    @property
    def zone(self) -> ZoneInfo:
        """The firm's time zone."""

    @property
    def now(self) -> Instant:
        """The instant at which the firm is looked at."""

    @property
    def adviser_level(self) -> Level:
        """What a member is given where a list is silent on levels: Owner where linking does that."""

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, KnownClient]:
        """The clients with these references; keys without one are left out."""

    def services(self) -> Mapping[str, str]:
        """The firm's catalogue: `unique_key` to name."""

    def engagements(self, pairs: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
        """The engagements of these pairs of client and service's key; pairs without one are left out."""

    def grant(self, subject: Subject, target: Target) -> KnownGrant | None:
        """The grant that stands on exactly this target."""

    def may_not_share(self, target: Target) -> Refused | None:
        """Why who imports may not give access to it."""


class GrantChange(msgspec.Struct, frozen=True):
    """A grant to be made or made anew, whole (rules.md 6); `before` is what stood there."""

    row: AccessRow
    subject: Subject
    target: Target
    grant: KnownGrant
    before: KnownGrant | None = None


def plan_access(
    rows: Sequence[AccessRow], known: KnownAccess, stated: set[tuple[Subject, Target]] | None = None
) -> Plan[GrantChange, GrantChange]:
    """Compare grants with the firm's, found by subject and target; a list gives grants and takes none away.

    `stated` is filled with who and what the rows name.

    A row that is silent on the level, the expiry or the fee split leaves it as it stands, but does not leave
    a grant expired. A new grant's level is then Editor; for a member, where members are linked to clients,
    Owner (rules.md 1). Faults: what the firm does not have, and an expiry that has passed, unless it stands.
    """
    planner = _AccessPlanner(rows, known)
    for row in rows:
        planner.take(row)
    if stated is not None:
        stated |= planner.stated
    return Plan(tuple(planner.added), tuple(planner.changed), planner.unchanged, in_order(planner.faults))


class _AccessPlanner:
    def __init__(self, rows: Sequence[AccessRow], known: KnownAccess) -> None:
        self.added: list[GrantChange] = []
        self.changed: list[GrantChange] = []
        self.unchanged = 0
        self.faults: list[RowFault] = []
        self.stated: set[tuple[Subject, Target]] = set()
        self._known = known
        self._catalogue = known.services()
        self._groups = known.groups_by_name({unique_key(row.group) for row in rows if row.group})
        self._members = NamedMembers(known, {unique_key(row.email) for row in rows if row.email})
        found = known.clients_by_reference({unique_key(row.client_reference) for row in rows})
        self._clients = {key: client for key, client in found.items() if client.standing == "there"}
        self._engagements = known.engagements(
            {
                (client.number, unique_key(row.service))
                for row in rows
                if row.service and (client := self._clients.get(unique_key(row.client_reference)))
            }
        )

    def take(self, row: AccessRow) -> None:
        target = self._target(row)
        if target is not None and (refusal := self._known.may_not_share(target)):
            # Before anybody is looked up: who may not share learns neither who is here nor who has access.
            self.faults.append(refused_fault(row.line, refusal))
            return
        subject = self._subject(row)
        if subject is None or target is None:
            return
        self.stated.add((subject, target))
        before = self._known.grant(subject, target)
        grant = self._grant(row, subject, before)
        if grant is None:
            return
        change = GrantChange(row, subject, target, grant, before)
        if before is None:
            self.added.append(change)
        elif grant != before:
            self.changed.append(change)
        else:
            self.unchanged += 1

    def _fault(self, row: AccessRow, code: F, **values: Value) -> None:
        self.faults.append(RowFault(row.line, "", code, values))

    def _subject(self, row: AccessRow) -> Subject | None:
        if row.group:
            group = self._groups.get(unique_key(row.group))
            if group is None:
                self.faults.append(unknown_group(row.line, row.group))
            return None if group is None else group_subject(group)
        who = row.email or ""
        member = self._members.find(who)
        if isinstance(member, F):
            self.faults.append(member_fault(row.line, who, member))
            return None
        return member_subject(member.number)

    def _target(self, row: AccessRow) -> Target | None:
        client = self._clients.get(unique_key(row.client_reference))
        if client is None:
            self._fault(row, F.UNKNOWN_CLIENT, reference=shown(row.client_reference))
            return None
        if not row.service:
            return Target("client", client.number)
        key = unique_key(row.service)
        engagement = self._engagements.get((client.number, key))
        if engagement is not None:
            return Target("engagement", engagement)
        reference = shown(row.client_reference)
        if key in self._catalogue:
            service = shown(self._catalogue[key])
            self._fault(row, F.CLIENT_WITHOUT_SERVICE, reference=reference, service=service)
        else:
            self._fault(row, F.UNKNOWN_SERVICE, service=shown(row.service))
        return None

    def _grant(self, row: AccessRow, subject: Subject, before: KnownGrant | None) -> KnownGrant | None:
        """The grant as the row wants it, or None where that cannot be."""
        stands = before or KnownGrant(
            self._known.adviser_level if subject.kind == "member" and not row.service else Level.EDITOR
        )
        expires = stands.expires
        if row.expires is not None:
            try:
                expires = instant_of(row.expires, self._known.zone)
            except OverflowError:
                self._fault(row, F.BEYOND_CALENDAR, expires=str(row.expires))
                return None
        elif expires is not None and expires <= self._known.now:
            expires = None
        grant = KnownGrant(
            row.level or stands.level,
            expires,
            stands.fee_split if row.fee_split is None else _hundredths(row.fee_split),
        )
        if expires is not None and expires <= self._known.now and grant != before:
            self._fault(row, F.EXPIRY_PASSED, expires=str(row.expires))
            return None
        return grant


def _hundredths(percent: Decimal) -> int:
    return int(percent * 100)
