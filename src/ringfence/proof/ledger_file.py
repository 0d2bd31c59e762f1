"""The file from which a ledger proves itself: its form, and the proof, as docs/ledger-file.md has both.

JSON Lines, UTF-8. The first line says which firm's ledger it is, how many entries it has and the last hash.
Each entry is a line; the texts beside it follow it, a line each, in order. A line is canonical (no spaces,
keys in the order of the structs here) and holds nothing that is not hashed: nothing is slipped in unproved.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NoReturn
from uuid import UUID

import msgspec

from ringfence.core.terms import Instant

from .chain import FIRST, Head, entry_hash, text_digest_of
from .signed_checkpoints import LedgerHead

FORM = 1
"""The number of this form."""
DIGEST = 32
"""Bytes of a text's digest."""
ERASING = ".erase"
"""What the commands that erase words end with."""
ERASED_BY_ITSELF = frozenset({"member", "client"})
"""Of an erasure that does not say which texts it took: things of which it names the number. Of others it may
have taken any words of before."""


class Begin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line."""

    ringfence_ledger: int
    firm: UUID
    entries: int
    head: str


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry: what its hash is of (`chain.entry_hash`), and that."""

    entry: int
    at: int
    actor_kind: str
    actor: int | None
    command: str
    self_access: bool
    previous: str
    hash: str
    texts: int
    """How many lines of texts follow."""
    body: str


class TextLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One text beside the entry; without salt and fields where it was erased or is withheld."""

    text: int
    """Its place among the entry's texts, from 0."""
    thing: str
    number: int
    member: int
    salt: str
    fields: str | None
    withheld: bool
    """Whether whoever took the export may not read it whole; nothing is proved of it, and it is counted."""


class FileReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; `entry` is the first that differs where there is a `problem`, 0 for the file itself."""

    firm: str = ""
    entries: int = 0
    texts: int = 0
    erased: int = 0
    withheld: int = 0
    head: str = ""
    covered: int = 0
    """The last entry that a checkpoint proves; entries after it are whole in themselves alone."""
    entry: int = 0
    problem: str = ""


encode_line = msgspec.json.Encoder().encode
_BEGIN = msgspec.json.Decoder(Begin)
_ENTRY = msgspec.json.Decoder(LedgerLine)
_TEXT = msgspec.json.Decoder(TextLine)


class _Differs(Exception):
    def __init__(self, entry: int, sentence: str) -> None:
        super().__init__(sentence)
        self.entry = entry


class _Event(msgspec.Struct):
    event: str
    thing: str = ""
    number: int = 0
    erased: list[tuple[int, int]] | None = None


class _Body(msgspec.Struct):
    digests: str
    events: msgspec.Raw


_BODY = msgspec.json.Decoder(_Body)
_EVENTS = msgspec.json.Decoder(list[_Event])


def prove_file(lines: Iterable[bytes], against: Sequence[LedgerHead] = ()) -> FileReport:
    """Prove a ledger's file, and that its entries are those of the checkpoints, up to the first fault.

    Each checkpoint's signature was looked at before (`signed_checkpoints.open_checkpoint`).
    """
    proof = _Proof(against)
    try:
        proof.walk(iter(lines))
    except _Differs as found:
        return proof.report(found.entry, str(found))
    return proof.report(0, "")


class _Proof:
    def __init__(self, against: Sequence[LedgerHead]) -> None:
        self._against = sorted(against, key=lambda head: head.entry)
        self._firm = ""
        self._number = self._texts = self._erased = self._withheld = self._covered = 0
        self._at = Instant(0)
        self._hash = FIRST
        self._blanked: dict[tuple[int, int], tuple[str, int] | None] = {}
        """The texts without words that no erasure has accounted for yet, by entry and place, in their order:
        the member or client whose words they are said to have been, None for others."""

    def report(self, entry: int, problem: str) -> FileReport:
        return FileReport(
            firm=self._firm,
            entries=self._number,
            texts=self._texts,
            erased=self._erased,
            withheld=self._withheld,
            head=self._hash.hex(),
            covered=self._covered,
            entry=entry,
            problem=problem,
        )

    def walk(self, lines: Iterator[bytes]) -> None:
        begin = self._begin(next(lines, b""))
        for line in lines:
            self._entry(line, begin, lines)
        if self._number != begin.entries or self._hash.hex() != begin.head:
            self._differs(
                self._number + 1, f"The file ends with entry {self._number}: {begin.entries} were said."
            )
        if self._against:
            missing = self._against[-1].entry
            self._differs(
                self._number + 1,
                f"The file ends with entry {self._number}: the checkpoint proves that there was entry"
                f" {missing}.",
            )
        if self._blanked:
            first = min(self._blanked)[0]
            self._differs(first, f"Entry {first} lacks words, and no later entry says that they were erased.")

    def _begin(self, line: bytes) -> Begin:
        try:
            begin = _BEGIN.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._differs(0, "This is no export of a ledger.")
        if begin.ringfence_ledger != FORM:
            self._differs(0, f"The export has form {begin.ringfence_ledger}; form {FORM} is known here.")
        if encode_line(begin) + b"\n" != line:
            self._differs(0, "The first line is not as it was written.")
        self._firm = str(begin.firm)
        for head in self._against:
            if head.uid != self._firm:
                self._differs(0, "The checkpoint is of another firm's ledger.")
        return begin

    def _entry(self, line: bytes, begin: Begin, lines: Iterator[bytes]) -> None:
        expected = self._number + 1
        try:
            entry = _ENTRY.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._differs(expected, f"Entry {expected} cannot be read.")
        if encode_line(entry) + b"\n" != line:
            self._differs(expected, f"The line of entry {expected} is not as it was written.")
        if entry.entry != expected:
            self._differs(expected, f"Entry {expected} is missing: entry {entry.entry} comes next.")
        if entry.at < self._at:
            self._differs(expected, f"Entry {expected} is dated before the entry in front of it.")
        if entry.previous != self._hash.hex():
            self._differs(expected, f"Entry {expected} does not follow on the entry in front of it.")
        head = Head(
            previous=self._hash,
            firm=begin.firm,
            number=entry.entry,
            at=Instant(entry.at),
            actor_kind=entry.actor_kind,
            actor=entry.actor,
            command=entry.command,
            self_access=entry.self_access,
        )
        found = entry_hash(head, entry.body.encode())
        if found.hex() != entry.hash:
            self._differs(expected, f"Entry {expected} was changed: its hash does not fit what it says.")
        self._check_texts(entry, lines)
        self._number, self._at, self._hash = expected, Instant(entry.at), found
        self._check_heads()

    def _check_heads(self) -> None:
        while self._against and self._against[0].entry == self._number:
            head = self._against.pop(0)
            if head.hash != self._hash:
                after = f" after entry {self._covered}" if self._covered else ""
                self._differs(
                    self._number,
                    f"Entry {self._number} is not the one of the checkpoint: it was rewritten, or an entry"
                    f" before it{after}.",
                )
            self._covered = self._number

    def _check_texts(self, entry: LedgerLine, lines: Iterator[bytes]) -> None:
        number = entry.entry
        try:
            body = _BODY.decode(entry.body)
            digests = base64.b64decode(body.digests, validate=True)
        except (msgspec.MsgspecError, binascii.Error, ValueError, RecursionError):
            self._differs(number, f"Entry {number} cannot be understood.")
        if len(digests) != entry.texts * DIGEST:
            self._differs(
                number, f"Entry {number} has {len(digests) // DIGEST} texts, {entry.texts} are said."
            )
        for slot in range(entry.texts):
            self._check_text(number, slot, digests[slot * DIGEST : (slot + 1) * DIGEST], next(lines, b""))
        if entry.command.endswith(ERASING):
            try:
                events = _EVENTS.decode(body.events)
            except (msgspec.MsgspecError, RecursionError):
                self._differs(number, f"Entry {number} cannot be understood.")
            self._account([event for event in events if event.event == "described"])

    def _account(self, described: Sequence[_Event]) -> None:
        """Take off what an erasure says that it took; one that does not say may have taken more."""
        said = [event.erased for event in described if event.erased is not None]
        for place in chain.from_iterable(said):
            self._blanked.pop(place, None)
        if not said:
            taken = {None, *((event.thing, event.number) for event in described)}
            self._blanked = {place: whose for place, whose in self._blanked.items() if whose not in taken}

    def _check_text(self, number: int, slot: int, digest: bytes, line: bytes) -> None:
        try:
            text = _TEXT.decode(line)
            salt = bytes.fromhex(text.salt)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError):
            self._differs(number, f"Text {slot} of entry {number} cannot be read.")
        if text.text != slot or encode_line(text) + b"\n" != line:
            self._differs(number, f"Text {slot} of entry {number} is not as it was written.")
        self._texts += 1
        if text.withheld and text.fields is None and not salt:
            self._withheld += 1
        elif text.fields is None and not salt:
            self._erased += 1
            key = (text.thing, text.number) if text.thing in ERASED_BY_ITSELF else None
            self._blanked[number, slot] = key
        elif text.withheld or text.fields is None or _digest(text, salt) != digest:
            self._differs(number, f"Text {slot} of entry {number} was changed: it does not fit its digest.")

    def _differs(self, entry: int, sentence: str) -> NoReturn:
        raise _Differs(entry, sentence)


def _digest(text: TextLine, salt: bytes) -> bytes:
    return text_digest_of(salt, text.thing, text.number, text.member, text.fields or "")
