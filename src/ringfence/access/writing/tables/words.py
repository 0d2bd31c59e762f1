"""The words of a command by what they are about, as the columns of the tables want them.

Every key comes from `core.directory`; how texts are proved is `proof.chain`.
"""

from collections.abc import Iterator, Sequence

from ringfence.core.directory import (
    reference_key,
    sort_key,
    sort_keys,
    unique_key,
)
from ringfence.core.events import Text
from ringfence.core.many_texts import ManyTexts, runs
from ringfence.core.terms import Thing

SORTED = 400
"""Characters of a sort key that are kept: enough to order by, and as much as PostgreSQL can index."""

Fields = dict[str, str]
NO_FIELDS: Fields = {}
_Place = int | tuple[int, int]
"""The number of a thing; of a request with the member who asks."""


class CommandWords:
    """The texts of one command. What a new row takes is not written a second time."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._fields: dict[Thing, dict[_Place, Fields]] = {}
        self._many: list[ManyTexts] = []
        self._taken: dict[Thing, set[_Place]] = {}
        for thing, run in runs(texts):
            if isinstance(run, ManyTexts):
                self._many.append(run)
                continue
            known = self._fields.setdefault(thing, {})
            for text in run:
                place = (text.number, text.member) if text.member else text.number
                before = known.get(place)
                known[place] = text.fields if before is None else {**before, **text.fields}

    def take(self, thing: Thing, number: int, member: int = 0) -> Fields:
        """The fields for a new row; empty where the command gave no words."""
        place = (number, member) if member else number
        self._taken.setdefault(thing, set()).add(place)
        found = self._fields.get(thing, {}).get(place, NO_FIELDS)
        for many in self._many:
            if many.thing is thing and number in many.numbers:
                found = many.fields()[many.numbers.index(number)] | found
        return found

    def take_all(self, thing: Thing, numbers: range, *columns: str) -> list[list[str]]:
        """The same for many rows, as these columns, "" where the command says nothing."""
        self._taken.setdefault(thing, set()).update(numbers)
        return [self._column(thing, numbers, column) for column in columns]

    def _column(self, thing: Thing, numbers: range, column: str) -> list[str]:
        first, found = numbers.start, [""] * len(numbers)
        for many in self._many:
            if many.thing is not thing or not (texts := _column_of(many, column)):
                continue
            if many.numbers == numbers:
                found[:] = texts
                continue
            for number, text in zip(many.numbers, texts, strict=True):
                if number in numbers:
                    found[number - first] = text
        for place, fields in self._fields.get(thing, {}).items():
            if isinstance(place, int) and place in numbers:
                found[place - first] = columns_for(thing, fields).get(column) or found[place - first]
        return found

    @property
    def give_references(self) -> bool:
        """Whether a client or tax reference is among the texts."""
        return any("reference" in many.columns for many in self._many) or any(
            fields.get("reference") for known in self._fields.values() for fields in known.values()
        )

    def given_anew(self, thing: Thing, before: int, field: str = "reference") -> list[int]:
        """The things with numbers below `before` of which the field is given anew."""
        known = self._fields.get(thing, {})
        found = [
            place
            for place, fields in known.items()
            if isinstance(place, int) and place < before and field in fields
        ]
        for many in self._many:
            if many.thing is thing and field in many.columns and many.numbers[0] < before:
                found += [text.number for text in many if text.number < before and field in text.fields]
        return found

    def left(self) -> Iterator[tuple[Thing, int, Fields]]:
        """What is said about rows that were there before."""
        for many in self._many:
            taken = self._taken.get(many.thing, set())
            if not taken.issuperset(many.numbers):
                yield from (
                    (many.thing, text.number, text.fields) for text in many if text.number not in taken
                )
        for thing, known in self._fields.items():
            taken = self._taken.get(thing, set())
            for place, fields in known.items():
                if place not in taken:
                    yield thing, place if isinstance(place, int) else place[0], fields


def _column_of(many: ManyTexts, column: str) -> Sequence[str]:
    if column == "reference_key":
        return many.reference_keys if "reference" in many.columns else ()
    return many.columns.get(column, ())


def sorting(text: str) -> str:
    return sort_key(text)[:SORTED]


def all_sorting(texts: Sequence[str]) -> list[str]:
    """`sorting` of each."""
    return [key if len(key) <= SORTED else key[:SORTED] for key in sort_keys(texts)]


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
    if (external := fields.get("external")) is not None:
        columns["external"] = external
        if thing is Thing.MEMBER:
            columns["external_key"] = unique_key(external)
    if (user_name := fields.get("user_name")) is not None:
        columns["user_name"] = user_name
        columns["user_name_key"] = unique_key(user_name)
    if (reference := fields.get("reference")) is not None:
        columns["reference"] = reference
        columns["reference_key"] = key_column(thing, reference)
    if (kind := fields.get("kind")) is not None:
        columns["kind"] = kind
    for name in ("beginning", "addresses", "text", "reason"):
        if (text := fields.get(name)) is not None:
            columns[name] = text
    return columns


_WITH_NAME_KEY = frozenset(
    {Thing.FIRM, Thing.GROUP, Thing.SERVICE, Thing.WALL, Thing.POLICY, Thing.TOKEN, Thing.REVIEW}
)
_SORTED_BY_NAME = frozenset({Thing.MEMBER, Thing.GROUP, Thing.SERVICE, Thing.CLIENT})
