"""The words in the tables against the words beside the ledger: each must be the last that was given.

Both are read in order of number and compared as they pass, so a firm of any size takes the same memory.
"""

from collections.abc import Iterator
from itertools import groupby

from django.db import models

from ringfence.access.writing.tables.words import Fields, columns_for
from ringfence.core.terms import Thing
from ringfence.firms.models import Client, Engagement, Group, LedgerText, Member, Service, Wall

from .chain import decode_fields

ROWS = 5_000
"""Rows read at once."""

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
                yield f"The words of {thing.value} {row} in the tables are not those beside the ledger."


_END: tuple[int, Fields] = (2**63, {})


def _said(firm: int, thing: Thing) -> Iterator[tuple[int, Fields]]:
    """Each thing's last words by number; none of what was erased."""
    rows = LedgerText.objects.filter(firm=firm, thing=thing.value).order_by("number", "entry", "slot")
    texts = rows.values_list("number", "text").iterator(chunk_size=ROWS)
    for number, given in groupby(texts, key=lambda row: row[0]):
        words: Fields = {}
        for _, text in given:
            words = {} if text is None else {**words, **decode_fields(text)}
        yield number, words
