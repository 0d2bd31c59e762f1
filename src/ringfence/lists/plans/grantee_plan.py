"""Whom a list of clients gives access by its columns: names become grants, on new clients and on those there.

A new client's row adds to the list of grantees for the file, or else to the defaults; for the same grantee
the row wins. On a client that is there the row gives what it says and takes nothing away.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Protocol

import msgspec

from ringfence.core.commands.definitions import GrantTo
from ringfence.core.directory import unique_key
from ringfence.core.refusals import Refused
from ringfence.core.terms import EVERYONE, Subject, Target, group_subject, member_subject
from ringfence.lists.faults import F, RowFault, Value, in_order, shown
from ringfence.lists.plans.access_plan import GrantChange, KnownGrant
from ringfence.lists.plans.client_plan import ClientChange, KnownClient, Plan
from ringfence.lists.plans.people_plan import KnownMember, refused_fault
from ringfence.lists.rows.typed_rows import AccessRow, GivenTo, TypedClient

_EVERYONE = ("everyone", "pawb")
"""What the built-in group is called, in both languages."""

Grants = tuple[GrantTo, ...]


class KnownGrantees(Protocol):
    """What planning grantees asks of the firm."""

    @property
    def members(self) -> Mapping[int, KnownMember]:
        """All members, inactive ones too."""

    @property
    def groups(self) -> Mapping[int, str]:
        """All groups by number."""

    def may_not_give(self, services: Sequence[str]) -> Refused | None:
        """Why who imports may not share a new client that has these services, by the catalogue's names."""

    def starting(self, services: Sequence[str]) -> Grants:
        """What such a client starts with by the firm's policy and who imports."""

    def may_not_share(self, target: Target) -> Refused | None:
        """Why who imports may not give access to it."""

    def grant(self, subject: Subject, target: Target) -> KnownGrant | None:
        """The grant that stands on exactly this target."""

    def expired(self, grant: KnownGrant) -> bool:
        """Whether it has ended."""


class GranteePlan(msgspec.Struct, frozen=True):
    """What the columns come to."""

    new: Mapping[int, Grants]
    """By the row of a new client that names somebody: all that it starts with."""
    access: Plan[GrantChange, GrantChange] | None
    """What changes of clients that are there; None where no row names anybody for one of them."""
    faults: tuple[RowFault, ...]


class Grantees:
    """Who is meant by a name or e-mail address, each looked up once."""

    def __init__(self, known: KnownGrantees) -> None:
        self._by_email: dict[str, Subject] = {}
        self._by_name: dict[str, list[Subject]] = {key: [group_subject(EVERYONE)] for key in _EVERYONE}
        for number, name in known.groups.items():
            if number != EVERYONE:
                self._by_name.setdefault(unique_key(name), []).append(group_subject(number))
        for number, member in known.members.items():
            if member.active:
                self._by_name.setdefault(unique_key(member.name), []).append(member_subject(number))
            if member.email:
                self._by_email[unique_key(member.email)] = member_subject(number)

    def find(self, who: str) -> Subject | F:
        """The group or member, or what is wrong."""
        key = unique_key(who)
        if key in self._by_email:
            return self._by_email[key]
        found = self._by_name.get(key, [])
        if len(found) == 1:
            return found[0]
        return F.SEVERAL_GRANTEES if found else F.UNKNOWN_GRANTEE


def plan_grantees(
    plan: Plan[TypedClient, ClientChange],
    rows: Sequence[tuple[TypedClient, KnownClient]],
    known: KnownGrantees,
    shared: Grants | None,
) -> GranteePlan:
    """`plan` has the new clients, `rows` those that are there; `shared` is the list for the file, if any."""
    planner = _GranteePlanner(known)
    new = {row.line: planner.new(row, shared) for row in plan.added if row.given}
    for row, client in rows:
        planner.there(row, client)
    touched = planner.added or planner.changed or planner.unchanged
    return GranteePlan(
        {line: grants for line, grants in new.items() if grants is not None},
        Plan(tuple(planner.added), tuple(planner.changed), planner.unchanged, ()) if touched else None,
        in_order(planner.faults),
    )


class _GranteePlanner:
    def __init__(self, known: KnownGrantees) -> None:
        self.added: list[GrantChange] = []
        self.changed: list[GrantChange] = []
        self.unchanged = 0
        self.faults: list[RowFault] = []
        self._known = known
        self._grantees: Grantees | None = None

    def new(self, row: TypedClient, shared: Grants | None) -> Grants | None:
        services = list(row.services)
        if refused := self._known.may_not_give(services):
            # Before anybody is looked up: who may not share does not learn who is here.
            self.faults.append(refused_fault(row.line, refused))
            return None
        given = list(self._named(row))
        start = self._known.starting(services) if shared is None else shared
        levels = {grant.to: grant.level for grant in chain(start, (grant for _, grant in given))}
        return tuple(GrantTo(to=subject, level=level) for subject, level in levels.items())

    def there(self, row: TypedClient, client: KnownClient) -> None:
        target = Target("client", client.number)
        if refused := self._known.may_not_share(target):
            self.faults.append(refused_fault(row.line, refused))
            return
        for given, grant in self._named(row):
            self._compare(row, given, grant, target)

    def _compare(self, row: TypedClient, given: GivenTo, grant: GrantTo, target: Target) -> None:
        before = self._known.grant(grant.to, target)
        lasting = before is not None and not self._known.expired(before)
        wanted = KnownGrant(
            level=grant.level,
            expires=before.expires if before is not None and lasting else None,
            fee_split=before.fee_split if before is not None else None,
        )
        if wanted == before:
            self.unchanged += 1
            return
        about = AccessRow(given.line, row.reference or row.name, None, given.who, None, grant.level)
        change = GrantChange(about, grant.to, target, wanted, before)
        (self.added if before is None else self.changed).append(change)

    def _named(self, row: TypedClient) -> Iterator[tuple[GivenTo, GrantTo]]:
        """Everybody whom the row names; somebody named twice, by name and by address, only alike."""
        if self._grantees is None:
            self._grantees = Grantees(self._known)
        first: dict[Subject, GivenTo] = {}
        for given in row.given:
            found = self._grantees.find(given.who)
            if isinstance(found, F):
                self._fault(given, found)
            elif (before := first.setdefault(found, given)) is given:
                yield given, GrantTo(to=found, level=given.level)
            elif before.level is not given.level:
                self._fault(given, F.GIVEN_OTHERWISE, row=before.line)

    def _fault(self, given: GivenTo, code: F, **values: int) -> None:
        told: dict[str, Value] = {"who": shown(given.who), **values}
        self.faults.append(RowFault(given.line, given.header, code, told))
