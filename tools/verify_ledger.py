#!/usr/bin/env python3
"""Checks the export of a Ringfence ledger against checkpoints that its firm signed, without Ringfence.

    python3 verify_ledger.py ledger.jsonl --checkpoint 1234.checkpoint --key 'example.com/…+0123abcd+AW…='

It needs Python 3.9 or later and the package `cryptography`, and nothing else. It proves that no entry up to
the checkpoint was changed, added or left out, and that each word in the export is the one of then.
The public key comes from the firm, once, by a way that you trust. docs/ledger-file.md says what is checked.

Exit codes: 0 proved, 1 refused (the first entry that differs is named), 2 it could not be asked.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

FORM = 1
ENTRY_KEYS = (
    *("entry", "at", "actor_kind", "actor", "command", "self_access"),
    *("previous", "hash", "texts", "body"),
)
TEXT_KEYS = ("text", "thing", "number", "member", "salt", "fields", "withheld")


class NotWhole(Exception):
    """The export or a checkpoint is not what it should be; `entry` is the first that differs, or 0."""

    def __init__(self, sentence: str, entry: int = 0) -> None:
        super().__init__(sentence)
        self.entry = entry


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# --- Signed notes: https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint


def read_key(line: str) -> tuple[str, bytes, bytes]:
    """Name, id and public key of a verifier key; Ed25519 alone."""
    name, _, rest = line.strip().partition("+")
    key_id, _, packed = rest.partition("+")
    key = unpacked(packed)
    if not name or key[:1] != b"\x01" or len(key) != 33:
        raise NotWhole(f"This is no public key: {line.strip()[:200]!r}")
    found = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if found.hex() != key_id:
        raise NotWhole(f"The public key of {name} is damaged.")
    return name, found, key[1:]


def open_checkpoint(note: str, keys: list[tuple[str, bytes, bytes]]) -> tuple[str, int, bytes]:
    """Origin, number and hash of a checkpoint that one of the keys of its origin has signed."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise NotWhole("The checkpoint is no signed note.")
    text += "\n"
    lines = text.split("\n")[:-1]
    if len(lines) < 3 or "" in lines or not re.fullmatch(r"[1-9][0-9]{0,17}", lines[1]):
        raise NotWhole("The checkpoint has no origin, number and hash.")
    origin, head = lines[0], unpacked(lines[2])
    if len(head) != 32:
        raise NotWhole("The checkpoint has no hash.")
    known = {key_id: public for name, key_id, public in keys if name == origin}
    if not known:
        raise NotWhole(f"The checkpoint is of {origin}, and no key given is.")
    good = 0
    for line in signatures[:-1].split("\n"):
        found = re.fullmatch(r"— ([^ +]+) ([A-Za-z0-9+/]+={0,2})", line)
        signature = unpacked(found[2]) if found else b""
        if len(signature) <= 4:
            raise NotWhole("The checkpoint has a line among its signatures that is none.")
        if found is None or found[1] != origin or signature[:4] not in known:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(known[signature[:4]]).verify(signature[4:], text.encode())
        except InvalidSignature:
            raise NotWhole("The signature of the checkpoint does not fit: it was changed.") from None
        good += 1
    if not good:
        raise NotWhole("None of the keys given has signed the checkpoint.")
    return origin, int(lines[1]), head


def unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


# --- The export


def read_line(line: bytes, keys: tuple[str, ...], sentence: str, entry: int) -> dict[str, Any]:
    """One line as a mapping with exactly these keys, written as it was written."""
    try:
        found = json.loads(line.decode("utf-8"))
        same = isinstance(found, dict) and canonical(found) + b"\n" == line
    except (ValueError, RecursionError):
        same = False
    if not same or tuple(found) != keys:
        raise NotWhole(sentence, entry)
    return dict(found)


def whole(*values: object) -> bool:
    """Whether each is a whole number (a JSON `true` is none)."""
    return all(type(value) is int for value in values)


def texts(*values: object) -> bool:
    return all(isinstance(value, str) for value in values)


def understood(event: object) -> bool:
    """Whether it can be read what an event is about."""
    if not isinstance(event, dict) or not texts(event.get("event"), event.get("thing", "")):
        return False
    return whole(event.get("number", 0)) and (event.get("erased") is None or pairs(event["erased"]))


