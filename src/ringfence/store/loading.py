"""A firm's whole access state from its tables, in one consistent reading.

Bulk sets come packed, one value per subject, and become bitmaps; everything small comes as rows.
What happened after a known version is `freshness.py`'s matter.
"""

from array import array
from collections import defaultdict
from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple

import msgspec
from pyroaring import BitMap

from ringfence.core.review_schedule import ScheduledReview, schedule_of
from ringfence.core.review_values import Review, progress_of, terms_of
from ringfence.core.settings import Settings
from ringfence.core.state.holding import EMPTY, NO_LEVELS, Holding, Levels
from ringfence.core.state.register import Register, build_register
from ringfence.core.state.state import Numbers, State
from ringfence.core.statements import Policy, PolicyMode, Statement
from ringfence.core.terms import (
    EVERYONE,
    Instant,
    Level,
    Role,
    Scope,
    Subject,
    SubjectKind,
    Target,
    TargetKind,
)
from ringfence.core.values import (
    DefaultGrant,
    Delegation,
    Emergency,
    Member,
    Request,
    Side,
    SoftwareNames,
    Token,
    Wall,
)

from .engines import source_for
from .sources import Connection, FirmUnknown, Mark, Source, StateUnavailable, driver_errors, read_mark

SUBJECT_KINDS: dict[int, SubjectKind] = {1: "member", 2: "group"}
TARGET_KINDS: dict[int, TargetKind] = {1: "engagement", 2: "client", 3: "service", 4: "all"}
"""The codes of the tables, as `ringfence.firms.codes` has them; the store cannot import it."""

SLICE = 200_000
"""Engagements read at once: bounds what a load needs beside the state itself."""
HOLDINGS = 32
"""Holdings read at once: each may be a million numbers long."""
ATTEMPTS = 10


class Loaded(NamedTuple):
    """A state and the place in the ledger that it belongs to."""

    state: State
    version: int
    head: bytes
    at: Instant

    @property
    def mark(self) -> Mark:
        return Mark(self.version, self.head, self.at)


def load(connection: Connection, firm: int, like: Register | None = None) -> Loaded:
    """The firm's state as its tables have it now; `like` is a register that it may be alike to.

    Raises `FirmUnknown`, `StateUnavailable`.
    """
    try:
        return load_from(source_for(connection), firm, like)
    except driver_errors() as error:
        raise StateUnavailable(f"firm {firm} cannot be read: {error}") from error


def load_from(source: Source, firm: int, like: Register | None = None) -> Loaded:
    """The same from a source; lets the driver's errors through."""
    for _attempt in range(ATTEMPTS):
        with source.reading():
            before = read_mark(source, firm)
            state = _Loader(source, firm, like).state()
            # The owner's transaction may let every statement see a newer state: then read again.
            if read_mark(source, firm) == before:
                return Loaded(state, *before)
    raise StateUnavailable(f"firm {firm} changed during each of {ATTEMPTS} attempts to read it")


