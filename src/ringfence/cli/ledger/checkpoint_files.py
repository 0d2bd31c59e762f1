"""Signed checkpoints in files, as the command line is given them. What is refused is a `Fault`."""

from collections.abc import Sequence
from pathlib import Path

from ringfence.cli.faults import Fault
from ringfence.proof.notes import BadNote, VerifierKey
from ringfence.proof.signed_checkpoints import LedgerHead, open_checkpoint, unproved_head


class RefusedCheckpoint(Fault):
    """A checkpoint that proves nothing of the ledger: another firm's, or signed by no key given."""

    exit_code = 1


def note_in(path: Path) -> str:
    """The signed note in a file; raises `Fault`."""
    try:
        return path.read_bytes().decode()
    except OSError as problem:
        raise Fault(f"The checkpoint {path} cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        raise Fault(f"{path} is no signed checkpoint: it is no text.") from problem


def head_in(path: Path, keys: Sequence[VerifierKey]) -> LedgerHead:
    """What the checkpoint in a file says, signed by one of these keys; raises `Fault`."""
    try:
        return open_checkpoint(note_in(path), keys)
    except BadNote as problem:
        raise RefusedCheckpoint(f"The checkpoint {path} is refused: {problem}.") from problem


def uid_in(path: Path) -> str:
    """Of which firm the checkpoint in a file says it is; raises `Fault`."""
    try:
        return unproved_head(note_in(path)).uid
    except BadNote as problem:
        raise Fault(f"The checkpoint {path} is refused: {problem}.") from problem
