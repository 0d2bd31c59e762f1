"""Grants that nobody used, and Owners who only read: by whom they are for, and where they are put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.use import GrantedTargets, Sizing
from ringfence.core.terms import Subject
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.names_by_number import subject_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .shared import UseLine, UseListPage, lines_page, named_rows, sizing

UNUSED, READING = "unused", "reading"
"""The two reports, as addresses name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderRow:
    """A member or group with grants that are not needed."""

    subject: Subject
    name: str
    part: GrantedTargets


def parts_of(found: Sizing, report: str) -> dict[Subject, GrantedTargets]:
    """What the report finds, by whom it is for."""
    return found.unused if report == UNUSED else found.only_reading


def holder_rows(visit: Visit, found: Sizing, report: str, search: SearchForm) -> list[HolderRow]:
    """The rows of the report that are searched for, by name."""
    names = SentenceNames(visit.firm, ())
    rows = [
        HolderRow(subject=subject, name=subject_text(names, subject), part=part)
        for subject, part in parts_of(found, report).items()
    ]
    return named_rows(search, rows, lambda row: row.name)


def search_holders(visit: Visit, found: Sizing, report: str) -> SearchForm:
    """The search above the report."""
    here = reverse(f"use-{report}", args=[visit.firm.pk, found.days])
    return read_search(visit, here, _("[Group] or [member] by name"))


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def unused(visit: Visit, days: int) -> HttpResponse:
    """Who was given something that nobody used for so many days."""
    return _page(
        visit,
        sizing(visit, days),
        UNUSED,
        title=_("Access nobody used"),
        lead=_(
            "This access was given %(days)s days ago or earlier. Since then nobody who has it opened one of "
            "its [clients], or was let in to one by other software."
        ),
    )


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def reading(visit: Visit, days: int) -> HttpResponse:
    """Who is Owner and did nothing but read for so many days."""
    return _page(
        visit,
        sizing(visit, days),
        READING,
        title=_("[Owners] who only read"),
        lead=_(
            "They opened these [clients] in the last %(days)s days, and changed nothing about them, wrote "
            "nothing, and shared nothing. To read may be enough."
        ),
    )


def _page(visit: Visit, found: Sizing, report: str, *, title: str, lead: str) -> HttpResponse:
    search = search_holders(visit, found, report)
    rows = holder_rows(visit, found, report, search)

    def lines(shown: Sequence[HolderRow]) -> list[UseLine]:
        return [_line(visit, found, report, row) for row in shown]

    page: UseListPage = lines_page(
        visit,
        found,
        search,
        rows,
        lines,
        title=title,
        lead=lead % {"days": found.days},
        heads=(_("Who has it"), _("Access to"), _("Look and put right")),
        take=f"take-use-{report}",
    )
    return show(visit.request, "use/lines.html", page)


def _line(visit: Visit, found: Sizing, report: str, row: HolderRow) -> UseLine:
    firm, subject = visit.firm.pk, row.subject
    route = "member" if subject.kind == "member" else "group-access"
    place = [firm, found.days, report, subject.kind, subject.number]
    return UseLine(
        name=row.name,
        href=reverse(route, args=[firm, subject.number]),
        notes=targets_texts(visit, row.part),
        remedies=(Link(text=_("Look at these"), href=reverse("use-of-one", args=place)),),
    )


def targets_texts(visit: Visit, part: GrantedTargets) -> tuple[str, ...]:
    """What the grants are on, counted; services by name."""
    names = SentenceNames(visit.firm, ())
    texts = []
    if part.clients:
        texts.append(count_clients(len(part.clients)))
    if part.engagements:
        words = ngettext(
            "%(count)s service of [a client]", "%(count)s services of [clients]", len(part.engagements)
        )
        texts.append(words % {"count": figure(len(part.engagements))})
    texts += [
        _("all [clients] with the service %(service)s") % {"service": names.service(each)}
        for each in sorted(part.services)
    ]
    if part.all:
        texts.append(_("all [clients]"))
    return tuple(texts)
