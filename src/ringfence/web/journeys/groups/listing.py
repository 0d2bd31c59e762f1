"""The list of access groups: of which kind each is, its exact numbers, and which give nothing any more."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.core.terms import EVERYONE
from ringfence.web.browse.group_lines import group_kind, groups_heading
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.groups import GroupRow, group_row, groups_matching
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import control_off
from ringfence.wording.names_by_number import group_name
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .lacking import Lack, lacks

IDLE = "nothing"
"""How the address asks for the groups that give nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCard:
    """A group in the list."""

    name: str
    href: str
    kind: str
    members: str
    members_href: str
    clients: str
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltIn:
    """The group of all, which stands apart from those that the firm made."""

    name: str
    href: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsPage(ListPage[GroupCard]):
    create: str
    off: str
    """What holds while control is off; empty while it is on."""
    built_in: BuiltIn
    only_idle: bool
    idle: str
    """How many groups give nothing; empty where none does."""
    other: Link | None
    """All groups, or those that give nothing."""


@needs(Capability.READ_CONTROL)
def listing(visit: Visit) -> HttpResponse:
    """The firm's groups by name with their exact numbers."""
    firm, now = visit.firm.pk, visit.firm_now
    here = reverse("groups", args=[firm])
    only_idle = visit.request.GET.get("show") == IDLE
    kept = {"show": IDLE} if only_idle else None
    search = read_search(visit, here, _("Name of the [group]"), kept=kept)
    idle = [number for number in now.groups if number != EVERYONE and now.gives_nothing(number)]
    found = [each for each in groups_matching(now, search.wanted.text) if each[0] != EVERYONE]
    if only_idle:
        wanted = set(idle)
        found = [each for each in found if each[0] in wanted]
    services = dict(services_of(firm))
    page = GroupsPage(
        frame=frame_for(visit, "manage"),
        title=_("[Groups] that give nothing") if only_idle else _("[Groups]"),
        back=here if only_idle else reverse("manage", args=[firm]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: [_card(visit, group_row(now, *each), services) for each in rows],
            heading=groups_heading,
            empty=_empty(visit, search, only_idle),
        ),
        create=reverse("create-group", args=[firm]) if visit.can(Capability.MANAGE) else "",
        off="" if visit.settings.control else control_off(walls=now.walled),
        built_in=_built_in(visit),
        only_idle=only_idle,
        idle=_idle_text(len(idle)),
        other=_other(here, len(idle), only_idle),
    )
    return show(visit.request, "groups/list.html", page)


def _idle_text(count: int) -> str:
    if not count:
        return ""
    words = ngettext(
        "%(count)s [group] gives nobody anything.", "%(count)s [groups] give nobody anything.", count
    )
    return words % {"count": figure(count)}


def _other(here: str, idle: int, only_idle: bool) -> Link | None:
    if only_idle:
        return Link(text=_("Show all [groups]"), href=here)
    return Link(text=_("Show which, and why"), href=f"{here}?show={IDLE}") if idle else None


def _empty(visit: Visit, search: SearchForm, only_idle: bool) -> str:
    if search.active:
        return _("Try a part of the name, or clear the search.")
    if only_idle:
        return _("Every [group] gives its [members] something.")
    if visit.can(Capability.MANAGE):
        return _("There are no [groups]. Create one to choose who can open which [client].")
    return _("There are no [groups].")


def _card(visit: Visit, row: GroupRow, services: dict[int, str]) -> GroupCard:
    firm = visit.firm.pk
    return GroupCard(
        name=row.name,
        href=reverse("group", args=[firm, row.number]),
        kind=group_kind(row, services),
        members=figure(row.members),
        members_href=reverse("group-members", args=[firm, row.number]),
        clients=_clients(row),
        lacks=lacks(visit, row.number),
    )


def _clients(row: GroupRow) -> str:
    """How many it gives; of one that only blocks, how many it blocks."""
    if not row.blocked:
        return figure(row.clients)
    blocked = _("blocks %(count)s") % {"count": figure(row.blocked)}
    return f"{figure(row.clients)}, {blocked}" if row.clients else blocked


def _built_in(visit: Visit) -> BuiltIn:
    """Everyone: who is in it, and what was given to it."""
    row = group_row(visit.firm_now, EVERYONE, group_name(EVERYONE, ""))
    people = ngettext("%(count)s active [member]", "all %(count)s active [members]", row.members)
    shared = ngettext(
        "%(count)s [client] is shared with it", "%(count)s [clients] are shared with it", row.clients
    )
    given = shared % {"count": figure(row.clients)} if row.clients else _("no [client] is shared with it")
    return BuiltIn(
        name=row.name,
        href=reverse("group", args=[visit.firm.pk, EVERYONE]),
        text=f"{people % {'count': figure(row.members)}}; {given}.",
    )
