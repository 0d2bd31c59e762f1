"""The words of a command by what they are about, as the columns of the tables want them.

Every key comes from `core.directory`; how texts are proved is `access.ledger.chain`.
"""

from collections.abc import Iterable, Iterator

from ringfence.core.directory import reference_key, sort_key, unique_key
from ringfence.core.events import Text
from ringfence.core.terms import Thing

SORTED = 400
"""Characters of a sort key that are kept: enough to order by, and as much as PostgreSQL can index."""

Fields = dict[str, str]
NO_FIELDS: Fields = {}


class CommandWords:
    """The texts of one command. What a new row takes is not written a second time."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self._fields: dict[tuple[Thing, int, int], Fields] = {}
        for text in texts:
            place = (text.thing, text.number, text.member)
            before = self._fields.get(place)
            self._fields[place] = text.fields if before is None else {**before, **text.fields}
        self._taken: set[tuple[Thing, int, int]] = set()

    def take(self, thing: Thing, number: int, member: int = 0) -> Fields:
        """The fields for a new row; empty where the command gave no words."""
        place = (thing, number, member)
        self._taken.add(place)
        return self._fields.get(place, NO_FIELDS)

    @property
    def give_references(self) -> bool:
        """Whether a client or tax reference is among the texts."""
        return any(fields.get("reference") for fields in self._fields.values())

    def given_anew(self, thing: Thing, before: int) -> list[int]:
        """The things with numbers below `before` that are given another reference."""
        return [
            number
            for (kind, number, _), fields in self._fields.items()
            if kind is thing and number < before and "reference" in fields
        ]

    def left(self) -> Iterator[tuple[Thing, int, Fields]]:
        """What is said about rows that were there before."""
        for place, fields in self._fields.items():
            if place not in self._taken:
                yield place[0], place[1], fields


def sorting(text: str) -> str:
    return sort_key(text)[:SORTED]


def key_column(thing: Thing, reference: str) -> str | None:
    """The key of a reference, null for none: databases let null be there many times."""
    return reference_key(thing, reference) or None


def columns_for(thing: Thing, fields: Fields) -> dict[str, str | None]:
    """The columns that these fields fill, keys included; only those that the fields name."""
    columns: dict[str, str | None] = {}
    if (name := fields.get("name")) is not None:
        columns["name"] = name
        if thing in _WITH_NAME_KEY:
            columns["name_key"] = unique_key(name)
        if thing in _SORTED_BY_NAME:
            columns["sort_key"] = sorting(name)
    if (email := fields.get("email")) is not None:
        columns["email"] = email
        columns["email_key"] = unique_key(email)
    if (reference := fields.get("reference")) is not None:
        columns["reference"] = reference
        columns["reference_key"] = key_column(thing, reference)
    if (kind := fields.get("kind")) is not None:
        columns["kind"] = kind
    return columns


_WITH_NAME_KEY = frozenset({Thing.FIRM, Thing.GROUP, Thing.SERVICE, Thing.WALL})
_SORTED_BY_NAME = frozenset({Thing.MEMBER, Thing.GROUP, Thing.SERVICE, Thing.CLIENT})
