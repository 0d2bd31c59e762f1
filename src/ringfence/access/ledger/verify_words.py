"""What of a proof can be done beside the rest: the texts against the digests, the tables against the texts.

Each part reads for itself all that it needs, and tells of which moment. They find whether all is right and
not what is wrong: that is told by the proof that goes through everything in order (`verify.py`).
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import QuerySet
from django.db.models.functions import Length

from ringfence.access.connection import going_through
from ringfence.firms.models import Firm, LedgerEntry
from ringfence.proof.ledger_file import ERASING
from ringfence.store.body import decode_digests, decode_parts

from .text_columns import TextsBeside
from .verify_names import NamesInBulk, names_that_differ
from .verify_texts import TextsProved

BYTES = 1_000_000
"""Of entries read at once: one of a long list has more, and is read by itself."""


class TextsFit(NamedTuple):
    """How many texts of a ledger were proved, and of how many nothing is left to be proved."""

    head: bytes
    """The hash of the entry with which the ledger ended."""
    texts: int
    erased: int


def texts_fit(firm: int) -> TextsFit | None:
    """Hold every text against its entry's digest; None where one does not fit."""
    with going_through():
        head = _head(firm)
        texts = TextsProved(firm, _nobody_asks)
        for number, command, body in _bodies(firm):
            if any(texts.differing(number, decode_digests(body))):
                return None
            if command.endswith(ERASING):
                texts.account(command, decode_parts(body)[0])
        return None if any(texts.left()) else TextsFit(head, texts.count, texts.erased)


def words_fit(firm: int) -> bytes | None:
    """Hold the words in the tables against the texts, which are taken as true.

    Returns the hash of the entry with which the ledger ended; None where a word differs.
    """
    with going_through():
        names, beside = NamesInBulk(firm), TextsBeside(firm)
        for entry in range(1, Firm.objects.get(pk=firm).version + 1):
            for some in beside.of(entry):
                names.said(some.thing, some.numbers, some.texts)
        differ = any(True for _ in names_that_differ(firm, names.left_over()))
        return None if differ else _head(firm)


def _head(firm: int) -> bytes:
    return bytes(Firm.objects.values_list("head", flat=True).get(pk=firm))


def _bodies(firm: int) -> Iterator[tuple[int, str, bytes]]:
    for entries in pages(firm):
        for number, command, body in entries.values_list("number", "command", "body"):
            yield number, command, bytes(body)


def pages(firm: int) -> Iterator[QuerySet[LedgerEntry]]:
    """The entries of a firm in their order, as many at a time as are to be held together."""
    rows = LedgerEntry.objects.filter(firm=firm).order_by("number")
    after, last, held = 0, 0, 0
    for number, size in list(rows.filter(number__gt=0).values_list("number", Length("body"))):
        if last > after and held + size > BYTES:
            yield rows.filter(number__gt=after, number__lte=last)
            after, held = last, 0
        last, held = number, held + size
    if last > after:
        yield rows.filter(number__gt=after, number__lte=last)


def _nobody_asks(*_texts: object) -> None:
    pass
