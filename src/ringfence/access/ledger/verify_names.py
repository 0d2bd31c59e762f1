"""The words in the tables against the words beside the ledger: each must be the last that was given.

Of clients and engagements nearly all are given their words once, in the order of their numbers: these are
compared in bulk while the ledger is walked (`NamesInBulk`). Whatever is otherwise in any way is left over,
and compared row by row with all that was ever said of it, as everything else is (`names_that_differ`).
"""

from collections.abc import Iterator, Sequence
from operator import lt
from typing import NamedTuple, cast

import msgspec
from django.db import models
from pyroaring import BitMap

from ringfence.access.writing.tables.bulk import rows_of
from ringfence.access.writing.tables.words import all_sorting, columns_for, key_columns
from ringfence.core.directory import reference_key, unique_key
from ringfence.core.state.register import RESTORABLE
from ringfence.core.terms import Thing
from ringfence.firms.models import Client, Engagement, Firm, Group, Member, Service, Token, Wall

from .text_columns import last_words

ROWS = 5_000
"""Rows read at once."""

Columns = dict[str, str | None]

NAMED: tuple[tuple[Thing, type[models.Model], tuple[str, ...]], ...] = (
    (Thing.MEMBER, Member, ("name", "email")),
    (Thing.GROUP, Group, ("name",)),
    (Thing.SERVICE, Service, ("name",)),
    (Thing.WALL, Wall, ("name",)),
    (Thing.TOKEN, Token, ("name", "beginning", "addresses")),
    (Thing.CLIENT, Client, ("name", "reference", "kind")),
    (Thing.ENGAGEMENT, Engagement, ("reference",)),
)
"""Which fields of a text lie in which table."""


class NamesInBulk:
    """What is said of clients and engagements, held against their rows as it comes along."""

    def __init__(self, firm: int) -> None:
        self._tables: dict[str, _Table] = {
            Thing.CLIENT.value: _Clients(firm),
            Thing.ENGAGEMENT.value: _Engagements(firm),
        }

    def said(self, thing: str, numbers: Sequence[int], texts: Sequence[bytes | None]) -> None:
        """These texts are proved, and come after all that were given before."""
        table = self._tables.get(thing)
        if table is not None and numbers:
            table.said(numbers, texts)

    def left_over(self) -> dict[Thing, BitMap]:
        """The rows that were not found to be right; once everything has been said."""
        return {Thing(thing): table.left_over() for thing, table in self._tables.items()}


class _Words(msgspec.Struct, gc=False):
    name: str = ""
    reference: str = ""
    kind: str = ""


_WORDS = msgspec.json.Decoder(list[_Words])


class _Table:
    """One table, gone through in order of the numbers beside what is said of its rows."""

    table: str
    columns: str

    def __init__(self, firm: int) -> None:
        self._firm = firm
        self._last = 0
        """The row up to which the table was gone through, or will be with what waits."""
        self._begun = 0
        """The row after which what waits begins."""
        self._numbers: list[int] = []
        self._texts: list[bytes] = []
        self._doubtful = BitMap()

    def said(self, numbers: Sequence[int], texts: Sequence[bytes | None]) -> None:
        near = self._last < numbers[0] and numbers[-1] - self._last <= ROWS + len(numbers)
        if not near or None in texts or not _ascend(numbers):
            # Said again, out of turn or erased.
            self._doubtful.update(numbers)
            return
        self._numbers += numbers
        self._texts += cast(Sequence[bytes], texts)
        self._last = numbers[-1]
        if len(self._numbers) >= ROWS:
            self._compare()

    def _compare(self) -> None:
        """Hold what waits against its rows."""
        numbers, texts, self._numbers, self._texts = self._numbers, self._texts, [], []
        rows = rows_of(
            f"SELECT number, {self.columns} FROM {self.table}"
            " WHERE firm_id = %s AND number > %s AND number <= %s ORDER BY number",
            self._firm,
            self._begun,
            self._last,
        )
        self._begun = self._last
        there, *columns = zip(*rows, strict=True) if rows else ((),)
        words = _WORDS.decode(b"[%b]" % b",".join(texts))
        if list(there) != numbers or len(words) != len(numbers):
            self._doubtful.update(there)
            return
        expected = self.expected(words)
        if [*map(list, columns)] != expected:
            rows_expected = zip(numbers, *expected, strict=True)
            self._doubtful.update(
                row[0] for row, right in zip(rows, rows_expected, strict=True) if row != right
            )

    def expected(self, words: list[_Words]) -> list[list[str | None]]:
        """What the columns must have for these words, keys included."""
        raise NotImplementedError

    def left_over(self) -> BitMap:
        self._compare()
        rest = rows_of(
            f"SELECT number FROM {self.table} WHERE firm_id = %s AND number > %s", self._firm, self._last
        )
        self._doubtful.update(number for (number,) in rest)
        return self._doubtful


