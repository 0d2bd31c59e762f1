"""Step 3 of creating an access group: its team members."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.web.browse.choosing import ChoosingPage, Tick, read_asked
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.queries.people import members_matching
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Problem
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.web.shell.words import figure
from ringfence.web.views.clients import SearchForm, read_search
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .create import caption
from .draft import GroupDraft, read_draft


@needs(Capability.MANAGE)
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
    everyone = visit.view.moment.state.everyone
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
    return read_search(visit, [], here, _("Name or e-mail address"), given=given)


def _page(visit: Visit, draft: GroupDraft, here: str, error: str = "") -> HttpResponse:
    firm = visit.firm.pk
    search = _search(visit, here)
    people = members_matching(firm, search.wanted.text, within=visit.view.moment.state.everyone)
    number = asked_page(visit.request.GET, len(people))
    paging = Paging(total=len(people), number=number, path=here, query=search.query)
    ticked = sum(person.number in draft.members for person in people)
    count = len(draft.members)
    errors = [*search.errors, *([Problem(text=error, href="#choices")] if error else [])]
    page = ChoosingPage(
        frame=frame_for(visit, "manage"),
        title=_("Which [members] are in %(name)s?") % {"name": draft.name},
        caption=caption(3),
        back=reverse("create-group-clients", args=[firm]),
        errors=tuple(errors),
        number=number,
        total=paging.pages,
        search=search,
        heading=people_heading(paging),
        paging=paging,
        head=(_("E-mail address"),),
        lines=tuple(
            Tick(
                value=person.number,
                label=person.name,
                cells=(person.email,),
                checked=person.number in draft.members,
            )
            for person in people[paging.offset : paging.offset + paging.size]
        ),
        selected=ngettext("%(count)s selected in all", "%(count)s selected in all", count)
        % {"count": figure(count)},
        some=bool(count),
        all_text=_all_text(len(people), search) if ticked < len(people) else "",
        none_text="",
        choice_error=error,
        empty=_("Try a part of the name or e-mail address, or clear the search."),
        go_on=_("Continue"),
    )
    return show(visit.request, "groups/choosing.html", page)


def people_heading(paging: Paging) -> str:
    """The heading of a list of team members: which of how many."""
    if not paging.total:
        return _("No [members] found")
    if paging.pages == 1:
        words = ngettext("Showing %(total)s [member]", "Showing all %(total)s [members]", paging.total)
    else:
        words = ngettext(
            "Showing %(first)s to %(last)s of %(total)s [member]",
            "Showing %(first)s to %(last)s of %(total)s [members]",
            paging.total,
        )
    return words % paging.words


def _all_text(count: int, search: SearchForm) -> str:
    if search.active:
        words = ngettext("Select the %(count)s that matches", "Select all %(count)s that match", count)
    else:
        words = ngettext("Select the %(count)s [member]", "Select all %(count)s [members]", count)
    return words % {"count": figure(count)}
