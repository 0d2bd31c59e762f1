"""A small ledger as the file from which it proves itself, made of the chain alone; and how to alter it."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from ringfence.core import events as e
from ringfence.core.terms import Instant, Thing
from ringfence.proof.chain import FIRST, Head, encode_fields, entry_hash, text_digest
from ringfence.proof.ledger_file import FORM, Begin, LedgerLine, TextLine, encode_line
from ringfence.proof.notes import SigningKey
from ringfence.proof.signed_checkpoints import LedgerHead
from ringfence.store.body import Body, encode_body

FIRM = UUID("6f0c1a52-9f3d-4f43-8a8e-0c4a7e1d2b11")
KEY = SigningKey(f"example.com/{FIRM}", bytes(range(32)))

Entry = tuple[LedgerLine, list[TextLine]]


def text(slot: int, thing: str, number: int, **fields: str) -> TextLine:
    words = encode_fields(fields).decode()
    return TextLine(
        text=slot,
        thing=thing,
        number=number,
        member=0,
        salt=bytes([slot + 1] * 16).hex(),
        fields=words,
        withheld=False,
    )


TOOK = ((2, 0), (4, 0))
"""What the erasure of the ledger took: entry and place."""


def plain_ledger(took: tuple[tuple[int, int], ...] | None = None) -> list[Entry]:
    """Six entries: members and clients with names, and one member erased; its hashes not set yet.

    `took` is what the erasure says that it took; those of old do not say it.
    """
    said: list[tuple[str, tuple[e.Event, ...], list[TextLine]]] = [
        (
            "firm.create",
            (e.Described(thing=Thing.FIRM, number=0),),
            [text(0, "firm", 0, name="Ward “&” Söhne")],
        ),
        ("member.add", (), [text(0, "member", 1, name="Ann\u0007\u007f", email="ann@example.com")]),
        ("client.add", (), [text(0, "client", 1, name="Acme"), text(1, "entry", 0, reason="new\nclient")]),
        ("member.change", (), [text(0, "member", 1, name="Anna")]),
        ("member.erase", (e.Described(thing=Thing.MEMBER, number=1, erased=took),), []),
        ("client.change", (), [text(0, "client", 1, name="Acme Ltd")]),
    ]
    found = []
    for number, (command, events, texts) in enumerate(said, start=1):
        digests = tuple(digest_of(each) for each in texts)
        line = LedgerLine(
            entry=number,
            at=1_000_000 * number,
            actor_kind="member" if number > 1 else "operator",
            actor=1 if number > 1 else None,
            command=command,
            self_access=False,
            previous="",
            hash="",
            texts=len(texts),
            body=encode_body(Body(events=events, digests=digests)).decode(),
        )
        blank = [erased(each) if each.thing == "member" else each for each in texts]
        found.append((line, blank))
    return found


def erased(line: TextLine) -> TextLine:
    return msgspec.structs.replace(line, salt="", fields=None)


def digest_of(line: TextLine) -> bytes:
    return text_digest(
        bytes.fromhex(line.salt), Thing(line.thing), line.number, line.member, (line.fields or "").encode()
    )


def chained(entries: Sequence[Entry]) -> list[Entry]:
    """The same with hashes that fit, as who rewrites a ledger would make them."""
    previous, found = FIRST, []
    for line, texts in entries:
        head = Head(
            previous=previous,
            firm=FIRM,
            number=line.entry,
            at=Instant(line.at),
            actor_kind=line.actor_kind,
            actor=line.actor,
            command=line.command,
            self_access=line.self_access,
        )
        made = entry_hash(head, line.body.encode())
        found.append((msgspec.structs.replace(line, previous=previous.hex(), hash=made.hex()), texts))
        previous = made
    return found


def lines_of(entries: Sequence[Entry]) -> list[bytes]:
    last = entries[-1][0]
    begin = Begin(ringfence_ledger=FORM, firm=FIRM, entries=last.entry, head=last.hash)
    found = [encode_line(begin) + b"\n"]
    for line, texts in entries:
        found += [encode_line(line) + b"\n", *(encode_line(each) + b"\n" for each in texts)]
    return found


def head_after(entries: Sequence[Entry], number: int) -> LedgerHead:
    line = entries[number - 1][0]
    return LedgerHead(origin=KEY.verifier.name, entry=number, hash=bytes.fromhex(line.hash))


LEDGER = chained(plain_ledger())
LINES = lines_of(LEDGER)
SAYING = chained(plain_ledger(TOOK))
"""The same, with an erasure that says what it took."""
