"""Choosing whom a member delegates to: the other members who use client records, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.core.refusals import Problem
from ringfence.web.browse.listing import ListPage
from ringfence.web.browse.member_lines import member_listing
from ringfence.web.browse.search import read_search
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import problem_text
from ringfence.wording.saying import gettext as _

from .rights import need_delegator, page_of, section_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedDelegate:
    """Somebody to whom can be delegated."""

    name: str
    email: str
    href: str
    note: str
    """That it is so already; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseDelegatePage(ListPage[OfferedDelegate]):
    caption: str
    lead: str


@needs(Capability.MEMBER)
def choose(visit: Visit, member: int) -> HttpResponse:
    """Whom the member is to delegate to."""
    need_delegator(visit, member)
    if not visit.settings.delegation:
        return turned_off(visit, member)
    firm, now = visit.firm.pk, visit.firm_now
    yours = member == visit.number
    words = {"member": member_names(firm, [member])[member]}
    search = read_search(visit, reverse("delegate-to", args=[firm, member]), _("Name or e-mail address"))
    able = [number for number, who in now.members.items() if who.works and number != member]
    found = members_matching(firm, search.wanted.text, within=able)

    def lines(rows: Sequence[ListedMember]) -> list[OfferedDelegate]:
        return [
            OfferedDelegate(
                name=row.name,
                email=row.email,
                href=reverse("delegate-terms", args=[firm, member, row.number]),
                note=_("Is delegated to already") if (member, row.number) in now.delegations else "",
            )
            for row in rows
        ]

    page = ChooseDelegatePage(
        frame=frame_for(visit, section_of(visit, member)),
        title=_("Who do you want to delegate to?")
        if yours
        else _("Who should %(member)s delegate to?") % words,
        caption=_("Your delegations") if yours else _("Delegations of %(member)s") % words,
        lead=_(
            "They open every [client] that you reach, today’s and later ones. You see which before it is "
            "saved."
        )
        if yours
        else _(
            "They open every [client] that %(member)s reaches, today’s and later ones. You see which before "
            "it is saved."
        )
        % words,
        back=page_of(visit, member),
        errors=search.errors,
        listing=member_listing(visit, search, found, lines=lines),
    )
    return show(visit.request, "delegation/choose.html", page)


def turned_off(visit: Visit, member: int) -> HttpResponse:
    """Where delegation cannot be made: the page of what stands, with what to do."""
    messages.error(visit.request, problem_text(Problem.DELEGATION_SETTING))
    return redirect(page_of(visit, member))
