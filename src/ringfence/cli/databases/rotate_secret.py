"""`ringfence rotate-secret`: a new secret key, and everything that was sealed by the last one sealed by it.

The new key is on disk before anything is sealed by it, and the last one stays as long as anything needs it:
at whatever moment it is killed, the same command goes on. All databases of the deployment have the one key.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings

from ringfence import secret_keys
from ringfence.access.resealing import NotAllOpen, count_by_key, reseal
from ringfence.cli.faults import Fault
from ringfence.cli.show import counted, line
from ringfence.firms.sealing import key_id

from .deployment import everywhere


@click.command("rotate-secret")
@click.option(
    "--forget-before",
    is_flag=True,
    help="Take the last secret key away: who signed in under it signs in again, its links are void.",
)
def rotate_secret(forget_before: bool) -> None:
    """Make a new secret key, and seal all secrets anew by it; or go on where that was cut off.

    The last key is still accepted for sessions and links, until --forget-before. Start Ringfence again
    afterwards. Where RINGFENCE_SECRET_KEY says which key it is: give it the new key, give the last one to
    RINGFENCE_SECRET_KEY_BEFORE, start Ringfence again, then call this.
    """
    if forget_before:
        _forget()
    elif secret_keys.from_environment():
        _by_environment()
    else:
        with _alone(settings.DATA):
            _by_files()


def _by_environment() -> None:
    if not os.environ.get(secret_keys.VARIABLE_BEFORE):
        raise Fault(
            "RINGFENCE_SECRET_KEY says which key it is. Give the key of now to RINGFENCE_SECRET_KEY_BEFORE"
            " and a new one (openssl rand -hex 32) to RINGFENCE_SECRET_KEY, start Ringfence again, then call"
            " this."
        )
    line(f"{_sealed(settings.SECRET_KEY)} sealed by the key in RINGFENCE_SECRET_KEY.")
    line("RINGFENCE_SECRET_KEY_BEFORE keeps sessions and links of before good: take it away when you like.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While no other process makes a new key; refuses where one has done so since this one began.

    Else the key of before that one, by which servers still sign and seal, would be lost.
    """
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        if secret_keys.present_key(folder) != settings.SECRET_KEY:
            raise Fault(
                "Another process has just made a new secret key. Nothing more was changed: start Ringfence"
                " again."
            )
        yield
    finally:
        os.close(opened)


def _by_files() -> None:
    folder = settings.DATA
    coming = folder / secret_keys.NEXT
    if not coming.exists():
        secret_keys.write_new(coming, secrets.token_urlsafe(50))
    sealed = _sealed(coming.read_text().strip())
    secret_keys.put_next_in_place(folder)
    line(f"{sealed} sealed by the new key in {folder / secret_keys.PRESENT}. Keep a copy of it elsewhere.")
    line(
        "Start Ringfence again. Sessions and links of before stay good until: ringfence rotate-secret"
        " --forget-before"
    )


def _sealed(secret: str) -> str:
    try:
        return counted(sum(reseal(secret) for _ in everywhere()), "secret")
    except NotAllOpen as closed:
        raise Fault(
            f"Secrets are sealed by a key that is not here ({closed}): give it as"
            f" RINGFENCE_SECRET_KEY_BEFORE, or as the file {secret_keys.BEFORE} of the data folder. Nothing"
            " was changed."
        ) from closed


def _forget() -> None:
    present = key_id(settings.SECRET_KEY)
    others = sum(count for _ in everywhere() for by, count in count_by_key().items() if by != present)
    if others:
        raise Fault(
            f"{counted(others, 'secret')} still sealed by another key: start Ringfence again, then call"
            " `ringfence rotate-secret` first. Nothing was changed."
        )
    if secret_keys.from_environment():
        raise Fault("Take RINGFENCE_SECRET_KEY_BEFORE away where it is set, and start Ringfence again.")
    (settings.DATA / secret_keys.BEFORE).unlink(missing_ok=True)
    line("The last secret key is gone. Start Ringfence again: then nothing of it is accepted.")
