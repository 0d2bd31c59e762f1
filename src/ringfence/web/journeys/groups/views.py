"""The list of access groups, one group, renaming and deleting it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, execute
from ringfence.core.commands.definitions import DeleteGroup, RenameGroup
from ringfence.core.directory import sort_key
from ringfence.core.refusals import Refusal
from ringfence.core.terms import ALL_CLIENTS, EVERYONE, Level, Target, group_subject
from ringfence.firms.models import Group
from ringfence.web.browse.client_lines import ClientLine, control_listing
from ringfence.web.browse.group_lines import groups_heading
from ringfence.web.browse.listing import Listing, ListPage, list_page, sliced
from ringfence.web.browse.member_lines import member_listing, with_inactive
from ringfence.web.browse.search import read_search
from ringfence.web.previews.confirm import Answer, ask, read_answer
from ringfence.web.queries.clients import engagements_matching
from ringfence.web.queries.groups import GroupRow, group_row, groups_matching
from ringfence.web.queries.people import members_matching
from ringfence.web.queries.things import group_name, services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import name_sentence, problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import control_off
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCard:
    """A group in the list."""

    name: str
    href: str
    members: str
    clients: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """A member of the group."""

    name: str
    email: str
    inactive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPage(ListPage[ClientLine | MemberLine]):
    caption: str
    tab: str
    clients_link: str
    members_link: str
    clients_count: int
    members_count: int
    rename: str
    delete: str
    wide: tuple[str, ...]
    """Sentences on what it holds beside single clients."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamePage(Page):
    caption: str
    name: str
    name_error: str = ""


@needs(Capability.READ_CONTROL)
def listing(visit: Visit) -> HttpResponse:
    """The firm's groups by name with their exact numbers."""
    firm = visit.firm.pk
    here = reverse("groups", args=[firm])
    search = read_search(visit, here, _("Name of the [group]"))
    found = [each for each in groups_matching(visit.firm_now, search.wanted.text) if each[0] != EVERYONE]
    page = GroupsPage(
        frame=frame_for(visit, "manage"),
        title=_("[Groups]"),
        back=reverse("manage", args=[firm]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: [_card(visit, group_row(visit.firm_now, *each)) for each in rows],
            heading=groups_heading,
        ),
        create=reverse("create-group", args=[firm]) if visit.can(Capability.MANAGE) else "",
        off="" if visit.settings.control else control_off(walls=visit.firm_now.walled),
        built_in=_built_in(visit),
    )
    return show(visit.request, "groups/list.html", page)


def _card(visit: Visit, row: GroupRow) -> GroupCard:
    return GroupCard(
        name=row.name,
        href=reverse("group", args=[visit.firm.pk, row.number]),
        members=figure(row.members),
        clients=figure(row.clients),
    )


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


@needs(Capability.READ_CONTROL)
def group(visit: Visit, number: int) -> HttpResponse:
    """A group's clients, searched and in pages."""
    firm = visit.firm.pk
    name = _name(visit, number)
    now = visit.firm_now
    held = visit.firm_now.given(number)
    here = reverse("group", args=[firm, number])
    search = read_search(visit, here, services=services_of(firm))
    found = now.clients_of(engagements_matching(visit.firm_now, visit.number, held, search.wanted))
    listing = control_listing(visit, search, found, held)
    return _group_page(visit, number, name, "clients", listing)


@needs(Capability.READ_CONTROL)
def people(visit: Visit, number: int) -> HttpResponse:
    """A group's members, searched and in pages."""
    firm = visit.firm.pk
    name = _name(visit, number)
    here = reverse("group-members", args=[firm, number])
    search = read_search(visit, here, _("Name or e-mail address"))
    found = members_matching(firm, search.wanted.text, within=visit.firm_now.groups[number])
    listing = member_listing(
        visit,
        search,
        found,
        lines=lambda rows: [
            MemberLine(name=row.name, email=row.email, inactive=not row.active) for row in rows
        ],
        heading=lambda paging, search: with_inactive(paging, search, found),
    )
    return _group_page(visit, number, name, "members", listing)


def _group_page(
    visit: Visit,
    number: int,
    name: str,
    tab: str,
    listing: Listing[ClientLine] | Listing[MemberLine],
) -> HttpResponse:
    firm = visit.firm.pk
    row = group_row(visit.firm_now, number, name)
    changeable = visit.can(Capability.MANAGE) and number != EVERYONE
    page = GroupPage(
        frame=frame_for(visit, "manage"),
        title=name,
        caption=_("Built-in [group]") if number == EVERYONE else _("[Group]"),
        back=reverse("groups", args=[firm]),
        errors=listing.search.errors,
        listing=listing,
        tab=tab,
        clients_link=reverse("group", args=[firm, number]),
        members_link=reverse("group-members", args=[firm, number]),
        clients_count=row.clients,
        members_count=row.members,
        rename=reverse("rename-group", args=[firm, number]) if changeable else "",
        delete=reverse("delete-group", args=[firm, number]) if changeable else "",
        wide=_wide(visit, number),
    )
    return show(visit.request, "groups/group.html", page)


