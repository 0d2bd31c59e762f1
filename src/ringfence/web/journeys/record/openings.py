"""Who opened a client's record, when and by which reason: told by the ledger (rules.md 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Entry, Sought, entries_numbered, find_entries
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import reads_openings
from ringfence.core.terms import Reason
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.listing import ListPage, list_page
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import client_address
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import LazyText, gettext_lazy, ngettext
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

OPENED_BY: dict[Reason, LazyText] = {
    Reason.CONTROL_OFF: gettext_lazy("[Access control is] turned off"),
    Reason.ADMINISTRATOR: gettext_lazy("By role: administrators open every [client]"),
    Reason.DIRECT: gettext_lazy("Own access"),
    Reason.GROUP: gettext_lazy("Through [a group]"),
    Reason.ALL_CLIENTS: gettext_lazy("Own access to more than this [client]"),
    Reason.DELEGATED: gettext_lazy("By delegation"),
    Reason.UNASSIGNED: gettext_lazy("Open to everybody"),
}
"""By which reason a record was opened, as it was then."""


class OpeningLine(NamedTuple):
    """One opening: what one member saw of the record within ten minutes."""

    when: str
    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningsPage(ListPage[OpeningLine]):
    caption: str


@needs(Capability.MEMBER)
def openings(visit: Visit, number: int) -> HttpResponse:
    """Who opened the record, the latest first: for its Owners, administrators and auditors."""
    firm, firm_now = visit.firm.pk, visit.firm_now
    if number not in firm_now.known_clients(visit.number):
        raise Http404
    if not reads_openings(firm_now, visit.number, number):
        raise PermissionDenied
    sought = Sought(clients=BitMap([number]), commands=("record.open",))
    found = find_entries(firm, firm_now.version, sought)
    search = read_search(visit, reverse("client-openings", args=[firm, number]))
    page = OpeningsPage(
        frame=frame_for(visit, "clients"),
        title=_("Who opened this record"),
        caption=client_name_of(firm, [number])[number],
        back=client_address(visit, number),
        row=client_pages(visit, number, "client-openings"),
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=lambda offset, limit: list(reversed(found))[offset : offset + limit],
            lines=lambda numbers: _lines(visit, numbers),
            heading=_heading,
            empty=_("Nobody has opened this record yet."),
        ),
    )
    return show(visit.request, "record/openings.html", page)


def _lines(visit: Visit, numbers: Iterable[int]) -> list[OpeningLine]:
    entries = entries_numbered(visit.firm.pk, numbers)
    names = member_names(visit.firm.pk, {entry.actor.member or 0 for entry in entries})
    return [_line(visit, entry, names) for entry in reversed(entries)]


def _line(visit: Visit, entry: Entry, names: dict[int, str]) -> OpeningLine:
    reason = getattr(entry.events[0], "reason", None)
    who = names.get(entry.actor.member or 0) or _("a former [member]")
    if entry.by_software:
        who = _("%(name)s, by software") % {"name": who}
    return OpeningLine(
        when=moment_text(entry.at, visit.zone),
        who=who,
        why=str(OPENED_BY[reason]) if reason in OPENED_BY else _("Not noted"),
    )


def _heading(paging: Paging, search: SearchForm) -> str:
    if not paging.total:
        return _("No openings")
    if paging.pages == 1:
        words = ngettext("Showing %(total)s opening", "Showing all %(total)s openings", paging.total)
    else:
        words = ngettext(
            "Showing %(first)s to %(last)s of %(total)s opening",
            "Showing %(first)s to %(last)s of %(total)s openings",
            paging.total,
        )
    return words % paging.words
