"""Writing a mail from its folder's templates, and giving it to the mail server.

`subject.txt` and `body.txt` of a folder are Jinja2 templates with `_()`, as pages have them. A body is
nothing but calls of the blocks of `blocks.py`, written twice: as plain text, and as HTML in `letter.html`.
What the server says is told as a kind alone: its own words hold addresses.
"""

import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

import msgspec
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from ringfence.core.settings import Settings
from ringfence.wording import saying
from ringfence.wording.catalogue import in_language
from ringfence.wording.saying import gettext as _

from .blocks import Hand, HtmlHand, MailLink, PlainHand

GAPS = re.compile(r"\n{3,}")
FOR_GOOD = 500
"""Answers of mail servers from here on say that trying again is of no use."""


class MailServerAway(Exception):
    """The mail server cannot be reached, or does not take the mail now."""


class MailRefused(Exception):
    """The mail server will never take this mail for this reader."""


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """A text that lies in the mail as a file."""

    name: str
    text: str


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a mail goes."""

    address: str
    language: str
    """``en`` or ``cy``."""
    firm: str = ""
    """The name of the firm that it is about; empty for what concerns the user alone."""
    words: Settings | None = None
    """The settings of that firm, whose words the mail is in; None for the words of the rules."""
    choosing: str = ""
    """Where they say which mails they want; empty for mails that nobody can do without."""
    unsubscribe: str = ""
    """What a program for mail posts to so that no such mail comes again (RFC 8058); empty where none is."""
    attached: tuple[Attached, ...] = ()


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A mail as it is written."""

    subject: str
    text: str
    html: str


def send(recipient: Recipient, folder: str, **values: object) -> None:
    """Write the mail of that folder to the recipient, with these values for its templates.

    Raises `MailServerAway` and `MailRefused`.
    """
    letter = written(recipient, folder, **values)
    message = EmailMultiAlternatives(
        letter.subject, letter.text, None, [recipient.address], headers=_headers(recipient)
    )
    message.attach_alternative(letter.html, "text/html")
    for file in recipient.attached:
        # As bytes it comes out as it went in, whatever becomes of line ends on its way.
        message.attach(file.name, file.text.encode(), "application/octet-stream")
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


def _headers(recipient: Recipient) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated"}
    if recipient.unsubscribe:
        headers["List-Unsubscribe"] = f"<{recipient.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def written(recipient: Recipient, folder: str, **values: object) -> Letter:
    """The mail as its reader gets it."""
    subject = subject_of(recipient, folder, values)
    plain, html = (body_of(recipient, folder, hand, values) for hand in (PlainHand(), HtmlHand()))
    with in_their_words(recipient):
        foot = _("Sent by Ringfence for %(firm)s.") if recipient.firm else _("Sent by Ringfence.")
        foot = foot % {"firm": recipient.firm}
        links = [MailLink(settings.ADDRESS, settings.ADDRESS)]
        if recipient.choosing:
            links.insert(0, MailLink(_("Choose what comes to you by e-mail"), recipient.choosing))
    return Letter(
        subject=subject,
        text=_plain(plain, foot, links),
        html=_templates()
        .get_template("letter.html")
        .render(
            subject=subject,
            language=recipient.language,
            firm=recipient.firm,
            body=Markup(html),  # made by `HtmlHand` alone
            foot=foot,
            links=links,
        ),
    )


def subject_of(recipient: Recipient, folder: str, values: Mapping[str, object]) -> str:
    """What the mail of that folder is about, in one line."""
    with in_their_words(recipient):
        template = _templates().get_template(f"{folder}/subject.txt")
        return " ".join(template.render(firm=recipient.firm, **values).split())


def body_of(recipient: Recipient, folder: str, hand: Hand, values: Mapping[str, object]) -> str:
    """What the mail of that folder says, written by the hand."""
    blocks = {name: getattr(hand, name) for name in ("heading", "items", "quote", "button", "say")}
    with in_their_words(recipient):
        template = _templates().get_template(f"{folder}/body.txt")
        return template.render(firm=recipient.firm, **values, **blocks)


def _plain(body: str, foot: str, links: list[MailLink]) -> str:
    told = [f"{link.text}: {link.address}" if link.text != link.address else link.address for link in links]
    # "-- " alone on a line is where readers of mail cut the signature off.
    body = GAPS.sub("\n\n", body.strip())
    return body + "\n\n-- \n" + "\n\n".join([foot, *told]) + "\n"


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
        # Bodies are written by `blocks.py`, which escapes for HTML what has to be.
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        saying.gettext, saying.ngettext, newstyle=True
    )
    return made
