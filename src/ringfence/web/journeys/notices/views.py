"""What the member was told, in the words of this moment: what they may not be told of now is not shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from markupsafe import Markup

from ringfence.access.notices import (
    KeptNotice,
    kept_notice,
    kept_notices,
    mark_read,
    notice_counts,
)
from ringfence.notices.kinds import written_notice, written_subject
from ringfence.web.browse.notice_blocks import PageHand, reader_at
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text

SIZE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One notice in the list; `href` is empty where it says nothing any more."""

    text: str
    when: str
    href: str
    unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesPage(Page):
    heading: str
    lines: tuple[NoticeLine, ...]
    paging: Paging
    unread: bool
    choose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage(Page):
    when: str
    body: Markup


@needs(Capability.MEMBER, READS_AND_SENDS)
def notices(visit: Visit) -> HttpResponse:
    """All notices of the member, newest first; the form marks them all as read."""
    firm = visit.firm.pk
    if visit.request.method == "POST":
        mark_read(firm, visit.number)
        messages.success(visit.request, _("All notices are marked as read."))
        return redirect("notices", firm=firm)
    total, unread = notice_counts(firm, visit.number)
    here = reverse("notices", args=[firm])
    number = asked_page(visit.request.GET, total, SIZE)
    paging = Paging(total=total, number=number, size=SIZE, path=here, query={})
    found = kept_notices(firm, visit.number, first=paging.offset, count=SIZE)
    page = NoticesPage(
        frame=frame_for(visit, "notices", here=True),
        title=_("Notices"),
        heading=_heading(total, unread),
        lines=tuple(_lines(visit, found)),
        paging=paging,
        unread=bool(unread),
        choose=reverse("choose-notices", args=[firm]),
    )
    return show(visit.request, "notices/list.html", page)


def _heading(total: int, unread: int) -> str:
    if not total:
        return _("You have no notices")
    words = ngettext("%(count)s notice", "%(count)s notices", total) % {"count": total}
    if not unread:
        return words
    return words + ", " + ngettext("%(count)s unread", "%(count)s unread", unread) % {"count": unread}


def _lines(visit: Visit, found: list[KeptNotice]) -> list[NoticeLine]:
    reader = reader_at(visit)
    reader.look_up_entries({notice.entry for notice in found if notice.entry})
    reader.look_up_members(
        {notice.facts.asker for notice in found if notice.facts.asker}
        | {entry.actor for entry in reader.entries.values() if entry.actor is not None}
    )
    lines = []
    for notice in found:
        subject = written_subject(reader, notice)
        lines.append(
            NoticeLine(
                text=subject or _("What this was about no longer concerns you"),
                when=moment_text(notice.at, visit.zone),
                href=reverse("notice", args=[visit.firm.pk, notice.number]) if subject else "",
                unread=not notice.read,
            )
        )
    return lines


@needs(Capability.MEMBER)
@in_lane(Lane.WRITING, "GET", "HEAD")
def notice(visit: Visit, number: int) -> HttpResponse:
    """One notice whole, which is read by that."""
    firm = visit.firm.pk
    found = kept_notice(firm, visit.number, number)
    if found is None:
        raise Http404("there is no such notice")
    if not found.read:
        mark_read(firm, visit.number, number)
    written = written_notice(reader_at(visit), found, PageHand())
    subject = written.subject if written else _("What this was about no longer concerns you")
    page = NoticePage(
        frame=frame_for(visit, "notices"),
        title=subject,
        back=reverse("notices", args=[firm]),
        when=moment_text(found.at, visit.zone),
        body=Markup(written.body) if written else Markup(""),  # made by `PageHand` alone
    )
    return show(visit.request, "notices/notice.html", page)
