"""A ledger changed in the database by somebody who can write there and knows how entries are hashed."""

from __future__ import annotations

from ringfence.core.terms import Instant
from ringfence.firms.models import Firm, LedgerEntry
from ringfence.proof.chain import Head, entry_hash


def rewrite(firm: Firm, entry: int) -> None:
    """Say something else of the entry, and hash it and all later ones anew."""
    LedgerEntry.objects.filter(firm=firm, number=entry).update(self_access=True)
    previous = b""
    for row in LedgerEntry.objects.filter(firm=firm).order_by("number"):
        head = Head(
            previous=previous,
            firm=firm.uid,
            number=row.number,
            at=Instant(row.at),
            actor_kind=row.actor_kind,
            actor=row.actor,
            command=row.command,
            self_access=row.self_access,
        )
        made = entry_hash(head, bytes(row.body))
        LedgerEntry.objects.filter(firm=firm, number=row.number).update(previous=previous, hash=made)
        previous = made
    Firm.objects.filter(pk=firm.pk).update(head=previous)
