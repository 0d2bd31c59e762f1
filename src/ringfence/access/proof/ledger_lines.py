"""A firm's ledger as the file from which it proves itself (`proof.ledger_file`), line by line."""

from collections.abc import Collection, Iterator
from itertools import groupby

from django.db.models import Q

from ringfence.access.connection import answering, reading
from ringfence.access.ledger.texts import StoredText, stored_texts
from ringfence.core.terms import Thing
from ringfence.firms.models import Firm, LedgerEntry
from ringfence.proof.ledger_file import FORM, Begin, LedgerLine, TextLine, encode_line
from ringfence.store.sources import FirmUnknown

PAGE = 8
"""Entries read at once: those of long lists have megabytes each."""


def ledger_lines(firm: int, withhold: Collection[Thing] = ()) -> Iterator[bytes]:
    """Every line, all of one moment; words about things of these kinds are left out, and said to be.

    Raises `FirmUnknown`, `StateUnavailable`.
    """
    withheld = frozenset(thing.value for thing in withhold)
    with answering(), reading():
        row = Firm.objects.filter(pk=firm).first()
        if row is None:
            raise FirmUnknown(f"no firm has the id {firm}")
        begin = Begin(ringfence_ledger=FORM, firm=row.uid, entries=row.version, head=bytes(row.head).hex())
        yield encode_line(begin) + b"\n"
        texts = groupby(stored_texts(firm, Q(entry__lte=row.version)), key=lambda text: text.entry)
        beside = next(texts, None)
        for entry in _rows(firm, row.version):
            told: list[bytes] = []
            if beside is not None and beside[0] == entry.number:
                told = [_text(text, text.thing in withheld) for text in beside[1]]
                beside = next(texts, None)
            yield _entry(entry, len(told))
            yield from told


def _rows(firm: int, until: int) -> Iterator[LedgerEntry]:
    last = 0
    while last < until:
        rows = LedgerEntry.objects.filter(firm=firm, number__gt=last, number__lte=until)
        page = list(rows.order_by("number")[:PAGE])
        if not page:
            return
        yield from page
        last = page[-1].number


def _entry(row: LedgerEntry, texts: int) -> bytes:
    line = LedgerLine(
        entry=row.number,
        at=row.at,
        actor_kind=row.actor_kind,
        actor=row.actor,
        command=row.command,
        self_access=row.self_access,
        previous=bytes(row.previous).hex(),
        hash=bytes(row.hash).hex(),
        texts=texts,
        body=bytes(row.body).decode(),
    )
    return encode_line(line) + b"\n"


def _text(text: StoredText, withheld: bool) -> bytes:
    # Of what was erased nothing is left to be withheld.
    withheld = withheld and text.text is not None
    line = TextLine(
        text=text.slot,
        thing=text.thing,
        number=text.number,
        member=text.member,
        salt="" if withheld else text.salt.hex(),
        fields=None if withheld else text.text,
        withheld=withheld,
    )
    return encode_line(line) + b"\n"
