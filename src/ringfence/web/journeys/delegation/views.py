"""What a member delegates and is delegated: one's own, anybody's for who manages access, and who has any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.web.browse.delegation_lines import delegation_notes, delegation_terms
from ringfence.web.browse.listing import ListPage
from ringfence.web.browse.member_lines import member_listing
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .rights import delegates_for, need_delegator, page_of, section_of

SEARCHED = 7
"""Delegations of one member; where there are more, they can be searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationLine:
    """One delegation, seen from one of its ends."""

    name: str
    """Whoever is at the other end."""
    terms: str
    notes: tuple[str, ...]
    clients: str
    """Where the clients are that the delegate opens by it."""
    change: str
    """Where it is changed; empty for who may not."""
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationsPage(Page):
    caption: str
    yours: bool
    lead: tuple[str, ...]
    """What holds now, a sentence each."""
    make: str
    """Where one is made; empty while delegation is off."""
    search: SearchForm | None
    """None where there are so few that all are shown."""
    nobody: str
    """What is said of an end with no delegation."""
    made_title: str
    made: tuple[DelegationLine, ...]
    had_title: str
    had: tuple[DelegationLine, ...]
    everybodys: str
    """The delegations of everybody, for who may change them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegatorLine:
    """A member with whom they delegate to and who delegates to them."""

    name: str
    href: str
    to: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EverybodysDelegationsPage(ListPage[DelegatorLine]):
    """Every member with their delegations."""

    off: str
    """That delegation is turned off; empty while it is on."""


@needs(Capability.MEMBER)
def own(visit: Visit) -> HttpResponse:
    """What the visitor delegates and is delegated."""
    return _of_one(visit, visit.number)


@needs(Capability.MEMBER)
def of_member(visit: Visit, member: int) -> HttpResponse:
    """What a member delegates and is delegated, for who manages access."""
    need_delegator(visit, member)
    return _of_one(visit, member)


def _of_one(visit: Visit, member: int) -> HttpResponse:
    firm, now = visit.firm.pk, visit.firm_now
    yours = member == visit.number
    pairs = [pair for pair in sorted(now.delegations) if member in pair]
    names = NamesOfWays(firm, members={member, *(end for pair in pairs for end in pair)})
    words = {"member": names.member(member)}
    on = visit.settings.delegation
    search = _search(visit, member) if len(pairs) > SEARCHED else None
    if search is not None and search.active:
        ends = {end for pair in pairs for end in pair} - {member}
        wanted = {row.number for row in members_matching(firm, search.wanted.text, within=ends)}
        pairs = [pair for pair in pairs if wanted & set(pair)]
    page = DelegationsPage(
        frame=frame_for(visit, section_of(visit, member)),
        title=_("Your delegations") if yours else _("Delegations of %(member)s") % words,
        caption=_("Your account") if yours else _("Delegation"),
        back=_back(visit, member),
        yours=yours,
        lead=tuple(_lead(visit, member, words)),
        make=reverse("delegate-to", args=[firm, member]) if on else "",
        search=search,
        errors=search.errors if search is not None else (),
        nobody=_("Nobody found.") if search is not None and search.active else _("Nobody."),
        made_title=_("To whom you delegate") if yours else _("To whom %(member)s delegates") % words,
        made=tuple(_line(visit, pair, names, seen_from=member) for pair in pairs if pair[0] == member),
        had_title=_("Who delegates to you") if yours else _("Who delegates to %(member)s") % words,
        had=tuple(_line(visit, pair, names, seen_from=member) for pair in pairs if pair[1] == member),
        everybodys=reverse("everybodys-delegations", args=[firm])
        if yours and visit.can(Capability.MANAGE_ACCESS)
        else "",
    )
    return show(visit.request, "delegation/of_member.html", page)


def _search(visit: Visit, member: int) -> SearchForm:
    """By who is at the other end."""
    return read_search(visit, page_of(visit, member), _("Name or e-mail address"))


def _back(visit: Visit, member: int) -> str:
    if member == visit.number:
        return reverse("your-account", args=[visit.firm.pk])
    if visit.can(Capability.READ_CONTROL):
        return reverse("member", args=[visit.firm.pk, member])
    return reverse("everybodys-delegations", args=[visit.firm.pk])


def _lead(visit: Visit, member: int, words: dict[str, str]) -> Iterator[str]:
    if not visit.settings.delegation:
        yield _turned_off()
    elif member == visit.number:
        yield _("Whoever you delegate to opens the [clients] that you reach, today’s and later ones.")
    else:
        yield (
            _(
                "Whoever %(member)s delegates to opens the [clients] that %(member)s reaches, today’s and "
                "later ones."
            )
            % words
        )


def _turned_off() -> str:
    return _(
        "Delegation is turned off in this firm. The delegations below give nobody anything until an "
        "administrator turns it on. You can end them all the same."
    )


def _line(visit: Visit, pair: tuple[int, int], names: NamesOfWays, *, seen_from: int) -> DelegationLine:
    giver, taker = pair
    made = visit.firm_now.delegations[pair]
    changes = visit.settings.delegation and delegates_for(visit, giver)
    ends = changes or delegates_for(visit, giver) or taker == visit.number
    return DelegationLine(
        name=names.member(taker if seen_from == giver else giver),
        terms=delegation_terms(visit, made),
        notes=delegation_notes(visit, made, giver),
        clients=reverse("delegation-clients", args=[visit.firm.pk, giver, taker]),
        change=reverse("delegate-terms", args=[visit.firm.pk, giver, taker]) if changes else "",
        end=reverse("end-delegation", args=[visit.firm.pk, giver, taker]) if ends else "",
    )


@needs(Capability.MANAGE_ACCESS)
def everybodys(visit: Visit) -> HttpResponse:
    """Every member with whom they delegate to, each leading to where that is changed."""
    firm, now = visit.firm.pk, visit.firm_now
    search = read_search(visit, reverse("everybodys-delegations", args=[firm]), _("Name or e-mail address"))
    involved = {end for pair in now.delegations for end in pair}
    within = involved | set(now.active_members)
    found = members_matching(firm, search.wanted.text, within=within)
    # Whoever has none stands behind those who have some.
    found.sort(key=lambda row: row.number not in involved)

    def lines(rows: Sequence[ListedMember]) -> list[DelegatorLine]:
        shown = {row.number for row in rows}
        ends = {end for pair in now.delegations if shown & set(pair) for end in pair}
        names = NamesOfWays(firm, members=ends)
        return [
            DelegatorLine(
                name=row.name,
                href=page_of(visit, row.number),
                to=tuple(names.member(pair[1]) for pair in sorted(now.delegations) if pair[0] == row.number),
                by=tuple(names.member(pair[0]) for pair in sorted(now.delegations) if pair[1] == row.number),
            )
            for row in rows
        ]

    page = EverybodysDelegationsPage(
        frame=frame_for(visit, section_of(visit, 0)),
        title=_("Who delegates to whom"),
        back=reverse("manage" if visit.can(Capability.READ_CONTROL) else "delegations", args=[firm]),
        off="" if visit.settings.delegation else _turned_off(),
        errors=search.errors,
        listing=member_listing(visit, search, found, lines=lines),
    )
    return show(visit.request, "delegation/everybodys.html", page)