class _Loader:
    """Reads one firm's tables. Each method is one part of the state."""

    def __init__(self, source: Source, firm: int, like: Register | None) -> None:
        self.source = source
        self.firm = firm
        self.like = like

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement whose one parameter is the firm."""
        return self.source.rows(statement, self.firm)

    def bitmap(self, value: Any) -> BitMap:
        if value is None:
            return EMPTY
        found = BitMap(self.source.unpacked(value))
        found.run_optimize()
        return found

    def state(self) -> State:
        members = self.members()
        last = self.rows(
            "SELECT CAST(settings AS text), CAST(names AS text), successor, was_on, last_member, last_group,"
            " last_service, last_wall, last_token, last_policy, last_review, last_client, last_engagement"
            " FROM firms_firm WHERE id = ?"
        )
        if not last:
            raise FirmUnknown(f"no firm has the id {self.firm}")
        settings, names, successor, was_on, *counted = last[0]
        member, group, service, wall, token, policy, review, client, engagement = counted
        return State.build(
            settings=msgspec.json.decode(settings, type=Settings),
            was_on=bool(was_on),
            members=members,
            groups=self.groups(members),
            services=frozenset(
                number for (number,) in self.rows("SELECT number FROM firms_service WHERE firm_id = ?")
            ),
            register=self.register(client, engagement),
            holdings=self.holdings(),
            delegations=self.delegations(),
            walls=self.walls(),
            requests=self.requests(),
            reviews=self.reviews(),
            schedules=self.schedules(),
            emergencies=self.emergencies(),
            defaults=self.defaults(),
            tokens=self.tokens(),
            names=msgspec.json.decode(names, type=SoftwareNames),
            kept=self.kept(),
            successor=successor,
            policies=self.policies(),
            numbers=Numbers(
                member=member,
                group=group,
                service=service,
                wall=wall,
                token=token,
                policy=policy,
                review=review,
            ),
        )

    def members(self) -> dict[int, Member]:
        found = self.rows(
            "SELECT number, role, access, manage_access, active FROM firms_member"
            " WHERE firm_id = ? ORDER BY number"
        )
        return {
            number: Member(
                role=Role(role), access=bool(access), manage_access=bool(manage), active=bool(active)
            )
            for number, role, access, manage, active in found
        }

    def groups(self, members: Mapping[int, Member]) -> dict[int, BitMap]:
        """Members by group; those of Everyone are not stored."""
        groups = {
            number: EMPTY
            for (number,) in self.rows("SELECT number FROM firms_group WHERE firm_id = ? ORDER BY number")
        }
        found = self.rows(
            f'SELECT "group", {self.source.packed("member")} FROM firms_groupmember'
            ' WHERE firm_id = ? GROUP BY "group"'
        )
        groups.update((number, self.bitmap(value)) for number, value in found)
        if EVERYONE in groups:
            groups[EVERYONE] = BitMap([number for number, member in members.items() if member.active])
        return groups

    def kept(self) -> BitMap:
        """The groups that the firm's directory keeps."""
        found = self.rows("SELECT number FROM firms_group WHERE firm_id = ? AND directory")
        return BitMap([number for (number,) in found])

    def register(self, clients: int, engagements: int) -> Register:
        client_of = array("I", [0])
        service_of = array("I", [0])
        ended = array("I")
        columns = ", ".join(
            (
                self.source.packed("client"),
                self.source.packed("service"),
                self.source.packed("number", "ended"),
            )
        )
        for start in range(1, engagements + 1, SLICE):
            end = min(start + SLICE, engagements + 1)
            ((of_clients, of_services, gone),) = self.source.rows(
                f"SELECT {columns} FROM (SELECT number, client, service, ended FROM firms_engagement"
                " WHERE firm_id = ? AND number >= ? AND number < ? ORDER BY number) AS slice",
                self.firm,
                start,
                end,
            )
            client_of.extend(self.source.unpacked(of_clients))
            service_of.extend(self.source.unpacked(of_services))
            ended.extend(self.source.unpacked(gone))
            if not len(client_of) == len(service_of) == end:
                raise StateUnavailable(
                    f"firm {self.firm} has {len(client_of) - 1} engagements up to number {end - 1}:"
                    " the table is damaged"
                )
        confidential, removed = self.client_marks()
        return build_register(
            client_of,
            service_of,
            clients=clients,
            confidential=confidential,
            removed=removed,
            ended=BitMap(ended),
            like=self.like,
        )

    def client_marks(self) -> tuple[BitMap, dict[int, Instant]]:
        """The confidential clients, and when the removed ones were removed."""
        # Naming the number keeps SQLite to the table itself, which lies in that order; through the
        # index by name it would look up every row.
        ((confidential, any_removed),) = self.rows(
            f"SELECT {self.source.packed('number', 'confidential')}, count(removed_at)"
            " FROM firms_client WHERE firm_id = ? AND number > 0"
        )
        removed = (
            self.rows(
                "SELECT number, removed_at FROM firms_client"
                " WHERE firm_id = ? AND number > 0 AND removed_at IS NOT NULL"
            )
            if any_removed
            else []
        )
        return self.bitmap(confidential), {number: Instant(at) for number, at in removed}

    def holdings(self) -> dict[Subject, Holding]:
        levels = ", ".join(self.source.packed("target", f"level = {level}") for level in range(1, 5))
        found = self.source.stream(
            f"SELECT subject_kind, subject, target_kind, count(expires) + count(fee_split), {levels}"
            " FROM firms_grant WHERE firm_id = ?"
            " GROUP BY subject_kind, subject, target_kind",
            self.firm,
            at_a_time=HOLDINGS,
        )
        parts: dict[Subject, dict[str, Any]] = defaultdict(dict)
        special = False
        for subject_kind, number, target_kind, extras, *values in chain.from_iterable(found):
            part = parts[Subject(SUBJECT_KINDS[subject_kind], number)]
            special = special or bool(extras)
            kind = TARGET_KINDS[target_kind]
            if kind in ("engagement", "client"):
                part[f"{kind}s"] = self.levels(values)
            else:
                on_each = {
                    target: Level(index + 1)
                    for index, value in enumerate(values)
                    for target in self.source.unpacked(value)
                }
                part.update({"services": on_each} if kind == "service" else {"all": on_each[0]})
        if special:
            self.add_times_and_splits(parts)
        self.add_exclusions(parts)
        return {subject: Holding(**part) for subject, part in parts.items()}

    def levels(self, values: list[Any]) -> Levels:
        readers, editors, owners, blocked = map(self.bitmap, values)
        return (readers, editors, owners, blocked) if any(values) else NO_LEVELS

    def add_times_and_splits(self, parts: dict[Subject, dict[str, Any]]) -> None:
        found = self.rows(
            "SELECT subject_kind, subject, target_kind, target, expires, fee_split FROM firms_grant"
            " WHERE firm_id = ? AND (expires IS NOT NULL OR fee_split IS NOT NULL)"
        )
        for subject_kind, number, target_kind, target, expires, split in found:
            part = parts[Subject(SUBJECT_KINDS[subject_kind], number)]
            if expires is not None:
                on = Target(TARGET_KINDS[target_kind], target)
                part.setdefault("expires", {})[on] = Instant(expires)
            if split is not None:
                part.setdefault("fee_splits", {})[target] = split

    def add_exclusions(self, parts: dict[Subject, dict[str, Any]]) -> None:
        found = self.rows(
            f'SELECT "group", service, {self.source.packed("client")} FROM firms_exclusion'
            ' WHERE firm_id = ? GROUP BY "group", service'
        )
        for group, service, value in found:
            # Exclusions go with their grant; one that was left over means nothing.
            if (part := parts.get(Subject("group", group))) and service in part.get("services", {}):
                part.setdefault("excluded", {})[service] = self.bitmap(value)

    def delegations(self) -> dict[tuple[int, int], Delegation]:
        found = self.rows(
            "SELECT delegator, delegate, cap, expires, cascades FROM firms_delegation WHERE firm_id = ?"
        )
        return {
            (delegator, delegate): Delegation(cap=Level(cap), expires=expires, cascades=bool(cascades))
            for delegator, delegate, cap, expires, cascades in found
        }

    def walls(self) -> dict[int, Wall]:
        sides: dict[tuple[str, int, int], list[int]] = defaultdict(list)
        for what in ("member", "client"):
            for wall, side, number in self.rows(
                f"SELECT wall, side, {what} FROM firms_wall{what} WHERE firm_id = ?"
            ):
                sides[what, wall, side].append(number)

        def side_of(wall: int, side: int) -> Side:
            return Side(
                members=frozenset(sides["member", wall, side]), clients=frozenset(sides["client", wall, side])
            )

        acknowledged: dict[int, dict[int, Instant]] = defaultdict(dict)
        for wall, member, at in self.rows(
            "SELECT wall, member, at FROM firms_wallacknowledgement WHERE firm_id = ?"
        ):
            acknowledged[wall][member] = at
        found = self.rows("SELECT number, starts, ends FROM firms_wall WHERE firm_id = ? ORDER BY number")
        return {
            number: Wall(
                sides=(side_of(number, 0), side_of(number, 1)),
                starts=starts,
                ends=ends,
                acknowledged=acknowledged.get(number, {}),
            )
            for number, starts, ends in found
        }

    def policies(self) -> dict[int, Policy]:
        found = self.rows(
            "SELECT number, mode, statements, version FROM firms_policy WHERE firm_id = ? ORDER BY number"
        )
        return {
            number: Policy(
                mode=msgspec.convert(mode, PolicyMode),
                statements=msgspec.json.decode(statements, type=tuple[Statement, ...]),
                version=version,
            )
            for number, mode, statements, version in found
        }

    def requests(self) -> dict[tuple[int, int], Request]:
        found = self.rows("SELECT client, member, level, expires FROM firms_request WHERE firm_id = ?")
        return {
            (client, member): Request(level=Level(level), expires=expires)
            for client, member, level, expires in found
        }

    def reviews(self) -> dict[int, Review]:
        """Those that are open."""
        found = self.rows(
            "SELECT number, terms, due, progress FROM firms_review"
            " WHERE firm_id = ? AND closed IS NULL AND schedule IS NULL ORDER BY number"
        )
        return {
            number: Review(
                terms=terms_of(bytes(terms)), due=Instant(due), progress=progress_of(bytes(progress))
            )
            for number, terms, due, progress in found
        }

    def schedules(self) -> dict[int, ScheduledReview]:
        """Those that nobody has stopped."""
        found = self.rows(
            "SELECT number, schedule FROM firms_review"
            " WHERE firm_id = ? AND closed IS NULL AND schedule IS NOT NULL ORDER BY number"
        )
        return {number: schedule_of(bytes(schedule)) for number, schedule in found}

    def emergencies(self) -> dict[tuple[int, int], Emergency]:
        found = self.rows(
            "SELECT client, member, level, opened, expires, stands, acknowledged"
            " FROM firms_emergency WHERE firm_id = ?"
        )
        return {
            (client, member): Emergency(
                level=Level(level),
                opened=opened,
                expires=expires,
                stands=bool(stands),
                acknowledged=bool(acknowledged),
            )
            for client, member, level, opened, expires, stands, acknowledged in found
        }

    def defaults(self) -> dict[int, tuple[DefaultGrant, ...]]:
        found = self.rows(
            "SELECT member, subject_kind, subject, level FROM firms_defaultgrant"
            " WHERE firm_id = ? ORDER BY member, position"
        )
        grants: dict[int, list[DefaultGrant]] = defaultdict(list)
        for member, subject_kind, subject, level in found:
            on = Subject(SUBJECT_KINDS[subject_kind], subject)
            grants[member].append(DefaultGrant(subject=on, level=Level(level)))
        return {member: tuple(mine) for member, mine in grants.items()}

    def tokens(self) -> dict[int, Token]:
        """Those that nobody has revoked."""
        found = self.rows(
            "SELECT number, member, scopes, digest, expires FROM firms_token"
            " WHERE firm_id = ? AND revoked IS NULL ORDER BY number"
        )
        return {
            number: Token(member=member, scopes=Scope(scopes), digest=bytes(digest), expires=expires)
            for number, member, scopes, digest, expires in found
        }
