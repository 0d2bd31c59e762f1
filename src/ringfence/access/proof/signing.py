"""Signing where a firm's ledger stands, and keeping what was signed: never two that do not fit together."""

from __future__ import annotations

import msgspec
from django.db import transaction

from ringfence.access.clock import clock
from ringfence.access.connection import answering
from ringfence.core.terms import Instant
from ringfence.firms.models import Firm, SignedCheckpoint
from ringfence.proof.notes import BadNote
from ringfence.proof.signed_checkpoints import LedgerHead, sign_head, unproved_head
from ringfence.store.sources import FirmUnknown

from .comparing import unlike_ledger
from .keys import signing_key


class LedgerRewritten(Exception):
    """The ledger no longer holds what a checkpoint of it has proved: nothing is signed any more.

    The message says which entry. `ringfence ledger verify` and a backup show what happened.
    """


class PublishedCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One that was signed, and how far it got."""

    firm: int
    uid: str
    entry: int
    at: Instant
    note: str
    stamp: bytes
    """An authority's answer about it (RFC 3161), empty for none."""
    sent: dict[str, str]
    """By `PublishingWay`, empty for sent, else a code of `wording.proof` that says why not."""

    @property
    def name(self) -> str:
        """What its file is called."""
        return f"{self.entry}.checkpoint"


def sign_now(firm: int) -> PublishedCheckpoint:
    """The checkpoint of the ledger's last entry; the one that is there where nothing has happened since.

    Raises `LedgerRewritten` where the last one does not fit the ledger, `Unsealable`, `FirmUnknown`,
    `StateUnavailable`.
    """
    # Where it makes a key, that is an entry: so before it is asked where the ledger ends.
    signing_key(firm)
    with answering(), transaction.atomic():
        row = Firm.objects.select_for_update().filter(pk=firm).first()
        if row is None:
            raise FirmUnknown(f"no firm has the id {firm}")
        # Only now: a key that was replaced a moment ago signs nothing any more.
        number, key = signing_key(firm)
        last = SignedCheckpoint.objects.filter(firm=firm).order_by("-entry").first()
        if last is not None:
            _need_consistent(row, last)
        if last is None or last.entry < row.version or last.key != number:
            head = LedgerHead(origin=key.verifier.name, entry=row.version, hash=bytes(row.head))
            values = {
                "key": number,
                "made_at": clock(),
                "note": sign_head(head, key),
                "stamp": b"",
                "sent": {},
            }
            SignedCheckpoint.objects.update_or_create(firm_id=firm, entry=row.version, defaults=values)
    return checkpoints_signed(firm, 1)[0]


def _need_consistent(row: Firm, last: SignedCheckpoint) -> None:
    try:
        problem = unlike_ledger(row, unproved_head(last.note))
    except BadNote:
        problem = f"The checkpoint of entry {last.entry} that is kept was changed."
    if problem:
        raise LedgerRewritten(f"{row.name}: no checkpoint is signed. {problem}")


def checkpoints_signed(firm: int, count: int, skip: int = 0) -> list[PublishedCheckpoint]:
    """The last ones but for so many, newest first. Raises `StateUnavailable`."""
    with answering():
        rows = SignedCheckpoint.objects.filter(firm=firm).select_related("firm").order_by("-entry")
        return [_read(row) for row in rows[skip : skip + count]]


def checkpoint_count(firm: int) -> int:
    """How many were signed. Raises `StateUnavailable`."""
    with answering():
        return SignedCheckpoint.objects.filter(firm=firm).count()


def checkpoint_of(firm: int, entry: int) -> PublishedCheckpoint | None:
    """The one of this entry. Raises `StateUnavailable`."""
    with answering():
        row = SignedCheckpoint.objects.filter(firm=firm, entry=entry).select_related("firm").first()
    return _read(row) if row is not None else None


def note_sent(firm: int, entry: int, came_of: dict[str, str]) -> None:
    """Write down by which ways it went out, or why not."""
    with answering(), transaction.atomic():
        row = SignedCheckpoint.objects.select_for_update().filter(firm=firm, entry=entry).first()
        if row is not None:
            rows = SignedCheckpoint.objects.filter(firm=firm, entry=entry)
            rows.update(sent={**row.sent, **came_of})


def keep_stamp(firm: int, entry: int, stamp: bytes) -> None:
    """Keep what an authority answered."""
    with answering():
        SignedCheckpoint.objects.filter(firm=firm, entry=entry).update(stamp=stamp)


def _read(row: SignedCheckpoint) -> PublishedCheckpoint:
    return PublishedCheckpoint(
        firm=row.firm_id,
        uid=str(row.firm.uid),
        entry=row.entry,
        at=Instant(row.made_at),
        note=row.note,
        stamp=bytes(row.stamp),
        sent=row.sent,
    )
