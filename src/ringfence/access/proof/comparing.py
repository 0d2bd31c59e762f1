"""A checkpoint against the ledger as the database has it."""

from ringfence.access.connection import answering
from ringfence.firms.models import Firm, LedgerEntry
from ringfence.proof.signed_checkpoints import LedgerHead


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
