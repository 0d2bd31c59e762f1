"""Mails in a folder instead of on their way: how the demonstration shows what would be sent.

Each is a file of its own, as it would go to a mail server. Nothing else in Ringfence writes mails to a disk.
"""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.mail import EmailMessage as DjangoMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.crypto import get_random_string

ENDING = ".eml"
DIGITS = 20
"""Of the time in a file's name, so that names stand in the order of their times."""


class EmailBackend(BaseEmailBackend):
    """Writes mails to the folder `settings.DEMO_MAILS`; Django finds it by its name."""

    def __init__(self, fail_silently: bool = False, **_options: Any) -> None:
        super().__init__(fail_silently=fail_silently)

    def send_messages(self, email_messages: Sequence[DjangoMessage]) -> int:
        folder = Path(settings.DEMO_MAILS)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns():0{DIGITS}}-{get_random_string(8)}"
            whole = folder / f"{name}.part"
            whole.write_bytes(message.message().as_bytes())
            # Who looks into the folder meanwhile finds whole mails alone.
            os.replace(whole, folder / f"{name}{ENDING}")
        return len(email_messages)


class FolderMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail of the folder."""

    name: str
    """Of its file, without the ending."""
    at: datetime
    to: str
    subject: str
    text: str
    html: str
    """Empty where it has none."""


def mail_names() -> list[str]:
    """The mails in the folder, newest first."""
    folder = Path(settings.DEMO_MAILS)
    return sorted((path.stem for path in folder.glob(f"*{ENDING}")), reverse=True)


def folder_mail(name: str) -> FolderMail | None:
    """One mail of the folder, None where there is none of that name."""
    if name not in mail_names():
        return None
    message = message_from_bytes(
        (Path(settings.DEMO_MAILS) / f"{name}{ENDING}").read_bytes(), policy=policy.default
    )
    assert isinstance(message, EmailMessage)
    return FolderMail(
        name=name,
        at=datetime.fromtimestamp(int(name[:DIGITS]) / 1_000_000_000, UTC),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def forget_mails() -> None:
    """Empty the folder."""
    for path in Path(settings.DEMO_MAILS).glob(f"*{ENDING}"):
        path.unlink(missing_ok=True)


def _part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    return str(found.get_content()) if found is not None else ""
