"""Who could open a client between two days, even for an hour: each stretch of time with its ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import FirmNow, Span, Working, ask_between, ask_then
from ringfence.core.directory import sort_key
from ringfence.core.terms import Export, Instant, Thing
from ringfence.lists.entry_names import LedgerNames
from ringfence.lists.export.writing import Cells, Format
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.downloads import download
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.web.shell.waiting import waiting
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import second_text

from .moments import PastForm, read_days
from .telling import level_text, names_then, ways_text


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanLine:
    """A stretch of time in which a member could open the client."""

    name: str
    since: str
    until: str
    level: str
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """The rows of one page."""

    paging: Paging
    heading: str
    lines: tuple[SpanLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BetweenPage(Page):
    caption: str
    form: PastForm
    listing: Spans | None
    downloads: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What was asked and what was found of it."""

    form: PastForm
    spans: tuple[Span, ...]
    then: FirmNow | None
    """The firm at the end of that time, whose names are shown."""


@needs(Capability.READ_CONTROL)
def listing(visit: Visit, number: int) -> HttpResponse:
    """Every stretch of time, by person (rules.md 6)."""
    firm = visit.firm.pk
    here = _address(visit, number)
    back = reverse("client-access", args=[firm, number])
    if number not in visit.firm_now.clients:
        back = reverse("ledger", args=[firm])
    found = _found(visit, number, here)
    if isinstance(found, Working):
        return waiting(visit, found, back)
    names = _names(visit, found)
    rows = _sorted(found, names)
    page = asked_page(visit.request.GET, len(rows))
    paging = Paging(total=len(rows), number=page, path=here, query=found.form.query)
    listed = None
    if found.form.second is not None:
        shown = rows[paging.offset : paging.offset + paging.size]
        listed = Spans(
            paging=paging,
            heading=_heading(visit, found, rows, paging),
            lines=tuple(_lines(visit, found, shown, names)),
        )
    return show(
        visit.request,
        "past/between.html",
        BetweenPage(
            frame=frame_for(visit, "manage"),
            title=_("Who could open it between two days"),
            back=back,
            row=client_pages(visit, number, "client-access"),
            errors=found.form.lines,
            caption=names.client(number),
            form=found.form,
            listing=listed,
            downloads=_downloads(firm, number, found.form) if rows else (),
        ),
    )


def _address(visit: Visit, number: int) -> str:
    if not visit.firm_now.was_client(number):
        raise Http404
    return reverse("client-between", args=[visit.firm.pk, number])


def _downloads(firm: int, number: int, form: PastForm) -> tuple[Link, ...]:
    return (
        Link(
            text=_("Take this as CSV"), href=reverse("client-between-csv", args=[firm, number]) + form.encoded
        ),
        Link(
            text=_("Take this as XLSX"),
            href=reverse("client-between-xlsx", args=[firm, number]) + form.encoded,
        ),
    )


def _found(visit: Visit, number: int, here: str) -> _Found | Working:
    form = read_days(visit, here)
    if form.first is None or form.second is None:
        return _Found(form=form, spans=(), then=None)
    spans = ask_between(visit.firm.pk, number, form.first, form.second)
    if isinstance(spans, Working):
        return spans
    then = ask_then(visit.firm.pk, Instant(form.second - 1))
    return then if isinstance(then, Working) else _Found(form=form, spans=spans, then=then)


def _names(visit: Visit, found: _Found) -> LedgerNames:
    names = names_then(visit, found.then or visit.firm_now)
    names.learn_things(Thing.MEMBER, {span.member for span in found.spans})
    return names


def _sorted(found: _Found, names: LedgerNames) -> list[Span]:
    """By name, each one's in order of time; only those searched for."""
    wanted = sort_key(found.form.texts["search"])
    rows = [span for span in found.spans if wanted in sort_key(names.member(span.member))]
    return sorted(rows, key=lambda span: (sort_key(names.member(span.member)), span.member, span.since))


def _lines(visit: Visit, found: _Found, spans: Sequence[Span], names: LedgerNames) -> Iterator[SpanLine]:
    form = found.form
    assert form.first is not None
    assert form.second is not None
    assert found.then is not None
    for span in spans:
        since, until = second_text(span.since, visit.zone), second_text(span.until, visit.zone)
        yield SpanLine(
            name=names.member(span.member),
            since=_("%(moment)s or earlier") % {"moment": since} if span.since == form.first else since,
            until=_("%(moment)s or later") % {"moment": until} if span.until == form.second else until,
            level=level_text(span.level, len(span.parts), max(span.of, 1)),
            ways=ways_text(found.then, span.parts, names),
        )


def _heading(visit: Visit, found: _Found, rows: Sequence[Span], paging: Paging) -> str:
    people = len({span.member for span in rows})
    words = ngettext(
        "%(people)s [member] could open it between %(first)s and %(last)s",
        "%(people)s [members] could open it between %(first)s and %(last)s",
        people,
    )
    form = found.form
    assert form.first is not None
    assert form.second is not None
    moments = {
        "first": second_text(form.first, visit.zone),
        "last": second_text(form.second, visit.zone),
    }
    return words % {"people": people, **moments}


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def as_csv(visit: Visit, number: int) -> HttpResponse:
    """The same rows as CSV."""
    return _taken(visit, number, Format.CSV)


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def as_xlsx(visit: Visit, number: int) -> HttpResponse:
    """The same rows as a workbook."""
    return _taken(visit, number, Format.XLSX)


def _taken(visit: Visit, number: int, form: Format) -> HttpResponse:
    here = _address(visit, number)
    found = _found(visit, number, here)
    if isinstance(found, Working) or not found.spans:
        # The page says what is being worked out, or what is to be put right.
        return redirect(here + (read_days(visit, here)).encoded)
    names = _names(visit, found)
    headers: Cells = (_("Name"), _("From"), _("Until"), _("Access"), _("By what"))
    rows = (
        (line.name, line.since, line.until, line.level, "; ".join(line.ways))
        for line in _lines(visit, found, _sorted(found, names), names)
    )
    return download(visit, Export.ACCESS, "who-could-open", headers, rows, form)
