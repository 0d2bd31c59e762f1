"""The reports on use as files: a row for each grant, group, client or delegation, as the pages count them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access.listing.clients import client_rows
from ringfence.access.reading import client_names
from ringfence.access.use import LastUse, Sizing, last_used, targets_between
from ringfence.core.terms import Export, Instant, Level, Target
from ringfence.lists.export.writing import Cells, Format
from ringfence.web.browse.downloads import download, offer_parts, part_asked
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import level_name
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_at_text

from .away import clients_away, holders_by_client, search_away, seen_text
from .delegations import delegation_rows, made_text, search_delegations
from .groups import group_notes, group_rows, search_groups
from .holders import READING, UNUSED, HolderRow, holder_rows, search_holders
from .shared import sizing

PORTION = 2_000


def _form(form: str) -> Format:
    try:
        return Format(form)
    except ValueError:
        raise Http404 from None


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def take_unused(visit: Visit, days: int, form: str) -> HttpResponse:
    """Each grant that nobody used."""
    return _grants(visit, sizing(visit, days), UNUSED, _form(form))


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def take_reading(visit: Visit, days: int, form: str) -> HttpResponse:
    """Each Owner grant by which nobody did more than read."""
    return _grants(visit, sizing(visit, days), READING, _form(form))


def _grants(visit: Visit, found: Sizing, report: str, form: Format) -> HttpResponse:
    holders = holder_rows(visit, found, report, search_holders(visit, found, report))
    total = sum(len(row.part) for row in holders)
    part = part_asked(visit, total)
    if part is None:
        return offer_parts(visit, total, _back(visit, f"use-{report}", found.days))
    headers: Cells = (
        *(_("Who has it"), _("Kind"), _("[Client]"), _("Client reference"), _("Service")),
        *(_("Level"), _("Last used")),
    )
    named = {row.subject: row for row in holders}
    found_part = targets_between([(row.subject, row.part) for row in holders], part.first, part.last)
    targets = ((named[subject], target) for subject, target in found_part)
    return download(visit, Export.ACCESS, f"use-{report}", headers, _cells(visit, targets), form, part.name)


def _cells(visit: Visit, targets: Iterator[tuple[HolderRow, Target]]) -> Iterator[Cells]:
    while some := list(islice(targets, PORTION)):
        yield from _portion(visit, some)


def _portion(visit: Visit, some: Sequence[tuple[HolderRow, Target]]) -> Iterator[Cells]:
    now, names = visit.firm_now, SentenceNames(visit.firm, ())
    clients = [_client_of(visit, target) for _row, target in some]
    rows = client_rows(now, visit.number, {each for each in clients if each}, now.engagements)
    people = {row.subject: _people(visit, row) for row, _target in some}
    pairs = [
        (who, client)
        for (row, _target), client in zip(some, clients, strict=True)
        for who in people[row.subject]
    ]
    used = last_used(visit.firm.pk, pairs)
    for (row, target), client in zip(some, clients, strict=True):
        found = rows.get(client)
        service = target.number if target.kind == "service" else now.service_of(target.number)
        times = [used.get((who, client), LastUse()).last or Instant(0) for who in people[row.subject]]
        last = max(times, default=Instant(0))
        level = now.grants_of(row.subject).level_on(target)
        yield (
            row.name,
            _("[Member]") if row.subject.kind == "member" else _("[Group]"),
            found.name if found else _("all [clients]"),
            found.reference if found else "",
            names.service(service) if target.kind in ("service", "engagement") else "",
            level_name(Level(level)),
            day_at_text(last, visit.zone) if last else _("never, as far as is known"),
        )


def _client_of(visit: Visit, target: Target) -> int:
    """The target's client; 0 for a wide grant."""
    if target.kind == "engagement":
        return visit.firm_now.client_of(target.number)
    return target.number if target.kind == "client" else 0


def _people(visit: Visit, row: HolderRow) -> list[int]:
    if row.subject.kind == "member":
        return [row.subject.number]
    return list(visit.firm_now.groups[row.subject.number])


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def take_groups(visit: Visit, days: int, form: str) -> HttpResponse:
    """Each group of nobody."""
    kind, found = _form(form), sizing(visit, days)
    rows = (
        (name, "; ".join(group_notes(visit, number)))
        for number, name in group_rows(visit, found, search_groups(visit, found))
    )
    headers: Cells = (_("[Group]"), _("What is known of it"))
    return download(visit, Export.ACCESS, "use-groups", headers, rows, kind)


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def take_away(visit: Visit, days: int, form: str) -> HttpResponse:
    """Each client whose one holder is away."""
    kind, found = _form(form), sizing(visit, days)
    clients = clients_away(visit, found, search_away(visit, found))
    part = part_asked(visit, len(clients))
    if part is None:
        return offer_parts(visit, len(clients), _back(visit, "use-away", days))
    numbers = client_names(visit.firm.pk).page(clients, part.first, part.last - part.first)
    headers: Cells = (_("Name"), _("Client reference"), _("Who alone can open it"), _("Last seen"))
    return download(
        visit, Export.ACCESS, "use-away", headers, _away_cells(visit, found, numbers), kind, part.name
    )


def _away_cells(visit: Visit, found: Sizing, numbers: Sequence[int]) -> Iterator[Cells]:
    holders, seen = holders_by_client(found), found.use.seen
    names, now = SentenceNames(visit.firm, ()), visit.firm_now
    for first in range(0, len(numbers), PORTION):
        some = numbers[first : first + PORTION]
        rows = client_rows(now, visit.number, some, now.engagements)
        for number in some:
            holder = holders[number]
            yield (
                rows[number].name,
                rows[number].reference,
                names.member(holder),
                seen_text(visit, holder, seen),
            )


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def take_delegations(visit: Visit, days: int, form: str) -> HttpResponse:
    """Each delegation that was never used."""
    kind, found = _form(form), sizing(visit, days)
    names = SentenceNames(visit.firm, ())
    rows = (
        (names.member(row.delegator), names.member(row.delegate), made_text(visit, row))
        for row in delegation_rows(visit, found, search_delegations(visit, found))
    )
    headers: Cells = (_("From"), _("To"), _("What is known of it"))
    return download(visit, Export.ACCESS, "use-delegations", headers, rows, kind)


def _back(visit: Visit, route: str, days: int) -> str:
    return reverse(route, args=[visit.firm.pk, days])
