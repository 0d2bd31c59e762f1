"""The words in the tables against the words beside the ledger: each must be the last that was given.

Both are read in order of number and compared as they pass, so a firm of any size takes the same memory.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from django.db import models

from ringfence.access.writing.tables.words import Fields, columns_for
from ringfence.core.directory import reference_key, unique_key
from ringfence.core.state.register import RESTORABLE
from ringfence.core.terms import Thing
from ringfence.firms.models import Client, Engagement, Firm, Group, Member, Service, Wall

from .chain import decode_fields
from .texts import texts_of_kind

ROWS = 5_000
"""Rows read at once."""

Columns = dict[str, str | None]

NAMED: tuple[tuple[Thing, type[models.Model], tuple[str, ...]], ...] = (
    (Thing.MEMBER, Member, ("name", "email")),
    (Thing.GROUP, Group, ("name",)),
    (Thing.SERVICE, Service, ("name",)),
    (Thing.WALL, Wall, ("name",)),
    (Thing.CLIENT, Client, ("name", "reference", "kind")),
    (Thing.ENGAGEMENT, Engagement, ("reference",)),
)
"""Which fields of a text lie in which table."""


def names_that_differ(firm: int) -> Iterator[str]:
    """A sentence for each row whose words are not those of the ledger's texts; keys are compared too."""
    for thing, model, fields in NAMED:
        nothing = dict.fromkeys(fields, "")
        columns = list(columns_for(thing, nothing))
        said = _said(firm, thing)
        number, words = next(said, _END)
        rows = model._default_manager.filter(firm=firm).order_by("number").values_list("number", *columns)
        for row, *values in rows.iterator(chunk_size=ROWS):
            while number < row:
                number, words = next(said, _END)
            expected = columns_for(thing, {**nothing, **words} if number == row else nothing)
            if values != list(expected.values()):
                has = dict(zip(columns, values, strict=True))
                if not _Row(firm, thing, model, row, has).differs_rightly(expected):
                    yield f"The words of {thing.value} {row} in the tables are not those beside the ledger."


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


_END: tuple[int, Fields] = (2**63, {})


def _said(firm: int, thing: Thing) -> Iterator[tuple[int, Fields]]:
    """Each thing's last words by number; none of what was erased."""
    for number, given in groupby(texts_of_kind(firm, thing), key=lambda row: row[0]):
        words: Fields = {}
        for _, text in given:
            words = {} if text is None else {**words, **decode_fields(text)}
        yield number, words
