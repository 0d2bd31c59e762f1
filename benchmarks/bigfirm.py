"""A firm of the size that the goals name, written straight into the tables: its ledger starts behind it.

Grants lie scattered over all clients, the worst case for bitmaps; one group is the large one that a preview
deletes.
"""

import random
import sqlite3
import time
import uuid
from array import array
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec
import psycopg

from ringfence.core.directory import sort_key, unique_key
from ringfence.core.settings import PROFILES
from ringfence.core.terms import Level
from ringfence.firms.codes import SUBJECT_CODES, TARGET_CODES
from ringfence.samples import invented
from ringfence.store.sources import Connection

SEED = 2026
FIRM = 1
LARGE_GROUP = 2
SERVICES = 8
MEMBER, GROUP = SUBJECT_CODES["member"], SUBJECT_CODES["group"]
ENGAGEMENT, CLIENT = TARGET_CODES["engagement"], TARGET_CODES["client"]

Rows = Iterable[tuple[object, ...]]


class Size(NamedTuple):
    """How large a firm to make."""

    engagements: int = 1_000_000
    members: int = 1_000
    groups: int = 200
    targets: int = 5_000_000
    """Grants: four fifths of them of groups on engagements, the rest of members on clients."""
    four_levels: bool = False
    """Whether grants give all levels, else Editor alone as in `agency`."""

    @property
    def large_group_clients(self) -> int:
        return self.engagements // 10

    @property
    def large_group_members(self) -> int:
        return self.members // 2


def open_plain(url: str) -> Connection:
    """A connection of the plain driver in autocommit."""
    if url.startswith("sqlite:"):
        return sqlite3.connect(unquote(urlsplit(url).path)[1:], isolation_level=None)
    return psycopg.connect(url, autocommit=True)