def pairs(value: object) -> bool:
    """Whether it is a list of entries and places in them."""
    return type(value) is list and all(
        type(each) is list and len(each) == 2 and whole(*each) for each in value
    )


class FileProof:
    """What is known of the export so far."""

    def __init__(self, heads: list[tuple[str, int, bytes]]) -> None:
        self.heads = sorted(heads, key=lambda head: head[1])
        self.firm = ""
        self.number = self.texts = self.erased = self.withheld = self.covered = self.at = 0
        self.hash = ""
        self.blanked: dict[tuple[int, int], tuple[str, int] | None] = {}

    def walk(self, given: Iterable[bytes]) -> None:
        lines = iter(given)
        begin = self.begin(next(lines, b""))
        for line in lines:
            self.entry(line, lines)
        if self.number != begin["entries"] or self.hash != begin["head"]:
            raise NotWhole(f"The file ends with entry {self.number}, which is not its last.", self.number + 1)
        if self.heads:
            raise NotWhole(
                f"The file ends with entry {self.number}: the checkpoint proves that there was entry"
                f" {self.heads[-1][1]}.",
                self.number + 1,
            )
        if self.blanked:
            first = min(self.blanked)[0]
            raise NotWhole(
                f"Entry {first} lacks words, and no later entry says that they were erased.", first
            )

    def begin(self, line: bytes) -> dict[str, Any]:
        keys = ("ringfence_ledger", "firm", "entries", "head")
        begin = read_line(line, keys, "This is no export of a ledger.", 0)
        firm = begin["firm"]
        if not whole(begin["ringfence_ledger"], begin["entries"]) or not texts(firm, begin["head"]):
            raise NotWhole("This is no export of a ledger.")
        if begin["ringfence_ledger"] != FORM:
            raise NotWhole(
                f"The export has form {begin['ringfence_ledger']}; this program knows form {FORM}."
            )
        try:
            if str(uuid.UUID(firm)) != firm:
                raise ValueError
        except ValueError:
            raise NotWhole("This is no export of a ledger.") from None
        self.firm = firm
        for origin, _, _ in self.heads:
            if origin.rpartition("/")[2] != firm:
                raise NotWhole("The checkpoint is of another firm's ledger.")
        return begin

    def entry(self, line: bytes, lines: Iterator[bytes]) -> None:
        number = self.number + 1
        row = read_line(line, ENTRY_KEYS, f"Entry {number} cannot be read.", number)
        kinds = texts(*(row[key] for key in ("actor_kind", "command", "previous", "hash", "body")))
        actor = row["actor"] is None or whole(row["actor"])
        if not kinds or not actor or not whole(row["entry"], row["at"], row["texts"]):
            raise NotWhole(f"Entry {number} cannot be read.", number)
        if type(row["self_access"]) is not bool:
            raise NotWhole(f"Entry {number} cannot be read.", number)
        if row["entry"] != number:
            raise NotWhole(f"Entry {number} is missing: entry {row['entry']} comes next.", number)
        if row["at"] < self.at:
            raise NotWhole(f"Entry {number} is dated before the entry in front of it.", number)
        if row["previous"] != self.hash:
            raise NotWhole(f"Entry {number} does not follow on the entry in front of it.", number)
        head = [self.hash, self.firm, number, row["at"], row["actor_kind"], row["actor"]]
        head += [row["command"], row["self_access"]]
        found = hashlib.sha256(canonical(head) + b"\n" + row["body"].encode()).hexdigest()
        if found != row["hash"]:
            raise NotWhole(f"Entry {number} was changed: its hash does not fit what it says.", number)
        self.beside(number, row, lines)
        self.number, self.at, self.hash = number, row["at"], found
        while self.heads and self.heads[0][1] == number:
            if self.heads.pop(0)[2].hex() != found:
                after = f" after entry {self.covered}" if self.covered else ""
                raise NotWhole(
                    f"Entry {number} is not the one of the checkpoint: it was rewritten, or an entry before"
                    f" it{after}.",
                    number,
                )
            self.covered = number

    def beside(self, number: int, row: dict[str, Any], lines: Iterator[bytes]) -> None:
        """The texts of an entry against the digests in its body."""
        try:
            body = json.loads(row["body"])
            digests = base64.b64decode(body["digests"], validate=True)
            events = body["events"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise NotWhole(f"Entry {number} cannot be understood.", number) from None
        if len(digests) != 32 * row["texts"]:
            raise NotWhole(f"Entry {number} has {len(digests) // 32} texts, {row['texts']} are said.", number)
        for slot in range(row["texts"]):
            self.text(number, slot, digests[32 * slot : 32 * slot + 32], next(lines, b""))
        if row["command"].endswith(".erase"):
            if type(events) is not list or not all(map(understood, events)):
                raise NotWhole(f"Entry {number} cannot be understood.", number)
            self.account([event for event in events if event["event"] == "described"])

    def account(self, described: list[dict[str, Any]]) -> None:
        """Take off what an erasure says that it took; one of before this was said may have taken more."""
        said = [event["erased"] for event in described if event.get("erased") is not None]
        for entry, slot in (place for places in said for place in places):
            self.blanked.pop((entry, slot), None)
        if not said:
            taken = {None, *((event.get("thing", ""), event.get("number", 0)) for event in described)}
            self.blanked = {place: whose for place, whose in self.blanked.items() if whose not in taken}

    def text(self, number: int, slot: int, digest: bytes, line: bytes) -> None:
        sentence = f"Text {slot} of entry {number} cannot be read."
        row = read_line(line, TEXT_KEYS, sentence, number)
        named = texts(row["thing"], row["salt"]) and whole(row["text"], row["number"], row["member"])
        if type(row["withheld"]) is not bool:
            raise NotWhole(sentence, number)
        if not named or not (row["fields"] is None or texts(row["fields"])) or row["text"] != slot:
            raise NotWhole(sentence, number)
        try:
            salt = bytes.fromhex(row["salt"])
        except ValueError:
            raise NotWhole(sentence, number) from None
        self.texts += 1
        if row["withheld"] and row["fields"] is None and not salt:
            self.withheld += 1
            return
        if row["fields"] is None and not salt:
            self.erased += 1
            by_number = row["thing"] in ("member", "client")
            self.blanked[number, slot] = (row["thing"], row["number"]) if by_number else None
            return
        words = (row["fields"] or "").encode()
        place = canonical([row["thing"], row["number"], row["member"]])
        nothing = row["withheld"] or row["fields"] is None
        if nothing or hashlib.sha256(salt + place + words).digest() != digest:
            raise NotWhole(f"Text {slot} of entry {number} was changed: it does not fit its digest.", number)


# --- The command line


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check the export of a Ringfence ledger, without Ringfence.")
    parser.add_argument("export", help="the file that `ringfence ledger export` wrote; - for standard input")
    parser.add_argument(
        "--checkpoint", action="append", default=[], help="a signed checkpoint; may be repeated"
    )
    parser.add_argument("--key", action="append", default=[], help="the firm's public key, or a file of them")
    asked = parser.parse_args(arguments)
    if asked.checkpoint and not asked.key:
        parser.error(
            "a checkpoint is looked at with --key: the firm's public key, got by a way that you trust"
        )
    try:
        keys = [read_key(line) for key in asked.key for line in key_lines(key)]
        heads = []
        for path in asked.checkpoint:
            with open(path, encoding="utf-8", newline="") as file:
                heads.append(open_checkpoint(file.read(), keys))
        proof = FileProof(heads)
        if asked.export == "-":
            proof.walk(sys.stdin.buffer)
        else:
            with open(asked.export, "rb") as lines:
                proof.walk(lines)
    except NotWhole as refused:
        print(f"REFUSED. {refused}")
        if refused.entry:
            print(f"The first entry that differs: {refused.entry}")
        return 1
    except (OSError, UnicodeDecodeError) as problem:
        print(f"It cannot be read: {problem}", file=sys.stderr)
        return 2
    print(f"Whole: {proof.number} entries, {proof.texts} texts, {proof.erased} of them erased.")
    if proof.withheld:
        print(f"{proof.withheld} texts are withheld: nothing is proved of them.")
    print(f"Ledger of firm {proof.firm}. Head {proof.hash}")
    if proof.covered:
        print(f"The checkpoint proves entries 1 to {proof.covered}.")
    if proof.covered < proof.number:
        print(f"No checkpoint given proves entries {proof.covered + 1} to {proof.number}.")
    return 0


def key_lines(key: str) -> list[str]:
    """The keys themselves, or those of a file."""
    if re.fullmatch(r"\s*[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+\s*", key):
        return [key]
    with open(key, encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