class _Clients(_Table):
    table = "firms_client"
    columns = "name, sort_key, reference, reference_key, kind"

    def expected(self, words: list[_Words]) -> list[list[str | None]]:
        names = [each.name for each in words]
        references = [each.reference for each in words]
        kinds = [each.kind for each in words]
        keys = key_columns(Thing.CLIENT, references)
        return [[*names], [*all_sorting(names)], [*references], keys, [*kinds]]


class _Engagements(_Table):
    table = "firms_engagement"
    columns = "reference, reference_key"

    def expected(self, words: list[_Words]) -> list[list[str | None]]:
        references = [each.reference for each in words]
        return [[*references], key_columns(Thing.ENGAGEMENT, references)]


def _ascend(numbers: Sequence[int]) -> bool:
    first, last = numbers[0], numbers[-1]
    if last - first + 1 == len(numbers):
        return list(numbers) == list(range(first, last + 1))
    return all(map(lt, numbers, numbers[1:]))


def names_that_differ(firm: int, among: dict[Thing, BitMap]) -> Iterator[str]:
    """A sentence for each row whose words are not those of the ledger's texts; keys are compared too.

    `among` says for which things only some rows are looked at.
    """
    for thing, model, fields in NAMED:
        nothing = dict.fromkeys(fields, "")
        columns = list(columns_for(thing, nothing))
        for numbers in _some(firm, model, among.get(thing)):
            said = last_words(firm, thing, numbers)
            rows = model._default_manager.filter(firm=firm, number__in=numbers).order_by("number")
            for row, *values in rows.values_list("number", *columns):
                expected = columns_for(thing, {**nothing, **said.get(row, {})})
                if values != list(expected.values()):
                    found = _Row(firm, thing, model, row, dict(zip(columns, values, strict=True)))
                    if not found.differs_rightly(expected):
                        what = f"{thing.value} {row}"
                        yield f"The words of {what} in the tables are not those beside the ledger."


def _some(firm: int, model: type[models.Model], among: BitMap | None) -> Iterator[list[int]]:
    """The numbers of the rows, or those among some, so many at a time."""
    if among is None:
        among = BitMap(model._default_manager.filter(firm=firm).values_list("number", flat=True))
    for start in range(0, len(among), AT_ONCE):
        yield list(among[start : start + AT_ONCE])


AT_ONCE = 500
"""Rows that are asked for by their numbers."""


class _Row(NamedTuple):
    """A row whose columns are not what its words come to."""

    firm: int
    thing: Thing
    model: type[models.Model]
    number: int
    has: Columns

    def differs_rightly(self, expected: Columns) -> bool:
        """Whether it is its key alone that differs, for one of the two reasons that there are for that.

        A client that cannot be restored any more has let its references go (rules.md 9). And of two rows
        whose words stood beside each other before keys were compared as now, one keeps the key that it had.
        """
        differing = {name for name in self.has if self.has[name] != expected[name]}
        if len(differing) != 1 or not (column := differing.pop()).endswith("_key") or column == "sort_key":
            return False
        key = self.has[column]
        if key is None:
            return column == "reference_key" and self._is_gone()
        return self._compared_as_now(column, key) == expected[column] and self._has_twin(column, expected)

    def _compared_as_now(self, column: str, key: str) -> str:
        return reference_key(self.thing, key) if column == "reference_key" else unique_key(key)

    def _has_twin(self, column: str, expected: Columns) -> bool:
        alike = self.model._default_manager.filter(firm=self.firm, **{column: expected[column]})
        if self.thing is Thing.ENGAGEMENT:
            mine = Engagement.objects.get(firm=self.firm, number=self.number)
            alike = alike.filter(service=mine.service)
        return alike.exclude(number=self.number).exists()

    def _is_gone(self) -> bool:
        client = self.number
        if self.thing is Thing.ENGAGEMENT:
            client = Engagement.objects.get(firm=self.firm, number=self.number).client
        until = Firm.objects.get(pk=self.firm).changed_at - RESTORABLE
        return Client.objects.filter(firm=self.firm, number=client, removed_at__lt=until).exists()
