"""Writing a mail from its folder's templates, and giving it to the mail server.

`subject.txt` and `text.txt` of a folder are Jinja2 templates with `_()`, as pages have them. What the server
says is told as a kind alone: its own words hold addresses.
"""

import re
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

import msgspec
from django.conf import settings
from django.core.mail import EmailMessage
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ringfence.core.settings import Settings
from ringfence.wording import saying
from ringfence.wording.catalogue import in_language

GAPS = re.compile(r"\n{3,}")
FOR_GOOD = 500
"""Answers of mail servers from here on say that trying again is of no use."""


class MailServerAway(Exception):
    """The mail server cannot be reached, or does not take the mail now."""


class MailRefused(Exception):
    """The mail server will never take this mail for this reader."""


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a mail goes."""

    address: str
    language: str
    """``en`` or ``cy``."""
    firm: str = ""
    """The name of the firm that it is about; empty for what concerns the user alone."""
    words: Settings | None = None
    """The settings of that firm, whose words the mail is in; None for the words of the rules."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A mail as it is written."""

    subject: str
    text: str


def send(recipient: Recipient, folder: str, **values: object) -> None:
    """Write the mail of that folder to the recipient, with these values for its templates.

    Raises `MailServerAway` and `MailRefused`.
    """
    letter = written(recipient, folder, **values)
    message = EmailMessage(
        letter.subject, letter.text, None, [recipient.address], headers={"Auto-Submitted": "auto-generated"}
    )
    try:
        message.send()
    except SMTPRecipientsRefused as problem:
        codes = [code for code, _ in problem.recipients.values()]
        raise MailRefused if min(codes, default=0) >= FOR_GOOD else MailServerAway from None
    except SMTPDataError as problem:
        raise MailRefused if problem.smtp_code >= FOR_GOOD else MailServerAway from None
    except (SMTPException, ssl.SSLError, OSError):
        # What the server said would be in the cause, with the address.
        raise MailServerAway from None


def written(recipient: Recipient, folder: str, **values: object) -> Letter:
    """The mail as its reader gets it."""
    given = {"firm": recipient.firm, "address": settings.ADDRESS, **values}
    with in_their_words(recipient):
        subject = _templates().get_template(f"{folder}/subject.txt").render(given)
        text = _templates().get_template(f"{folder}/text.txt").render(given)
    # What a template leaves out leaves no gap behind.
    return Letter(subject=" ".join(subject.split()), text=GAPS.sub("\n\n", text.strip()) + "\n")


@contextmanager
def in_their_words(recipient: Recipient) -> Iterator[None]:
    """Within it, texts are in the reader's language and their firm's words."""
    with ExitStack() as stack:
        stack.enter_context(in_language(recipient.language))
        if recipient.words is not None:
            stack.enter_context(saying.in_words_of(recipient.words))
        yield


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        # Plain text: nothing in it is markup.
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        saying.gettext, saying.ngettext, newstyle=True
    )
    return made
