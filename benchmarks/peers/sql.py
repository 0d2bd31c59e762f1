"""Plain SQL on PostgreSQL: one prepared statement for the whole rule, as a careful firm would write it."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from .practice import NEEDED, Practice, Question

TABLES = """
CREATE TABLE place (team int, member int, PRIMARY KEY (member, team));
CREATE TABLE own_grant (member int, client int, level int, PRIMARY KEY (member, client));
CREATE TABLE team_grant (team int, client int, level int, PRIMARY KEY (client, team));
CREATE TABLE delegation (delegator int, delegate int, cap int, PRIMARY KEY (delegate, delegator));
"""
# A member's own grant answers alone. Else their groups' highest level, where Blocked stops what others
# delegate too, and what those delegate who reach the client: under every cap on the way.
ALLOWED = """
WITH RECURSIVE reached_by (member, cap) AS (
    SELECT %(member)s::int, 3
    UNION
    SELECT d.delegator, least(r.cap, d.cap)
    FROM reached_by r JOIN delegation d ON d.delegate = r.member
    WHERE NOT EXISTS (SELECT FROM own_grant o WHERE o.member = r.member AND o.client = %(client)s)
      AND NOT EXISTS (SELECT FROM team_grant t JOIN place p USING (team)
                      WHERE p.member = r.member AND t.client = %(client)s AND t.level = 4)
)
SELECT coalesce(max(least(r.cap, stands.level)), 0) >= %(needed)s
FROM reached_by r CROSS JOIN LATERAL (SELECT coalesce(
    (SELECT o.level FROM own_grant o WHERE o.member = r.member AND o.client = %(client)s),
    (SELECT max(t.level) FROM team_grant t JOIN place p USING (team)
     WHERE p.member = r.member AND t.client = %(client)s)) AS level) stands
WHERE stands.level < 4
"""


class Sql:
    """The four tables with the keys that the statement needs, over a local socket."""

    name = "Plain SQL on PostgreSQL"
    cannot = ""

    def __init__(self, practice: Practice, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True, prepare_threshold=None)
        self._connection.execute(TABLES)
        self._connection.prepare_threshold = 0
        self._fill("place", practice.places)
        own, teams = practice.own_grants, practice.team_grants
        self._fill("own_grant", ((*pair, int(level)) for pair, level in own.items()))
        self._fill("team_grant", ((*pair, int(level)) for pair, level in teams.items()))
        self._fill(
            "delegation", ((one.delegator, one.delegate, int(one.cap)) for one in practice.delegations)
        )
        self._connection.execute("VACUUM ANALYZE")

    def _fill(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def answers(self, questions: Sequence[Question]) -> list[bool]:
        found = []
        with self._connection.cursor() as cursor:
            for member, client, action in questions:
                cursor.execute(ALLOWED, {"member": member, "client": client, "needed": int(NEEDED[action])})
                row = cursor.fetchone()
                assert row is not None
                found.append(bool(row[0]))
        return found

    def close(self) -> None:
        self._connection.close()
