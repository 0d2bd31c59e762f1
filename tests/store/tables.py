"""A firm written into the tables through a plain driver, as `ringfence.access` would leave it.

So the store is tested against rows that it did not write. The words are made up: `Client 7`, reference `C-7`,
tax reference `T-12`.
"""

import hashlib
import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import psycopg

from ringfence.core.apply.apply import apply_all
from ringfence.core.events import NOTED, Event
from ringfence.core.review_schedule import beginning, schedule_bytes
from ringfence.core.review_values import as_bytes
from ringfence.core.state.holding import Holding
from ringfence.core.state.state import State
from ringfence.core.terms import EVERYONE, Instant, Subject, TargetKind
from ringfence.firms.codes import SUBJECT_CODES, TARGET_CODES
from ringfence.store.body import Body, encode_body
from ringfence.store.sources import Connection, Mark

Rows = Iterable[tuple[object, ...]]

FIRST = Mark(1, b"\x01" * 32, Instant(1_000_000))
"""The mark of a firm that was put into the tables whole."""


def connect(url: str) -> Connection:
    """A connection of the plain driver in autocommit; `url` as RINGFENCE_DATABASE takes it."""
    if url.startswith("sqlite:"):
        connection = sqlite3.connect(
            unquote(urlsplit(url).path)[1:], isolation_level=None, check_same_thread=False, timeout=30
        )
        connection.execute("PRAGMA journal_mode=WAL")
        return connection
    return psycopg.connect(url, autocommit=True)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All or nothing, on either driver."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def execute(connection: Connection, statement: str, *parameters: object) -> None:
    """A statement with ``?`` for its parameters."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute(statement, parameters)
    else:
        connection.execute(statement.replace("?", "%s").encode(), parameters)


def insert(connection: Connection, table: str, columns: str, rows: Rows) -> None:
    """Many rows at the driver's best speed; `columns` with spaces between."""
    names = ", ".join(f'"{name}"' for name in columns.split())
    if isinstance(connection, sqlite3.Connection):
        places = ", ".join("?" * len(columns.split()))
        connection.executemany(f"INSERT INTO firms_{table} ({names}) VALUES ({places})", rows)
        return
    statement = f"COPY firms_{table} ({names}) FROM STDIN".encode()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


