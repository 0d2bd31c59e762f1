"""Checks files that a firm signed with Ringfence. Needs Python and `pip install cryptography`, no Ringfence.

Call it with the firm's public key and the files, each with its .sig beside it.
"""

import base64
import hashlib
import pathlib
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def fault(key: str, path: pathlib.Path) -> str:
    """What is wrong with the file; empty for nothing."""
    name, number, packed = key.strip().split("+", 2)
    note = path.with_name(path.name + ".sig").read_text("utf-8")
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        _dash, signer, signed = line.split(" ")
        signature = base64.b64decode(signed)
        if (signer, signature[:4].hex()) == (name, number):
            break
    else:
        return "it is not signed with this key"
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(packed)[1:]).verify(signature[4:], text.encode())
    except InvalidSignature:
        return "the signature was changed"
    form, called, digest = text.splitlines()
    if form != "ringfence file v1" or called != path.name:
        return f"the signature is of another file: {called}"
    if base64.b64decode(digest) != hashlib.sha256(path.read_bytes()).digest():
        return "the file was changed after it was signed"
    return ""


def main() -> int:
    """Say of each file whether it is as it was signed; 1 where one is not."""
    key, *names = sys.argv[1:]
    faults = {name: fault(key, pathlib.Path(name)) for name in names}
    for name, wrong in faults.items():
        print(f"{name}: {wrong or 'as it was signed'}")
    return 1 if any(faults.values()) or not names else 0


if __name__ == "__main__":
    sys.exit(main())
