"""Which names and references are taken in a firm, from its tables: the `Directory` that commands ask."""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from ringfence.access.sql import keyed, numbers_by_word, rows_of
from ringfence.core.terms import Thing

from .tables import TABLES

_NAMED = {
    Thing.GROUP: "name_key",
    Thing.SERVICE: "name_key",
    Thing.WALL: "name_key",
    Thing.POLICY: "name_key",
    Thing.MEMBER: "email_key",
    Thing.TOKEN: "name_key",
    Thing.REVIEW: "name_key",
}
_BY_FIELD = {"external": "external_key", "user_name": "user_name_key"}
"""What else a member is known by."""
_STANDING = {Thing.TOKEN: " AND revoked IS NULL", Thing.REVIEW: " AND closed IS NULL"}
"""What has given its name up though its row is there."""
_FIELDS = frozenset({"name", "email", "external", "user_name", "reference", "kind", "text", "reason"})


def storable(keys: Collection[str]) -> list[str]:
    """The keys that a database can hold at all; nothing is filed under the others."""
    if "".join(keys).isprintable():
        return list(keys)
    return [key for key in keys if key.isprintable() or ("\0" not in key and not _SURROGATE.search(key))]


_SURROGATE = re.compile("[\ud800-\udfff]")


class LookedUp(NamedTuple):
    """What was asked of members' words in this transaction, since when nothing was changed."""

    asked: Mapping[str, str]
    """Keys by a member's field."""
    found: Mapping[str, int]
    """Which of them a member has, by field, and who."""


class TableDirectory:
    """Look-ups in one firm, in the transaction of whoever asks; a statement for each service at most."""

    def __init__(self, firm: int, members: LookedUp | None = None) -> None:
        """`members`: what is known of members' words, and is not asked again."""
        self._firm, self._members = firm, members

    def named(self, thing: Thing, key: str, field: str = "") -> int | None:
        """The group, service or wall of that name, the member of that e-mail; `KeyError` for other things."""
        column = _BY_FIELD.get(field) or _NAMED[thing]
        standing = _STANDING.get(thing, "")
        statement = f"SELECT number FROM {TABLES[thing]} WHERE firm_id = %s AND {keyed(column)}{standing}"
        found = [row for word in storable([key]) if word for row in rows_of(statement, self._firm, word)]
        return found[0][0] if found else None

    def members_named(self, keys: Mapping[str, str]) -> Mapping[str, int]:
        """Which of these keys a member has, by field, and who."""
        asked = {field: key for field, key in keys.items() if storable([key]) and key}
        if not asked:
            return {}
        if self._members is not None and asked.items() <= self._members.asked.items():
            return {field: who for field, who in self._members.found.items() if field in asked}
        part = "SELECT '{}', number FROM {} WHERE firm_id = %s AND {}"
        parts = [
            part.format(field, TABLES[Thing.MEMBER], keyed(_BY_FIELD.get(field) or _NAMED[Thing.MEMBER]))
            for field in asked
        ]
        given = [value for key in asked.values() for value in (self._firm, key)]
        return dict(rows_of(" UNION ALL ".join(parts), *given))

    def text(self, thing: Thing, number: int, field: str) -> str:
        """The present name, email, reference, kind or reason, empty for none; `KeyError` for other things."""
        if field not in _FIELDS:
            raise KeyError(field)
        statement = f"SELECT {field} FROM {TABLES[thing]} WHERE firm_id = %s AND number = %s"
        rows = rows_of(statement, self._firm, number)
        return rows[0][0] if rows else ""

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, int]:
        """Which of the client references are taken, removed clients' too, and by which client."""
        return dict(
            numbers_by_word("firms_client", "reference_key", storable(keys), "firm_id = %s", self._firm)
        )

    def engagements_by_reference(self, service: int, keys: Collection[str]) -> Mapping[str, int]:
        """Which tax references of one service are taken, and by which engagement."""
        return dict(
            numbers_by_word(
                "firms_engagement",
                "reference_key",
                storable(keys),
                "firm_id = %s AND service = %s AND NOT ended",
                self._firm,
                service,
            )
        )
