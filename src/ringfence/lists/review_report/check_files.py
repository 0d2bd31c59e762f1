"""Checks files that a firm signed with Ringfence. Needs Python and `pip install cryptography`, no Ringfence.

Call it with the firm's public key and the files, each with its .sig beside it.
"""

import base64
import hashlib
import pathlib
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def public_key(key: str) -> tuple[str, str, Ed25519PublicKey]:
    """The name and number of a key as a firm hands it out, and the key itself. Raises ValueError."""
    name, number, packed = key.strip().split("+", 2)
    return name, number, Ed25519PublicKey.from_public_bytes(base64.b64decode(packed, validate=True)[1:])


def fault(key: tuple[str, str, Ed25519PublicKey], path: pathlib.Path) -> str:
    """What is wrong with the file; empty for nothing."""
    beside = path.with_name(path.name + ".sig")
    try:
        content = path.read_bytes()
        note = beside.read_bytes()
    except FileNotFoundError as missing:
        if missing.filename == str(path):
            return "there is no such file"
        return f"there is no {beside.name} beside it: without its signature nothing proves it"
    except OSError as problem:
        return f"it cannot be read: {problem.strerror}"
    try:
        return fault_of(key, path.name, content, note.decode())
    except ValueError:
        return "its signature cannot be read: it was changed, or is none"


def fault_of(key: tuple[str, str, Ed25519PublicKey], file: str, content: bytes, note: str) -> str:
    """The same of what was read. Raises ValueError where the note is none."""
    name, number, public = key
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        _dash, signer, signed = line.split(" ")
        signature = base64.b64decode(signed, validate=True)
        if (signer, signature[:4].hex()) == (name, number):
            break
    else:
        return "it is not signed with this key"
    try:
        public.verify(signature[4:], text.encode())
    except InvalidSignature:
        return "the signature was changed"
    form, called, digest = text.splitlines()
    if form != "ringfence file v1" or called != file:
        return f"the signature is of another file: {called}"
    if base64.b64decode(digest) != hashlib.sha256(content).digest():
        return "the file was changed after it was signed"
    return ""


def main() -> int:
    """Say of each file whether it is as it was signed; 1 where one is not."""
    if len(sys.argv) < 3:
        print(f"Call it like this: python {sys.argv[0]} KEY FILE ...", file=sys.stderr)
        return 1
    given, *names = sys.argv[1:]
    try:
        key = public_key(given)
    except ValueError:
        print(
            "The first argument is no public key of a firm: give it as the firm hands it out.",
            file=sys.stderr,
        )
        return 1
    faults = {name: fault(key, pathlib.Path(name)) for name in names}
    for name, wrong in faults.items():
        print(f"{name}: {wrong or 'as it was signed'}")
    return 1 if any(faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