class BigFirm:
    """Makes the rows. The same size gives the same firm."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.chance = random.Random(SEED)
        self.client_of = array("I", [0])
        for _ in range(size.engagements):
            same = len(self.client_of) > 1 and self.chance.random() < 0.3
            self.client_of.append(self.client_of[-1] + (0 if same else 1))
        self.clients = self.client_of[-1]

    def write(self, url: str) -> float:
        """Into the migrated database at `url`; how many seconds that took."""
        start = time.perf_counter()
        connection = open_plain(url)
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        for table, columns, rows in self._tables():
            _insert(connection, table, columns, rows)
        connection.execute("COMMIT")
        if not isinstance(connection, sqlite3.Connection):
            # The firm's id was given, not counted: the next firm must not get it too.
            connection.execute("SELECT setval(pg_get_serial_sequence('firms_firm', 'id'), %s)", [FIRM])
        connection.execute("ANALYZE" if isinstance(connection, sqlite3.Connection) else "VACUUM ANALYZE")
        connection.close()
        return time.perf_counter() - start

    def _tables(self) -> Iterator[tuple[str, str, Rows]]:
        size = self.size
        self.chance.seed(SEED)
        yield (
            "firm",
            "id uid name name_key timezone language settings names was_on version indexed told digested"
            " reminded warned head changed_at"
            " last_member last_group last_service last_wall last_client last_engagement last_token"
            " last_policy last_review decision_days logs_decisions",
            [self._firm()],
        )
        yield (
            "member",
            "firm_id number name sort_key email email_key external external_key"
            " role access manage_access active",
            (self._member(number) for number in range(1, size.members + 1)),
        )
        yield "group", "firm_id number name name_key sort_key", self._named("Group", size.groups + 1)
        yield "service", "firm_id number name name_key sort_key", self._named("Service", SERVICES)
        yield "groupmember", "firm_id group member", self._places()
        yield (
            "client",
            "firm_id number name sort_key reference reference_key kind confidential removed_at",
            self._clients(),
        )
        yield "engagement", "firm_id number client service reference reference_key ended", self._engagements()
        yield (
            "grant",
            "firm_id subject_kind subject target_kind target level expires fee_split",
            self._grants(),
        )

    def _firm(self) -> tuple[object, ...]:
        size = self.size
        settings = msgspec.structs.replace(PROFILES["agency"], control=True)
        text = msgspec.json.encode(settings).decode()
        highest = (
            size.members,
            size.groups + 1,
            SERVICES,
            0,
            self.clients,
            size.engagements,
            0,
            0,
            0,
            0,
            False,
        )
        uid = uuid.UUID(int=FIRM).hex
        names = ("Big & Partners", "big & partners", "Europe/London", "en")
        return FIRM, uid, *names, text, "{}", True, 1, 1, 1, 0, 0, 0, b"\x01" * 32, 0, *highest

    def _named(self, what: str, count: int) -> Rows:
        return (
            (FIRM, number, f"{what} {number}", *[f"{what} {number}".lower()] * 2)
            for number in range(1, count + 1)
        )

    def _member(self, number: int) -> tuple[object, ...]:
        name = invented.person(self.chance)
        address = f"m{number}@example.org"
        role = "administrator" if number == 1 else "standard"
        return FIRM, number, name, sort_key(name), address, address, "", "", role, True, False, True

    def _places(self) -> Rows:
        size = self.size
        everybody = range(1, size.members + 1)
        yield from (
            (FIRM, LARGE_GROUP, member)
            for member in sorted(self.chance.sample(everybody, size.large_group_members))
        )
        for group in range(LARGE_GROUP + 1, size.groups + 2):
            count = min(self.chance.randint(3, 40), size.members)
            yield from ((FIRM, group, member) for member in sorted(self.chance.sample(everybody, count)))

    def _clients(self) -> Rows:
        for number in range(1, self.clients + 1):
            one = self.chance.random() < 0.6
            name = invented.person(self.chance) if one else invented.company(self.chance)
            reference = invented.client_reference(name, number)
            kind = "Individual" if one else "Company"
            yield FIRM, number, name, sort_key(name), reference, unique_key(reference), kind, False, None

    def _engagements(self) -> Rows:
        service = 1
        for number in range(1, self.size.engagements + 1):
            client = self.client_of[number]
            same = client == self.client_of[number - 1]
            service = service % SERVICES + 1 if same else 1 + client % SERVICES
            reference = invented.taxpayer_reference(number)
            yield FIRM, number, client, service, reference, reference, False

    def _level(self, number: int) -> int:
        return int(Level.EDITOR) if not self.size.four_levels else (1, 2, 2, 2, 3, 2, 2, 2, 4, 2)[number % 10]

    def _grants(self) -> Rows:
        size, chance = self.size, self.chance
        own = size.targets // 5 // size.members
        for member in range(1, size.members + 1):
            level = self._level(member)
            for client in sorted(chance.sample(range(1, self.clients + 1), own)):
                yield FIRM, MEMBER, member, CLIENT, client, level, None, None
        for client in sorted(chance.sample(range(1, self.clients + 1), size.large_group_clients)):
            yield FIRM, GROUP, LARGE_GROUP, CLIENT, client, 2, None, None
        each = (size.targets * 4 // 5 - size.large_group_clients) // (size.groups - 1)
        for group in range(LARGE_GROUP + 1, size.groups + 2):
            level = self._level(group)
            for engagement in sorted(chance.sample(range(1, size.engagements + 1), each)):
                yield FIRM, GROUP, group, ENGAGEMENT, engagement, level, None, None


def _insert(connection: Connection, table: str, columns: str, rows: Rows) -> None:
    more = _columns_besides(connection, table, columns.split())
    every = [*columns.split(), *more]
    names, rest = ", ".join(f'"{name}"' for name in every), tuple(more.values())
    if isinstance(connection, sqlite3.Connection):
        places = ", ".join("?" * len(every))
        statement = f"INSERT INTO firms_{table} ({names}) VALUES ({places})"
        connection.executemany(statement, (row + rest for row in rows))
        return
    copying = f"COPY firms_{table} ({names}) FROM STDIN".encode()
    with connection.cursor() as cursor, cursor.copy(copying) as copy:
        for row in rows:
            copy.write("\t".join(map(_copied, row + rest)) + "\n")


def _columns_besides(connection: Connection, table: str, named: list[str]) -> dict[str, object]:
    """What else a row must have, empty: parts of the product that these measurements leave aside."""
    found: dict[str, object] = {}
    if isinstance(connection, sqlite3.Connection):
        made = connection.execute(f"SELECT sql FROM sqlite_master WHERE name = 'firms_{table}'").fetchone()[0]
        for _place, name, kind, needed, _default, _key in connection.execute(
            f'PRAGMA table_info("firms_{table}")'
        ):
            if needed and name not in {*named, "id"}:
                empty: object = 0 if kind.lower().startswith(("bool", "int", "bigint", "smallint")) else ""
                found[name] = "{}" if f'JSON_VALID("{name}")' in made else empty
        return found
    empties: dict[str, object] = {"jsonb": "{}", "boolean": False, "integer": 0, "bigint": 0, "smallint": 0}
    for name, kind in connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
        [f"firms_{table}"],
    ):
        if name not in named:
            found[name] = empties.get(kind, "")
    return found


def _copied(value: Any) -> str:
    # No text here has a tab, a line feed or a backslash.
    if value is None:
        return r"\N"
    return rf"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
