"""What the demonstration would have sent, newest first, as text and as HTML. Elsewhere it is not found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from ringfence.core.days import instant
from ringfence.notices.mail_folder import FolderMail, folder_mail, mail_names
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.visit import open_to
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

SIZE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMailLine:
    """One mail of the list."""

    link: Link
    to: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMailsPage(Page):
    folder: str
    lines: tuple[DemoMailLine, ...]
    paging: Paging


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMailPage(Page):
    to: str
    when: str
    text: str
    html: str
    """The address of the mail as HTML."""


@open_to(Audience.ANYONE)
def mails(request: HttpRequest) -> HttpResponse:
    """All of them; anybody may look, as anybody knows everybody's password there."""
    _need_demo()
    names = mail_names()
    here = reverse("demo-mails")
    number = asked_page(request.GET, len(names), SIZE)
    paging = Paging(total=len(names), number=number, size=SIZE, path=here, query={})
    found = map(folder_mail, names[paging.offset : paging.offset + SIZE])
    page = DemoMailsPage(
        frame=outer_frame(request),
        title=_("Mails of the demonstration"),
        back=reverse("account_login"),
        folder=str(settings.DEMO_MAILS),
        lines=tuple(
            DemoMailLine(
                link=Link(text=each.subject, href=reverse("demo-mail", args=[each.name])),
                to=each.to,
                when=_when(each),
            )
            for each in found
            if each is not None
        ),
        paging=paging,
    )
    return show(request, "demo_mails/list.html", page)


@open_to(Audience.ANYONE)
def mail(request: HttpRequest, mail: str) -> HttpResponse:
    """One of them, as text, with its HTML a link away."""
    found = _found(mail)
    page = DemoMailPage(
        frame=outer_frame(request),
        title=found.subject,
        back=reverse("demo-mails"),
        to=found.to,
        when=_when(found),
        text=found.text,
        html=reverse("demo-mail-html", args=[mail]) if found.html else "",
    )
    return show(request, "demo_mails/mail.html", page)


@open_to(Audience.ANYONE)
def as_html(request: HttpRequest, mail: str) -> HttpResponse:
    """Its HTML alone, as a program for mail shows it: styles stand within it, and nothing is loaded."""
    answer = HttpResponse(_found(mail).html)
    answer["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return answer


def _need_demo() -> None:
    if not settings.DEMO_MAILS:
        raise Http404("only the demonstration shows its mails")


def _found(name: str) -> FolderMail:
    _need_demo()
    found = folder_mail(name)
    if found is None:
        raise Http404("there is no such mail")
    return found


def _when(found: FolderMail) -> str:
    return moment_text(instant(found.at), UTC)
