"""What a firm proves to people who do not trust it: keys, signed checkpoints, files that it has signed."""

from .comparing import LedgerBreak, ledger_break, unlike_ledger
from .keys import KnownKey, keys_of, rotate_key, sign_file, signing_key
from .ledger_lines import ledger_lines
from .publishing import (
    HowPublished,
    PublishingWay,
    UnfitPublishing,
    due_firms,
    how_published,
    note_looked,
    set_publishing,
)
from .signing import (
    LedgerRewritten,
    PublishedCheckpoint,
    checkpoint_count,
    checkpoint_of,
    checkpoints_signed,
    keep_stamp,
    note_sent,
    sign_now,
)
from .stamping import NoStamp, Stamped, ask_stamp, read_stamp

__all__ = [
    "HowPublished",
    "KnownKey",
    "LedgerBreak",
    "LedgerRewritten",
    "NoStamp",
    "PublishedCheckpoint",
    "PublishingWay",
    "Stamped",
    "UnfitPublishing",
    "ask_stamp",
    "checkpoint_count",
    "checkpoint_of",
    "checkpoints_signed",
    "due_firms",
    "how_published",
    "keep_stamp",
    "keys_of",
    "ledger_break",
    "ledger_lines",
    "note_looked",
    "note_sent",
    "read_stamp",
    "rotate_key",
    "set_publishing",
    "sign_file",
    "sign_now",
    "signing_key",
    "unlike_ledger",
]