def _wide(visit: Visit, number: int) -> tuple[str, ...]:
    """What the group holds beside single clients: what new clients join by themselves, what ended, blocks."""
    held, now = visit.firm_now.grants_of(group_subject(number)), visit.firm_now.now
    said = []
    if held.all and held.all is not Level.BLOCKED:
        said.append(
            _("This [group] is for all [clients] of the firm, also those that are added later.")
            if held.counting_on(ALL_CLIENTS, now)
            else _("The access of this [group] to all [clients] of the firm has expired.")
        )
    given = [service for service, level in held.services.items() if level is not Level.BLOCKED]
    counting = [service for service in given if held.counting_on(Target("service", service), now)]
    if counting and not held.counting_on(ALL_CLIENTS, now):
        words = ngettext(
            "New [clients] of this service join the [group] by themselves: %(services)s.",
            "New [clients] of these services join the [group] by themselves: %(services)s.",
            len(counting),
        )
        said.append(words % {"services": _service_names(visit, counting)})
    if expired := [service for service in given if service not in counting]:
        words = ngettext(
            "The access of this [group] to all [clients] with this service has expired: %(services)s.",
            "The access of this [group] to all [clients] with these services has expired: %(services)s.",
            len(expired),
        )
        said.append(words % {"services": _service_names(visit, expired)})
    if blocked := len(visit.firm_now.clients_of(visit.firm_now.denied(number))):
        words = ngettext(
            "This [group] blocks its [members] from %(count)s [client].",
            "This [group] blocks its [members] from %(count)s [clients].",
            blocked,
        )
        said.append(words % {"count": figure(blocked)})
    return tuple(said)


def _service_names(visit: Visit, numbers: Iterable[int]) -> str:
    names = dict(services_of(visit.firm.pk))
    return ", ".join(sorted((names.get(each, "") for each in numbers), key=sort_key))


def _name(visit: Visit, number: int) -> str:
    if number not in visit.firm_now.groups:
        raise Http404
    row = Group.objects.filter(firm=visit.firm.pk, number=number).first()
    if row is None:
        raise Http404
    return group_name(number, row.name)


def _changeable_name(visit: Visit, number: int) -> str:
    """The group's name; Everyone can be neither renamed nor deleted (rules.md 1)."""
    if number == EVERYONE:
        raise Http404
    return _name(visit, number)


@needs(Capability.MANAGE, READS_AND_SENDS)
def rename(visit: Visit, number: int) -> HttpResponse:
    """Give the group another name (rules.md 7, `group.rename`)."""
    firm = visit.firm.pk
    name = _changeable_name(visit, number)
    given, error = name, ""
    if visit.request.method == "POST":
        given = visit.request.POST.get("name", "")
        try:
            execute(firm, RenameGroup(group=number, to=given), actor=visit.actor)
        except Refused as refused:
            if refused.refusal is Refusal.CONFLICT:
                return redirect("group", firm=firm, number=number)
            error = name_sentence(refused)
        else:
            words = {"old": name, "new": given.strip()}
            messages.success(visit.request, _("%(old)s is now called %(new)s.") % words)
            return redirect("group", firm=firm, number=number)
    page = RenamePage(
        frame=frame_for(visit, "manage"),
        title=_("What is the new name of the [group]?"),
        caption=name,
        back=reverse("group", args=[firm, number]),
        errors=(ErrorLine(text=error, href="#name"),) if error else (),
        name=showable(given),
        name_error=error,
    )
    return show(visit.request, "groups/rename.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def delete(visit: Visit, number: int) -> HttpResponse:
    """Delete the group after yes, with what that does shown first (rules.md 6, 7)."""
    firm = visit.firm.pk
    now = visit.firm_now
    if visit.request.method == "POST" and number not in now.groups and now.was_group(number):
        # The second of two clicks.
        return redirect("groups", firm=firm)
    name = _changeable_name(visit, number)
    answer = read_answer(visit, _("Select yes if you want to delete this [group]"))
    if answer.no:
        return redirect("group", firm=firm, number=number)
    if not answer.yes:
        return _ask_delete(visit, number, name, answer)
    try:
        execute(firm, DeleteGroup(group=number), actor=visit.actor)
    except Refused as refused:
        return _ask_delete(visit, number, name, Answer(error=problem_sentence(refused)))
    messages.success(visit.request, _("The [group] %(name)s is deleted.") % {"name": name})
    return redirect("groups", firm=firm)


def _ask_delete(visit: Visit, number: int, name: str, answer: Answer) -> HttpResponse:
    return ask(
        visit,
        DeleteGroup(group=number),
        answer,
        title=_("Delete %(name)s") % {"name": name},
        question=_("Do you want to delete %(name)s?") % {"name": name},
        back=reverse("group", args=[visit.firm.pk, number]),
    )
