"""What a list that was brought in did, and its file as it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Entry, entries_numbered, note_export
from ringfence.access.imported_lists import BroughtIn, Did, ListState, counted, file_of, list_behind
from ringfence.core.terms import Export
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

MOST_ENTRIES = 20
"""Entries of one list that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtInList:
    """A list as the page of one of its entries shows it."""

    heading: str
    did: tuple[str, ...]
    """What all of it did, with numbers."""
    entries: tuple[Link, ...]
    """The entries that it became; none where it is this one alone."""
    more: str
    download: str
    """Empty for who may not, and where the file is not kept."""
    told: str
    """Why the file is not there; empty where it is."""


def brought_in(visit: Visit, entry: int) -> BroughtInList | None:
    """The list that the entry came of, None where it came of none."""
    found = list_behind(visit.firm.pk, entry)
    if found is None:
        return None
    numbers = range(found.first, found.last + 1)
    shown = numbers[:MOST_ENTRIES]
    more = len(numbers) - len(shown)
    entries = _entries(visit, found)
    kept = found.standing is ListState.KEPT and visit.can(Capability.MANAGE)
    mine = kept and _may_take(visit, entries)
    return BroughtInList(
        heading=_("What the list %(name)s did") % {"name": found.name}
        if found.name
        else _("What the list did that it came of"),
        did=tuple(did_text(did, count) for did, count in counted(entries).items()),
        entries=tuple(
            Link(
                text=figure(number),
                href=reverse("ledger-entry", args=[visit.firm.pk, number]),
                current=number == entry,
            )
            for number in shown
        )
        if len(numbers) > 1
        else (),
        more=_("and %(more)s more") % {"more": figure(more)} if more > 0 else "",
        download=reverse("imported-list", args=[visit.firm.pk, entry]) if mine else "",
        told=_only_they() if kept and not mine else _not_there(found.standing),
    )


def _entries(visit: Visit, found: BroughtIn) -> list[Entry]:
    return entries_numbered(visit.firm.pk, range(found.first, found.last + 1))


def _may_take(visit: Visit, entries: list[Entry]) -> bool:
    """Whether the visitor may read all of the file.

    A list of any kind may have whole tax references, also in columns that were left out. They are masked for
    who may not open what they are of (rules.md 5): the file is for whoever sent it, and for whoever can open
    every service of every client.
    """
    if entries[0].actor.member == visit.number:
        return True
    return visit.firm_now.engagements.issubset(visit.firm_now.seen_by(visit.number))


def _only_they() -> str:
    return _(
        "The list may hold whole tax references. So only whoever brought it in can download it, and "
        "administrators who can open every [client]."
    )


def _not_there(state: ListState) -> str:
    match state:
        case ListState.TOO_LARGE:
            return _("The file was too large to be kept.")
        case ListState.LET_GO:
            return _("The file was let go of when the name of a person or of [a client] was erased.")
        case _:
            return ""


def did_text(did: Did, count: int) -> str:
    """What a list did to so many things."""
    match did:
        case Did.CLIENTS_ADDED:
            words = ngettext("%(count)s [client] added", "%(count)s [clients] added", count)
        case Did.CLIENTS_CHANGED:
            words = ngettext("%(count)s [client] changed", "%(count)s [clients] changed", count)
        case Did.SERVICES_GIVEN:
            words = ngettext(
                "%(count)s service added to [clients] that were there",
                "%(count)s services added to [clients] that were there",
                count,
            )
        case Did.REFERENCES_CHANGED:
            words = ngettext("%(count)s [tax reference] changed", "%(count)s [tax references] changed", count)
        case Did.SERVICES_ADDED:
            words = ngettext(
                "%(count)s service added to the catalogue", "%(count)s services added to the catalogue", count
            )
        case Did.MEMBERS_ADDED:
            words = ngettext("%(count)s [member] added", "%(count)s [members] added", count)
        case Did.MEMBERS_CHANGED:
            words = ngettext("%(count)s [member] changed", "%(count)s [members] changed", count)
        case _:
            words = _access_text(did, count)
    return words % {"count": figure(count)}


def _access_text(did: Did, count: int) -> str:
    match did:
        case Did.GROUPS_ADDED:
            return ngettext("%(count)s [group] created", "%(count)s [groups] created", count)
        case Did.PLACES_CHANGED:
            return ngettext(
                "%(count)s place in [groups] taken or given up",
                "%(count)s places in [groups] taken or given up",
                count,
            )
        case Did.GRANTS_GIVEN:
            return ngettext("access given %(count)s time", "access given %(count)s times", count)
        case _:
            return ngettext("access taken away %(count)s time", "access taken away %(count)s times", count)


@in_lane(Lane.WRITING, "GET")
@needs(Capability.MANAGE, ("GET",))
def file(visit: Visit, entry: int) -> HttpResponse:
    """The file as it was sent; that it is taken stands in the ledger first."""
    found = list_behind(visit.firm.pk, entry)
    content = None
    if found is not None and _may_take(visit, _entries(visit, found)):
        content = file_of(visit.firm.pk, found.last)
    if found is None or content is None:
        # Its page says why there is none.
        return redirect("ledger-entry", firm=visit.firm.pk, entry=entry)
    note_export(visit.firm.pk, Export(found.kind), found.rows, actor=visit.actor)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return response
