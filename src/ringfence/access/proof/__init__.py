"""What a firm proves to people who do not trust it: keys, signed checkpoints, files that it has signed."""

from .keys import KnownKey, keys_of, rotate_key, sign_file, signing_key

__all__ = ["KnownKey", "keys_of", "rotate_key", "sign_file", "signing_key"]
