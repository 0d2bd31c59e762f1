"""Steps 1 and 2 of the wizard: whether permissions are set or taken away, and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.web.browse.grantees import (
    FoundRow,
    GranteeRow,
    LevelOption,
    found_grantees,
    grantee_rows,
    grantee_search,
    level_options,
    own_defaults,
    query_of,
    sent_grants,
)
from ringfence.web.browse.listing import ListPage
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .choice import WizardChoice, begin_choice, caption, forget_choice, read_choice


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatPage(Page):
    caption: str
    shareable: str
    """How many clients the member may share; empty for none."""
    chosen: str
    error: str
    begun: bool
    """Whether something was chosen earlier, which can be discarded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhosePage(ListPage[FoundRow]):
    caption: str
    removes: bool
    rows: tuple[GranteeRow, ...]
    levels: tuple[LevelOption, ...]
    own: int
    """How many the member has on their own list that are not on this one."""


@needs(Capability.MEMBER, READS_AND_SENDS)
def what(visit: Visit) -> HttpResponse:
    """Step 1, for who may share any client (rules.md 5)."""
    post = visit.request.POST
    if visit.request.method != "POST" or not visit.firm_now.shareable(visit.number):
        return _what_page(visit)
    if post.get("go") == "discard":
        forget_choice(visit)
        return redirect("wizard", firm=visit.firm.pk)
    if post.get("what") not in ("set", "remove"):
        return _what_page(visit, _("Select what you want to do"))
    begin_choice(visit, removes=post.get("what") == "remove")
    return redirect("wizard-who", firm=visit.firm.pk)


def _what_page(visit: Visit, error: str = "") -> HttpResponse:
    mine = read_choice(visit)
    shareable = len(visit.firm_now.shareable(visit.number))
    page = WhatPage(
        frame=frame_for(visit, "clients"),
        title=_("What do you want to do?") if shareable else _("Permissions wizard"),
        caption=caption(1) if shareable else "",
        back=reverse("clients" if visit.everyday else "manage", args=[visit.firm.pk]),
        errors=(ErrorLine(text=error, href="#what"),) if error else (),
        shareable=count_clients(shareable) if shareable else "",
        chosen=("remove" if mine.removes else "set") if mine is not None else "",
        error=error,
        begun=mine is not None,
    )
    return show(visit.request, "wizard/what.html", page)


@needs(Capability.MEMBER, READS_AND_SENDS)
def who(visit: Visit) -> HttpResponse:
    """Step 2: groups and members with a level each, the member's own list in one press."""
    mine = read_choice(visit)
    if mine is None:
        return redirect("wizard", firm=visit.firm.pk)
    post = visit.request.POST
    if visit.request.method != "POST":
        return _who_page(visit, mine)
    grants = sent_grants(visit, post)
    if post.get("go") == "own":
        listed = {grant.to for grant in grants}
        grants += [grant for grant in own_defaults(visit) if grant.to not in listed]
    mine.keep_grants(grants)
    if post.get("go") != "continue":
        here, query = reverse("wizard-who", args=[visit.firm.pk]), query_of(post)
        return redirect(f"{here}?{query}#find" if query else here)
    if not grants:
        return _who_page(visit, mine, _("Add at least one [group] or [member]"))
    return redirect("wizard-clients", firm=visit.firm.pk)


def _who_page(visit: Visit, mine: WizardChoice, error: str = "") -> HttpResponse:
    rows = grantee_rows(visit, mine.grants, SentenceNames(visit.firm, ()))
    if mine.removes:
        rows = tuple(row._replace(shown="") for row in rows)
    search = grantee_search(visit, reverse("wizard-who", args=[visit.firm.pk]))
    listed = {grant.to for grant in mine.grants}
    page = WhosePage(
        frame=frame_for(visit, "clients"),
        title=_("Whose permissions do you want to take away?")
        if mine.removes
        else _("Whose permissions do you want to set?"),
        caption=caption(2),
        back=reverse("wizard", args=[visit.firm.pk]),
        errors=(*search.errors, *((ErrorLine(text=error, href="#given"),) if error else ())),
        removes=mine.removes,
        rows=rows,
        levels=() if mine.removes else level_options(visit),
        own=sum(grant.to not in listed for grant in own_defaults(visit)),
        listing=found_grantees(visit, search, (row.key for row in rows)),
    )
    return show(visit.request, "wizard/who.html", page)