class Tables:
    """One firm in the tables of one database."""

    def __init__(self, connection: Connection, state: State, *, firm: int = 1) -> None:
        """Put the firm into the tables whole, its ledger at `FIRST`."""
        self.connection = connection
        self.firm = firm
        self.state = state
        self.mark = FIRST
        with transaction(connection):
            self._write_firm()
            self._write_parts()

    def happen(self, *events: Event) -> None:
        """The next entry of the ledger, and the tables as they are after it."""
        body = encode_body(Body(events=events))
        previous = self.mark
        self.mark = Mark(
            previous.version + 1,
            hashlib.sha256(previous.head + body).digest(),
            Instant(previous.at + 1_000_000),
        )
        self.state = apply_all(self.state, events)
        with transaction(self.connection):
            self._delete()
            self._write_firm()
            self._write_parts()
            self._append(previous.head, body, NOTED.get(type(events[0]), "test") if events else "test")

    def replace(self, state: State, mark: Mark) -> None:
        """Another firm under the same id, as after a restored backup; its ledger is empty."""
        self.state, self.mark = state, mark
        with transaction(self.connection):
            self._delete()
            execute(self.connection, "DELETE FROM firms_ledgerentry WHERE firm_id = ?", self.firm)
            self._write_firm()
            self._write_parts()

    def delete(self) -> None:
        """The firm is gone."""
        with transaction(self.connection):
            execute(self.connection, "DELETE FROM firms_ledgerentry WHERE firm_id = ?", self.firm)
            self._delete()

    def _append(self, previous: bytes, body: bytes, command: str) -> None:
        columns = "firm_id number at actor_kind actor command self_access previous hash body"
        row = (
            self.firm,
            self.mark.version,
            self.mark.at,
            "operator",
            None,
            command,
            False,
            previous,
            self.mark.head,
            body,
        )
        insert(self.connection, "ledgerentry", columns, [row])

    def _delete(self) -> None:
        for table in PARTS:
            execute(self.connection, f"DELETE FROM firms_{table} WHERE firm_id = ?", self.firm)
        if not isinstance(self.connection, sqlite3.Connection):
            # The ledger stays while the firm's row is written anew.
            execute(self.connection, "SET CONSTRAINTS ALL DEFERRED")
        execute(self.connection, "DELETE FROM firms_firm WHERE id = ?", self.firm)

    def _write_firm(self) -> None:
        state, numbers = self.state, self.state.numbers
        columns = (
            "id uid name name_key timezone language settings names sign_in successor was_on version head"
            " changed_at indexed told digested reminded warned logs_decisions decision_days"
            " last_member last_group last_service last_wall last_token last_policy"
            " last_review last_client last_engagement"
        )
        uid = uuid.UUID(int=self.firm)
        row = (
            self.firm,
            uid.hex,
            f"Firm {self.firm}",
            f"firm {self.firm}",
            "Europe/London",
            "en",
            msgspec.json.encode(state.settings).decode(),
            msgspec.json.encode(state.names).decode(),
            "{}",
            state.successor,
            state.was_on,
            *self.mark,
            self.mark.version,
            self.mark.version,
            0,
            0,
            0,
            False,
            30,
            numbers.member,
            numbers.group,
            numbers.service,
            numbers.wall,
            numbers.token,
            numbers.policy,
            numbers.review,
            state.register.next_client - 1,
            state.register.next_engagement - 1,
        )
        insert(self.connection, "firm", columns, [row])

    def _write_parts(self) -> None:
        for table, (columns, rows_of) in PARTS.items():
            rows = ((self.firm, *row) for row in rows_of(self.state))
            insert(self.connection, table, f"firm_id {columns}", rows)


def _members(state: State) -> Rows:
    for number, member in state.members.items():
        name = f"Member {number}"
        rights = (member.role.value, member.access, member.manage_access, member.active)
        yield (
            number,
            name,
            name.lower(),
            f"m{number}@example.org",
            f"m{number}@example.org",
            "",
            "",
            "",
            "",
            *rights,
        )


def _groups(state: State) -> Rows:
    return ((number, *[f"group {number}"] * 3, "", number in state.kept) for number in state.groups)


def _places(state: State) -> Rows:
    for group, members in state.groups.items():
        if group != EVERYONE:
            yield from ((group, member) for member in members)


def _services(state: State) -> Rows:
    return ((number, *[f"service {number}"] * 3) for number in sorted(state.services))


def _clients(state: State) -> Rows:
    register = state.register
    for number in range(1, register.next_client):
        words = (f"Client {number}", f"client {number}", f"C-{number}", f"c-{number}", "")
        yield number, *words, number in register.confidential, register.removed.get(number)


def _engagements(state: State) -> Rows:
    register = state.register
    for number in range(1, register.next_engagement):
        place = (register.client_of[number], register.service_of[number])
        yield number, *place, f"T-{number}", f"t{number}", number in register.ended


def _grants(state: State) -> Rows:
    for subject, held in sorted(state.holdings.items()):
        yield from _grants_of(subject, held)


def _grants_of(subject: Subject, held: Holding) -> Rows:
    who = (SUBJECT_CODES[subject.kind], subject.number)

    def row(kind: TargetKind, target: Any, level: int) -> tuple[object, ...]:
        return *who, TARGET_CODES[kind], target.number, level, held.expires.get(target)

    for target in held.targets():
        split = held.fee_splits.get(target.number) if target.kind == "client" else None
        yield *row(target.kind, target, held.level_on(target)), split


