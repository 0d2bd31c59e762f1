"""Publishing one checkpoint: into the operator's folder, by mail, over HTTPS, with a time stamp.

What comes of each way is written down beside the checkpoint; one that fails keeps no other from going out.
"""

import http.client
import logging
import secrets
import socket
import ssl
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from msgspec.structs import replace

from ringfence import __version__
from ringfence.access.outgoing import exchange
from ringfence.access.proof import (
    HowPublished,
    LedgerRewritten,
    NoStamp,
    PublishedCheckpoint,
    PublishingWay,
    ask_stamp,
    how_published,
    keep_stamp,
    note_sent,
    sign_now,
)
from ringfence.access.webhooks import UnfitAddress
from ringfence.notices.ledger_checkpoint import send_checkpoint
from ringfence.notices.sending import MailRefused, MailServerAway

from .tell_rewritten import tell_rewritten

LOG = logging.getLogger(__name__)
SECONDS = 15.0
LATEST = "latest.checkpoint"
FOR_GOOD = frozenset({"no_folder", "no_mail", "mail_refused", "private"})
"""Why a way fails that no waiting changes: somebody has to put it right."""


def publish(firm: int) -> PublishedCheckpoint:
    """Sign where the ledger stands, and send it by each way that the firm chose and that has not had it.

    Where the ledger is not what was signed before, its administrators and auditors are told.
    Raises `LedgerRewritten`, `Unsealable`, `FirmUnknown`, `StateUnavailable`.
    """
    try:
        signed = sign_now(firm)
    except LedgerRewritten:
        tell_rewritten(firm)
        raise
    return send(signed)


def send(checkpoint: PublishedCheckpoint) -> PublishedCheckpoint:
    """Have it stamped, where it is not yet, and sent by each way that has not had it; how far it got then.

    Raises `StateUnavailable`.
    """
    firm, how, waiting = checkpoint.firm, how_published(checkpoint.firm), set[PublishingWay]()
    if settings.TIMESTAMPS and not checkpoint.stamp:
        checkpoint = _stamped(checkpoint)
        # A time stamp that came late goes to lie beside what it is of.
        waiting |= {PublishingWay.FOLDER} if checkpoint.stamp else set()
    ways = [way for way in how.ways if way in waiting or checkpoint.sent.get(way.value, "waits")]
    came_of = {way.value: _sent(way, checkpoint, how) for way in ways}
    if came_of:
        note_sent(firm, checkpoint.entry, came_of)
    return replace(checkpoint, sent={**checkpoint.sent, **came_of})


def may_come_right(checkpoint: PublishedCheckpoint) -> bool:
    """Whether sending it again later may do what failed now."""
    chosen = {way.value for way in how_published(checkpoint.firm).ways}
    faults = {fault for way, fault in checkpoint.sent.items() if way in chosen and fault}
    return bool(faults - FOR_GOOD) or (bool(settings.TIMESTAMPS) and not checkpoint.stamp)


def _stamped(checkpoint: PublishedCheckpoint) -> PublishedCheckpoint:
    roots = Path(settings.TIMESTAMP_ROOTS) if settings.TIMESTAMP_ROOTS else None
    try:
        stamp = ask_stamp(settings.TIMESTAMPS, checkpoint.note.encode(), roots)
    except NoStamp as problem:
        LOG.warning("no time stamp: %s", problem)
        return checkpoint
    keep_stamp(checkpoint.firm, checkpoint.entry, stamp)
    return replace(checkpoint, stamp=stamp)


def _sent(way: PublishingWay, checkpoint: PublishedCheckpoint, how: HowPublished) -> str:
    """Empty where it went out, else a code of `wording.proof.FAULTS`."""
    if way is PublishingWay.FOLDER:
        return _into_folder(checkpoint)
    if way is PublishingWay.MAIL:
        return _by_mail(checkpoint, how)
    return _to_address(checkpoint, how.address)


def _into_folder(checkpoint: PublishedCheckpoint) -> str:
    if not settings.CHECKPOINTS:
        return "no_folder"
    folder = Path(settings.CHECKPOINTS) / checkpoint.uid
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if checkpoint.stamp:
            _written(folder / f"{checkpoint.name}.tsr", checkpoint.stamp)
        for name in (checkpoint.name, LATEST):
            _written(folder / name, checkpoint.note.encode())
    except OSError:
        LOG.exception("a checkpoint cannot be written")
        return "folder"
    return ""


def _written(path: Path, content: bytes) -> None:
    """Whole or not at all: whoever reads the folder never sees a half."""
    # No process number: two containers that share the folder may have the same one.
    half = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError:
        with suppress(OSError):
            half.unlink()
        raise


def _by_mail(checkpoint: PublishedCheckpoint, how: HowPublished) -> str:
    if not settings.SENDS_MAIL:
        return "no_mail"
    fault = ""
    for address in how.mails:
        try:
            send_checkpoint(checkpoint, address)
        except MailRefused:
            # One mistyped address keeps no other from having it.
            fault = "mail_refused"
        except MailServerAway:
            return "mail_away"
    return fault


def _to_address(checkpoint: PublishedCheckpoint, address: str) -> str:
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "User-Agent": f"Ringfence/{__version__}",
    }
    try:
        answer = exchange(
            "POST",
            address,
            headers,
            checkpoint.note.encode(),
            own=settings.WEBHOOK_NETWORKS,
            seconds=SECONDS,
        )
    except UnfitAddress:
        return "private"
    except socket.gaierror:
        return "name"
    except ssl.SSLCertVerificationError:
        return "certificate"
    except TimeoutError:
        return "timeout"
    except http.client.HTTPException:
        return "answer"
    except OSError:
        return "connection"
    return "" if 200 <= answer.status < 300 else f"status {answer.status}"
