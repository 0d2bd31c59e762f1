"""A client's record: what the member sees of it. Who may not open it is told so in `refused.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access import Refused, firm_state
from ringfence.access.client_details import details_of, named_fields
from ringfence.access.documents import Heading, headings_on
from ringfence.access.listing.clients import ListedEngagement, client_rows
from ringfence.access.reading import ClientRight
from ringfence.core.terms import Level
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.who_can_help import public_holders
from ringfence.web.queries.holders import Holder
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import (
    add_service_address,
    correct_address,
    may_change,
    remove_address,
    remove_service_address,
    tax_reference_address,
)
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.opening import opened, shows_record
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

from .details import DetailLine, detail_fields
from .refused import closed


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """A note in the list of an engagement's notes."""

    title: str
    href: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementBlock:
    """An engagement with what the member may do there."""

    service: str
    reference: str
    level: str
    notes: tuple[NoteLine, ...]
    add_note: str
    """Empty where the member may not write."""
    refer: str
    """Where the tax reference is changed, empty for who may not; likewise where it is removed."""
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage(Page):
    reference: str
    kind: str
    confidential: bool
    details: tuple[DetailLine, ...]
    details_change: str
    """Where they are changed; empty for who may not."""
    details_history: str
    """Where their earlier versions are read; empty where there is none."""
    correct: str
    """Where name, reference and kind are changed; empty for who may not."""
    add_service: str
    remove: str
    engagements: tuple[EngagementBlock, ...]
    level: str
    seen_by: int
    """How many members can open the client; 0 for who may not read that."""
    holders: tuple[Holder, ...] | None
    """Who has access by name, where the firm shows that to everybody; None where it does not."""


@needs(Capability.MEMBER, ("GET",))
@shows_record
def client(visit: Visit, number: int) -> HttpResponse:
    """The record of a client that the member sees; else 403 or 404, as they may know of it (rules.md 3)."""
    try:
        visit = opened(visit, number)
    except Refused:
        # They may have lost it meanwhile: what they may know of it is asked of the firm as it is now.
        return closed(replace(visit, firm_now=firm_state(visit.firm.pk)), number)
    now = visit.firm_now
    shown = now.seen_by(visit.number)
    row = client_rows(visit.firm_now, visit.number, [number], shown)[number]
    services = dict(services_of(visit.firm.pk))
    notes = headings_on(visit.firm.pk, [each.number for each in row.engagements])
    level = min(now.level(visit.number, each.number) for each in row.engagements)
    details = details_of(visit.firm.pk, number)
    describes = may_change(visit, ClientRight.DESCRIBE, number)
    blocks = [_block(visit, number, each, services, notes) for each in row.engagements]
    page = RecordPage(
        frame=frame_for(visit, "clients"),
        title=row.name,
        back=reverse("clients", args=[visit.firm.pk]),
        row=client_pages(visit, number, "client"),
        reference=row.reference,
        kind=row.kind,
        confidential=row.confidential,
        details=detail_fields(details, named_fields(visit.firm.pk)),
        details_change=reverse("change-details", args=[visit.firm.pk, number]) if describes else "",
        details_history=reverse("details-history", args=[visit.firm.pk, number]) if details.version else "",
        correct=correct_address(visit, number),
        add_service=add_service_address(visit, number),
        remove=remove_address(visit, number),
        engagements=tuple(blocks),
        level=level_shown(level, own=visit.firm_now.owns(visit.number, number)),
        seen_by=len(now.who(number)) if visit.can(Capability.READ_CONTROL) else 0,
        holders=public_holders(visit, number),
    )
    return show(visit.request, "record/record.html", page)


def _block(
    visit: Visit,
    client: int,
    row: ListedEngagement,
    services: dict[int, str],
    notes: list[Heading],
) -> EngagementBlock:
    level = visit.firm_now.level(visit.number, row.number)
    address = reverse("add-note", args=[visit.firm.pk, client, row.number])
    return EngagementBlock(
        service=services.get(row.service, ""),
        reference=row.reference,
        level=level_shown(level, own=visit.firm_now.owns(visit.number, client)),
        notes=tuple(
            NoteLine(
                title=note.title,
                href=reverse("note", args=[visit.firm.pk, client, note.id]),
                written=_("%(time)s by %(name)s")
                % {"time": moment_text(note.at, visit.zone), "name": note.author},
            )
            for note in notes
            if note.engagement == row.number
        ),
        add_note=address if level >= Level.EDITOR else "",
        refer=tax_reference_address(visit, client, row.number),
        remove=remove_service_address(visit, client, row.number),
    )
