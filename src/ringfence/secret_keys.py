"""The installation's secret keys: from the environment, else from files of the data directory.

The present one signs and seals. Earlier ones are still accepted, so that a new key shuts nobody out. What is
made of them lives in `firms.sealing` and in Django. This module knows no Django: the settings ask it.
"""

import contextlib
import os
import secrets
from pathlib import Path

VARIABLE, VARIABLE_BEFORE = "RINGFENCE_SECRET_KEY", "RINGFENCE_SECRET_KEY_BEFORE"
PRESENT, NEXT, BEFORE = "secret-key", "secret-key-next", "secret-key-before"
"""In the data directory: the key, one that `rotate-secret` is about to make the key, and those before it.

Those before stand on a line each, the last one first: Ringfence may sign and seal by any of them until it is
started again.
"""


def from_environment() -> bool:
    """Whether the environment says which key it is, and no file does."""
    return bool(os.environ.get(VARIABLE))


def present_key(folder: Path) -> str:
    """The key that signs and seals; the first start writes one where there is none."""
    if key := os.environ.get(VARIABLE):
        return key
    path = folder / PRESENT
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Of several processes that start at once for the first time, all take the same one.
        write_new(path, secrets.token_urlsafe(50))
    return path.read_text().strip()


def other_keys(folder: Path) -> list[str]:
    """Keys that are accepted beside the present one, in the order in which they are tried."""
    if from_environment():
        return [key for key in [os.environ.get(VARIABLE_BEFORE, "")] if key]
    found = []
    for name in (NEXT, BEFORE):
        with contextlib.suppress(FileNotFoundError):
            found += _lines(folder / name)
    return found


def write_new(path: Path, key: str) -> None:
    """Write a key that its owner alone can read, whole and on disk; a file that is there already stays."""
    fresh = path.with_name(f"{path.name}-{secrets.token_hex(8)}")
    with open(fresh, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put the names of new files on disk, which they are only once their folder is."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def put_next_in_place(folder: Path) -> None:
    """Make the next key the present one, and that the last of those before. All are on disk throughout."""
    before = _lines(folder / PRESENT)
    with contextlib.suppress(FileNotFoundError):
        before += [key for key in _lines(folder / BEFORE) if key not in before]
    last = folder / f"{BEFORE}-{secrets.token_hex(8)}"
    write_new(last, "\n".join(before))
    last.replace(folder / BEFORE)
    (folder / NEXT).replace(folder / PRESENT)
    sync_folder(folder)


def _lines(path: Path) -> list[str]:
    return [key for line in path.read_text().splitlines() if (key := line.strip())]
