"""What a firm proves to people who do not trust it: keys, signed checkpoints, files that it has signed."""

from .comparing import unlike_ledger
from .keys import KnownKey, keys_of, rotate_key, sign_file, signing_key
from .ledger_lines import ledger_lines

__all__ = [
    "KnownKey",
    "keys_of",
    "ledger_lines",
    "rotate_key",
    "sign_file",
    "signing_key",
    "unlike_ledger",
]
