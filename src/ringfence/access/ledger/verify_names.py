"""The words in the tables against the words beside the ledger: each must be the last that was given.

Of clients and engagements nearly all are given their words once, in the order of their numbers: these are
compared in bulk while the ledger is walked (`NamesInBulk`). Whatever is otherwise in any way is left over,
and compared row by row with all that was ever said of it, as everything else is (`names_that_differ`).
"""

from collections.abc import Iterator, Sequence
from itertools import compress, repeat
from operator import contains, lt, ne, not_
from typing import NamedTuple, TypeVar, cast

import msgspec
from django.db import models
from pyroaring import BitMap

from ringfence.access.sql import among_numbers, are_bytes, joined, lower, numbers_parameter, rows_of
from ringfence.access.writing.tables.words import all_sorting, columns_for
from ringfence.core.directory import reference_key, tax_keys, unique_key, unique_keys
from ringfence.core.state.register import RESTORABLE
from ringfence.core.terms import Thing
from ringfence.firms.models import (
    Client,
    Engagement,
    Firm,
    Group,
    Member,
    Policy,
    Review,
    Service,
    Token,
    Wall,
)

from .text_columns import last_words

ROWS = 5_000
"""Rows read at once."""
SPAN = 4 * ROWS
"""Rows of which some have no words, to be read at once all the same."""
FEW = 4
"""One in so many rows is looked up rather than all of them read."""

Columns = dict[str, str | None]