def _exclusions(state: State) -> Rows:
    for subject, held in state.holdings.items():
        for service, clients in held.excluded.items():
            yield from ((subject.number, service, client) for client in clients)


def _delegations(state: State) -> Rows:
    for (delegator, delegate), made in state.delegations.items():
        yield delegator, delegate, made.cap, made.expires, made.cascades


def _walls(state: State) -> Rows:
    return (
        (number, f"Wall {number}", f"wall {number}", "", wall.starts, wall.ends)
        for number, wall in state.walls.items()
    )


def _wall_acknowledgements(state: State) -> Rows:
    for number, wall in state.walls.items():
        yield from ((number, member, at) for member, at in wall.acknowledged.items())


def _wall_members(state: State) -> Rows:
    for number, wall in state.walls.items():
        for side, part in enumerate(wall.sides):
            yield from ((number, side, member) for member in part.members)


def _wall_clients(state: State) -> Rows:
    for number, wall in state.walls.items():
        for side, part in enumerate(wall.sides):
            yield from ((number, side, client) for client in part.clients)


def _policies(state: State) -> Rows:
    for number, policy in state.policies.items():
        said = msgspec.json.encode(policy.statements, order="deterministic").decode()
        yield number, f"Policy {number}", f"policy {number}", "", policy.mode, said, policy.version


def _requests(state: State) -> Rows:
    for (client, member), request in state.requests.items():
        yield client, member, request.level, request.expires, "Please.", 0


def _defaults(state: State) -> Rows:
    for member, grants in state.defaults.items():
        for position, grant in enumerate(grants):
            kind = SUBJECT_CODES[grant.subject.kind]
            yield member, position, kind, grant.subject.number, grant.level


def _tokens(state: State) -> Rows:
    for number, token in state.tokens.items():
        name = f"Token {number}"
        yield number, token.member, name, name.lower(), token.scopes, token.digest, "", "", 0, token.expires


def _emergencies(state: State) -> Rows:
    for (client, member), opened in state.emergencies.items():
        yield (
            client,
            member,
            opened.level,
            opened.opened,
            opened.expires,
            opened.stands,
            opened.acknowledged,
        )


def _reviews(state: State) -> Rows:
    for number, review in state.reviews.items():
        name = f"Review {number}"
        parts = (as_bytes(review.terms), as_bytes(review.progress))
        yield number, name, name.lower(), 0, review.due, *parts, None
    for number, made in state.schedules.items():
        name = f"Review {number}"
        yield number, name, name.lower(), 0, beginning(made.next), b"", b"", schedule_bytes(made)


PARTS = {
    "member": (
        "number name sort_key email email_key external external_key user_name user_name_key"
        " role access manage_access active",
        _members,
    ),
    "group": ("number name name_key sort_key external directory", _groups),
    "groupmember": ("group member", _places),
    "service": ("number name name_key sort_key", _services),
    "client": (
        "number name sort_key reference reference_key kind confidential removed_at",
        _clients,
    ),
    "engagement": ("number client service reference reference_key ended", _engagements),
    "grant": ("subject_kind subject target_kind target level expires fee_split", _grants),
    "exclusion": ("group service client", _exclusions),
    "delegation": ("delegator delegate cap expires cascades", _delegations),
    "wall": ("number name name_key reason starts ends", _walls),
    "wallacknowledgement": ("wall member at", _wall_acknowledgements),
    "wallmember": ("wall side member", _wall_members),
    "wallclient": ("wall side client", _wall_clients),
    "policy": ("number name name_key text mode statements version", _policies),
    "request": ("client member level expires reason opened_at", _requests),
    "token": (
        "number member name name_key scopes digest beginning addresses made expires",
        _tokens,
    ),
    "emergency": ("client member level opened expires stands acknowledged", _emergencies),
    "review": ("number name name_key started due terms progress schedule", _reviews),
    "defaultgrant": ("member position subject_kind subject level", _defaults),
}
"""Columns and rows of each table of a firm but its own row and its ledger."""
