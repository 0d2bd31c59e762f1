"""Step 3 of creating an access group: its team members."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.web.browse.choosing import ChoosingPage, Tick, read_asked, selected
from ringfence.web.browse.member_lines import member_listing
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.people import ListedMember, members_matching
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .create import caption
from .draft import GroupDraft, read_draft


@needs(Capability.MANAGE, READS_AND_SENDS)
def members(visit: Visit) -> HttpResponse:
    """Choose team members from the active ones."""
    firm = visit.firm.pk
    draft = read_draft(visit)
    if draft is None or not draft.name:
        return redirect("create-group", firm=firm)
    if not draft.chosen:
        return redirect("create-group-clients", firm=firm)
    here = reverse("create-group-members", args=[firm])
    if visit.request.method != "POST":
        return _page(visit, draft, here)
    asked = read_asked(visit.request.POST)
    everyone = visit.firm_now.active_members
    chosen = asked.applied(draft.members)
    if asked.go in ("all", "none"):
        search = _search(visit, here, {"search": asked.shown_search})
        found = BitMap(
            [person.number for person in members_matching(firm, search.wanted.text, within=everyone)]
        )
        chosen = chosen | found if asked.go == "all" else chosen - found
    chosen = chosen & everyone
    draft.choose_members(chosen)
    if asked.go != "continue":
        return redirect(asked.address(here))
    if not chosen:
        fresh = read_draft(visit) or draft
        return _page(visit, fresh, here, _("Select at least one [member] to continue"))
    return redirect("create-group-check", firm=firm)


def _search(visit: Visit, here: str, given: dict[str, str] | None = None) -> SearchForm:
    return read_search(visit, here, _("Name or e-mail address"), given=given)


def _page(visit: Visit, draft: GroupDraft, here: str, error: str = "") -> HttpResponse:
    search = _search(visit, here)
    everyone = visit.firm_now.active_members
    found = members_matching(visit.firm.pk, search.wanted.text, within=everyone)
    listing = member_listing(visit, search, found, lines=lambda rows: _ticks(rows, draft.members))
    ticked = sum(person.number in draft.members for person in found)
    page = ChoosingPage(
        frame=frame_for(visit, "manage"),
        title=_("Which [members] are in %(name)s?") % {"name": draft.name},
        caption=caption(3),
        back=reverse("create-group-clients", args=[visit.firm.pk]),
        errors=(*search.errors, *([ErrorLine(text=error, href="#choices")] if error else [])),
        listing=listing,
        head=(_("E-mail address"),),
        selected=selected(len(draft.members)),
        all_text=_all_text(len(found), search) if ticked < len(found) else "",
        none_text="",
        choice_error=error,
    )
    return show(visit.request, "shared/choosing.html", page)


def _ticks(rows: Iterable[ListedMember], chosen: BitMap) -> list[Tick]:
    return [
        Tick(value=row.number, label=row.name, cells=(row.email,), checked=row.number in chosen)
        for row in rows
    ]


def _all_text(count: int, search: SearchForm) -> str:
    if search.active:
        words = ngettext("Select the %(count)s that matches", "Select all %(count)s that match", count)
    else:
        words = ngettext("Select the %(count)s [member]", "Select all %(count)s [members]", count)
    return words % {"count": figure(count)}
