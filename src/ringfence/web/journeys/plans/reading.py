"""A plan as it is read: its present text, its versions, and what changed between two of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access.documents import (
    DocumentKind,
    Version,
    VersionHeading,
    Written,
    versions_of,
)
from ringfence.access.merging import LineChange, line_changes
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.documents import (
    client_and_service,
    found_document,
    opened_document,
    signed,
    writes,
)
from ringfence.web.browse.paging import SIZE, Paging, asked_page
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.page import Page, PageRow
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

FEW = 3
"""So many lines that stayed are shown between two changes; of more, how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage(Page):
    """A plan, or an earlier version of it."""

    caption: str
    text: str
    number: int
    saved: str
    change: str
    """Where it is changed, and where it is removed: empty for who may not write it, and for old versions."""
    remove: str
    versions: str
    """Where its versions are listed; empty where there is one."""
    compare: str
    """Where an earlier version is compared with the present one; empty for the present one."""
    earlier: bool = False


class PlanVersion(NamedTuple):
    """A version in the list of a plan's versions."""

    number: int
    title: str
    saved: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage(Page):
    caption: str
    lines: tuple[PlanVersion, ...]
    paging: Paging
    compare: str
    numbers: tuple[int, ...]
    """Of all versions, the present one first."""
    chosen: tuple[int, int]
    """Which two are compared where nobody chooses others."""


class Compared(NamedTuple):
    """Lines side by side: `same` of them that stayed and are not shown, or what each version says."""

    old: str
    new: str
    changed: bool
    same: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage(Page):
    caption: str
    old: str
    new: str
    """Which versions, and who saved them when."""
    old_number: int
    new_number: int
    titles: tuple[str, str] | None
    """Both names, where the plan was renamed."""
    rows: tuple[Compared, ...]


def plan_for(visit: Visit, client: int, document: uuid.UUID, numbers: Iterable[int] = ()) -> Written:
    """The plan with its present version and those of the numbers; 404 for who may not read it."""
    return found_document(visit, client, document, DocumentKind.PLAN, tuple(numbers))


def row_of(visit: Visit, client: int) -> PageRow | None:
    """The row of the client's pages, of which every page of a plan is one of the plans."""
    return client_pages(visit, client, "client-plans")


@needs(Capability.READ_CLIENTS, ("GET",))
@shows_record
def plan(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """The plan as it is now, to whoever sees its engagement."""
    written = plan_for(visit, number, document)
    visit = opened_document(visit, number, written)
    return _shown(visit, number, written, written.present)


@needs(Capability.READ_CLIENTS, ("GET",))
@shows_record
def version(visit: Visit, number: int, document: uuid.UUID, version: int) -> HttpResponse:
    """One version of the plan."""
    written = plan_for(visit, number, document, [version])
    found = _version(written, version)
    visit = opened_document(visit, number, written)
    return _shown(visit, number, written, found)


@needs(Capability.READ_CLIENTS, ("GET",))
@shows_record
def versions(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """All versions with who saved them when, and which two to compare."""
    written = plan_for(visit, number, document)
    visit = opened_document(visit, number, written)
    found = versions_of(written)
    here = reverse("plan-versions", args=[visit.firm.pk, number, document])
    paging = Paging(
        total=len(found),
        number=asked_page(visit.request.GET, len(found), SIZE),
        size=SIZE,
        path=here,
        query={},
    )
    shown = found[paging.offset : paging.offset + paging.size]
    page = VersionsPage(
        frame=frame_for(visit, "clients"),
        title=_("Versions"),
        row=row_of(visit, number),
        back=reverse("plan", args=[visit.firm.pk, number, document]),
        caption=written.present.title,
        lines=tuple(_lines(visit, number, document, shown)),
        paging=paging,
        compare=reverse("compare-plan", args=[visit.firm.pk, number, document]) if len(found) > 1 else "",
        numbers=tuple(each.number for each in found),
        chosen=(max(1, written.present.number - 1), written.present.number),
    )
    return show(visit.request, "plans/versions.html", page)


@needs(Capability.READ_CLIENTS, ("GET",))
@shows_record
def compare(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """What changed from one version to another, line by line; by itself, what was saved last."""
    last = plan_for(visit, number, document).present.number
    asked = visit.request.GET
    numbers = (
        number_in(asked.get("from", str(max(1, last - 1)))),
        number_in(asked.get("to", str(last))),
    )
    written = plan_for(visit, number, document, numbers)
    old, new = (_version(written, each) for each in numbers)
    visit = opened_document(visit, number, written)
    authors = member_names(visit.firm.pk, {old.author, new.author})
    page = ComparePage(
        frame=frame_for(visit, "clients"),
        title=_("What changed"),
        row=row_of(visit, number),
        back=reverse("plan-versions", args=[visit.firm.pk, number, document]),
        caption=written.present.title,
        old=signed(visit, old, authors),
        new=signed(visit, new, authors),
        old_number=old.number,
        new_number=new.number,
        titles=(old.title, new.title) if old.title != new.title else None,
        rows=tuple(_compared(change) for change in line_changes(old.text, new.text)),
    )
    return show(visit.request, "plans/compare.html", page)


def _version(written: Written, number: int) -> Version:
    found = written.version(number)
    if found is None:
        raise Http404
    return found


def _compared(change: LineChange) -> Compared:
    if change.same and len(change.old) > FEW:
        return Compared(old="", new="", changed=False, same=len(change.old))
    return Compared(old="\n".join(change.old), new="\n".join(change.new), changed=not change.same)


def _lines(
    visit: Visit, number: int, document: uuid.UUID, shown: list[VersionHeading]
) -> Iterable[PlanVersion]:
    authors = member_names(visit.firm.pk, {each.author for each in shown})
    for each in shown:
        yield PlanVersion(
            number=each.number,
            title=each.title,
            saved=signed(visit, each, authors),
            href=reverse("plan-version", args=[visit.firm.pk, number, document, each.number]),
        )


def _shown(visit: Visit, number: int, written: Written, found: Version) -> HttpResponse:
    firm, present = visit.firm.pk, written.present
    earlier = found.number != present.number
    here = [firm, number, written.id]
    editable = not earlier and writes(visit, written.engagement)
    client, service = client_and_service(visit, number, written.engagement)
    compared = f"{reverse('compare-plan', args=here)}?from={found.number}&to={present.number}"
    page = PlanPage(
        frame=frame_for(visit, "clients"),
        title=found.title,
        row=row_of(visit, number),
        back=reverse("plan-versions", args=here) if earlier else reverse("client-plans", args=[firm, number]),
        caption=f"{client}: {service}",
        text=found.text,
        number=found.number,
        saved=signed(visit, found, member_names(firm, [found.author])),
        change=reverse("change-plan", args=here) if editable else "",
        remove=reverse("remove-plan", args=here) if editable else "",
        versions=reverse("plan-versions", args=here) if present.number > 1 else "",
        compare=compared if earlier else "",
        earlier=earlier,
    )
    return show(visit.request, "plans/plan.html", page)
