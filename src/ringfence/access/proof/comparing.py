"""Checkpoints against the ledger as the database has it."""

import msgspec
from django.db.models import F, OuterRef, Subquery

from ringfence.access.connection import answering
from ringfence.core.terms import Instant
from ringfence.firms.models import Firm, LedgerEntry, SignedCheckpoint
from ringfence.proof.notes import BadNote
from ringfence.proof.signed_checkpoints import LedgerHead, unproved_head


class LedgerBreak(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger no longer holds what the firm itself has signed."""

    entry: int
    """The last entry of the first checkpoint that it does not fit: at or before it something was changed."""
    signed: Instant
    """When that checkpoint was signed."""
    fits: int
    """The last entry of the newest checkpoint that it fits: up to there nothing was; 0 for none."""


def ledger_break(firm: int) -> LedgerBreak | None:
    """Where the firm's ledger was rewritten after it was signed; None where it fits its last checkpoint.

    One statement while it fits. Raises `StateUnavailable`.
    """
    entries = LedgerEntry.objects.filter(firm=firm, number=OuterRef("entry"))
    rows = (
        SignedCheckpoint.objects.filter(firm=firm)
        .annotate(uid=F("firm__uid"), found=Subquery(entries.values("hash")[:1]))
        .order_by("-entry")
        .values_list("entry", "made_at", "note", "uid", "found")
    )
    broken: LedgerBreak | None = None
    with answering():
        newest = rows.first()
        if newest is None or _fits(*newest[2:]):
            return None
        for entry, made_at, *kept in rows:
            if _fits(*kept):
                return msgspec.structs.replace(broken, fits=entry) if broken else None
            broken = LedgerBreak(entry=entry, signed=Instant(made_at), fits=0)
    return broken


def _fits(note: str, uid: object, found: bytes | None) -> bool:
    try:
        head = unproved_head(note)
    except BadNote:
        return False
    return head.uid == str(uid) and found is not None and bytes(found) == head.hash


def unlike_ledger(firm: Firm, head: LedgerHead) -> str:
    """What is wrong where the firm's ledger is not the one of the checkpoint; empty where it is.

    That the ledger is whole in itself is for `access.verify`. Raises `StateUnavailable`.
    """
    if head.uid != str(firm.uid):
        return "The checkpoint is of another firm's ledger."
    with answering():
        rows = LedgerEntry.objects.filter(firm=firm, number=head.entry)
        found = rows.values_list("hash", flat=True).first()
    if found is None:
        return f"The ledger ends before entry {head.entry}, which the checkpoint proves: entries are missing."
    if bytes(found) != head.hash:
        return (
            f"Entry {head.entry} is not the one of the checkpoint: it was rewritten, or an entry before it."
        )
    return ""