NAMED: tuple[tuple[Thing, type[models.Model], tuple[str, ...]], ...] = (
    (Thing.MEMBER, Member, ("name", "email", "external", "user_name")),
    (Thing.GROUP, Group, ("name", "external")),
    (Thing.SERVICE, Service, ("name",)),
    (Thing.POLICY, Policy, ("name", "text")),
    (Thing.WALL, Wall, ("name", "reason")),
    (Thing.TOKEN, Token, ("name", "beginning", "addresses")),
    (Thing.REVIEW, Review, ("name",)),
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


class _Some(NamedTuple):
    """Neighbouring rows of one firm, as `SOME` takes them."""

    firm: int
    after: int
    last: int


SOME = "firm_id = %s AND number > %s AND number <= %s"

Line = TypeVar("Line", str, bytes)


class _Words(msgspec.Struct, gc=False):
    name: str = ""
    reference: str = ""
    kind: str = ""


_WORDS = msgspec.json.Decoder(list[_Words])


class _Table:
    """One table, gone through in order of the numbers beside what is said of its rows."""

    table: str
    columns: str
    """Of words."""
    parts: tuple[str, ...]
    """What is asked of each of many rows, as SQL; their answers come as lines."""

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
        near = self._last < numbers[0] and numbers[-1] - self._last <= SPAN
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
        if not numbers:
            return
        some = _Some(self._firm, self._begun, self._last)
        self._begun = self._last
        without_gaps = len(numbers) == some.last - some.after
        looked_at = self._suspects(some, numbers, texts) if without_gaps else BitMap(numbers)
        if looked_at or not without_gaps:
            self._compare_rows(some, looked_at if without_gaps else None, numbers, texts)

    def _suspects(self, some: "_Some", numbers: list[int], texts: list[bytes]) -> BitMap:
        """Those of the rows that have to be looked at one by one; of all others the words are right."""
        each = ", ".join(f"{sql} AS part_{place}" for place, sql in enumerate(self.parts))
        all_of = ", ".join(joined(f"part_{place}") for place in range(len(self.parts)))
        ((count, *found),) = rows_of(
            f"SELECT count(*), {all_of}"
            f" FROM (SELECT number, {each} FROM {self.table} WHERE {SOME} ORDER BY number) AS slice",
            *some,
        )
        return self.suspects(numbers, texts, *found) if count == len(numbers) else BitMap(numbers)

    def _compare_rows(
        self, some: "_Some", among: BitMap | None, numbers: list[int], texts: list[bytes]
    ) -> None:
        """Look at rows `among` these, or at all: doubtful is whose words are not what was said."""
        few = among is not None and len(among) * FEW < len(numbers)
        rows = rows_of(
            f"SELECT number, {self.columns} FROM {self.table} WHERE {SOME}"
            + (f" AND {among_numbers('number')}" if few and among is not None else ""),
            *some,
            *([numbers_parameter(among)] if few and among is not None else []),
        )
        said = texts if among is None else [*compress(texts, map(among.__contains__, numbers))]
        looked_at = numbers if among is None else list(among)
        words = _WORDS.decode(b"[%b]" % b",".join(said))
        columns = zip(*self.expected(words), strict=True)
        expected = dict(zip(looked_at, columns, strict=True))
        (nothing,) = zip(*self.expected([_Words()]), strict=True)
        for number, *values in rows:
            if among is None or number in among:
                right = expected.pop(number, nothing)
                if tuple(values) != right:
                    self._doubtful.add(number)
        # Something was said of them, and there is no row.
        self._doubtful.update(expected)

    def suspects(self, numbers: list[int], texts: list[bytes], *found: str | None) -> BitMap:
        """The rows that what is `joined` does not show to be right."""
        raise NotImplementedError

    def expected(self, words: list[_Words]) -> list[list[str | None]]:
        """What the columns must have for these words, keys included."""
        raise NotImplementedError

    def left_over(self) -> BitMap:
        self._compare()
        # Below 0 is what a list on its way in will number; 0 is nothing's number.
        not_looked_at = f"number = 0 OR number > %s OR {are_bytes(self.columns.split(', '))}"
        rest = rows_of(
            f"SELECT number FROM {self.table} WHERE firm_id = %s AND number >= 0 AND ({not_looked_at})",
            self._firm,
            self._last,
        )
        self._doubtful.update(number for (number,) in rest)
        return self._doubtful


class _Clients(_Table):
    """Rows are written out as their texts must be, their keys held against the plainest that there are."""

    table = "firms_client"
    columns = "name, sort_key, reference, reference_key, kind"

    def __init__(self, firm: int) -> None:
        super().__init__(firm)
        kind = """CASE kind WHEN '' THEN '' ELSE '"kind":"' || kind || '",' END"""
        reference = """CASE reference WHEN '' THEN '' ELSE ',"reference":"' || reference || '"' END"""
        key = (
            f"CASE reference WHEN '' THEN reference_key IS NULL ELSE reference_key = {lower('reference')} END"
        )
        # A quotation mark in a row may make one column read like several.
        plain = """name || reference || kind NOT LIKE '%%"%%'"""
        self.parts = (
            f"""'{{' || {kind} || '"name":"' || name || '"' || {reference} || '}}'""",
            f"CASE WHEN sort_key = {lower('name')} AND {key} AND {plain} THEN NULL"
            " ELSE CAST(number AS text) END",
        )

    def suspects(self, numbers: list[int], texts: list[bytes], *found: str | None) -> BitMap:
        written, others = found
        suspects = _differing(numbers, texts, (written or "").encode(), b"\n") | _numbers(others)
        lines = b"\n".join(texts)
        if not lines.isascii():
            suspects.update(compress(numbers, map(not_, map(bytes.isascii, texts))))
        for sign in ODD:
            if sign in lines:
                suspects.update(compress(numbers, map(contains, texts, repeat(sign))))
        return suspects

    def expected(self, words: list[_Words]) -> list[list[str | None]]:
        names = [each.name for each in words]
        references = [each.reference for each in words]
        kinds = [each.kind for each in words]
        keys = [key or None for key in unique_keys(references)]
        return [[*names], [*all_sorting(names)], [*references], keys, [*kinds]]


ODD = (b"'", b"`", b"\\", b"\x7f", b"  ", b'" ', b' "')
"""In a text of ASCII: what makes a key something else than the name or reference in small letters."""


class _Engagements(_Table):
    table = "firms_engagement"
    columns = "reference, reference_key"

    parts = (
        "reference",
        "reference_key",
        "CASE WHEN (reference = '') <> (reference_key IS NULL) THEN CAST(number AS text) END",
    )

    def suspects(self, numbers: list[int], texts: list[bytes], *found: str | None) -> BitMap:
        references, keys, others = found
        words = _WORDS.decode(b"[%b]" % b",".join(texts))
        said = [each.reference for each in words]
        having = [key for key in tax_keys(said) if key]
        suspects = _differing(numbers, said, references or "", "\n") | _numbers(others)
        if len(having) < len(numbers):
            # Some have none: whose a key is, the rows say.
            return BitMap(numbers)
        return suspects | _differing(numbers, having, keys or "", "\n")

    def expected(self, words: list[_Words]) -> list[list[str | None]]:
        references = [each.reference for each in words]
        return [[*references], [key or None for key in tax_keys(references)]]


def _differing(numbers: list[int], expected: Sequence[Line], found: Line, between: Line) -> BitMap:
    """The numbers of the rows of which not the expected line was found; all where no line can be told."""
    if found == between.join(expected) and found.count(between) == len(expected) - 1:
        return BitMap()
    lines = found.split(between)
    if len(lines) != len(numbers):
        return BitMap(numbers)
    return BitMap(compress(numbers, map(ne, lines, expected)))


def _numbers(joined: str | None) -> BitMap:
    return BitMap(map(int, joined.split("\n"))) if joined else BitMap()


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
            missing = set(numbers)
            for row, *values in rows.values_list("number", *columns):
                missing.discard(row)
                expected = columns_for(thing, {**nothing, **said.get(row, {})})
                if values != list(expected.values()):
                    found = _Row(firm, thing, model, row, dict(zip(columns, values, strict=True)))
                    if not found.differs_rightly(expected):
                        what = f"{thing.value} {row}"
                        yield f"The words of {what} in the tables are not those beside the ledger."
            for row in sorted(missing):
                yield f"The ledger has words of {thing.value} {row}, and the tables do not have it."


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
