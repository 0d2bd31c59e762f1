"""What a group was given, part by part: all clients, whole services, single ones; each removable here."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Batch
from ringfence.core.commands.definitions import RemoveGrant
from ringfence.core.terms import Level, group_subject
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import read_answer
from ringfence.web.queries.group_parts import ALL, SERVICE, GroupPart, left_out, parts_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, count_services
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import until_text

from .group import GroupHead, OneGroup, group_at, head_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One part of what the group was given."""

    name: str
    notes: tuple[str, ...]
    level: str
    end: str
    expired: bool
    change: str
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPage(Page):
    head: GroupHead
    parts: tuple[PartLine, ...]
    add_services: str
    add_clients: str


@needs(Capability.READ_CONTROL)
def given(visit: Visit, number: int) -> HttpResponse:
    """Everything that stands for the group, expired parts and blocks too."""
    group = group_at(visit, number)
    page = GivenPage(
        frame=frame_for(visit, "manage"),
        title=group.name,
        back=reverse("groups", args=[visit.firm.pk]),
        head=head_of(group, "group-access"),
        parts=tuple(_line(group, part) for part in parts_of(visit.firm_now, number)),
        add_services=group.address("group-add-services") if group.changeable else "",
        add_clients=group.address("group-add-clients") if group.changeable else "",
    )
    return show(visit.request, "groups/given.html", page)


def _line(group: OneGroup, part: GroupPart) -> PartLine:
    change = f"?part={part.key}"
    return PartLine(
        name=part_name(group, part),
        notes=_notes(group, part),
        level=level_shown(part.level),
        end=until_text(part.expires, group.visit.zone) if part.expires is not None else _("no end"),
        expired=not part.counts(group.visit.firm_now.now),
        change=group.address("group-access-change") + change if group.changeable else "",
        remove=group.address("group-access-remove") + change if group.changeable else "",
    )


def part_name(group: OneGroup, part: GroupPart) -> str:
    """What the part is on, in words."""
    if part.kind == ALL:
        return _("All [clients] of the firm")
    if part.kind == SERVICE:
        return _("All [clients] with %(service)s") % {"service": group.service_names([part.service])}
    said = [count_clients(len(part.clients))] if part.clients else []
    if part.engagements:
        of = len(group.visit.firm_now.clients_of(part.engagements))
        said.append(count_services(len(part.engagements), of))
    return _("%(one)s and %(other)s") % {"one": said[0], "other": said[1]} if len(said) > 1 else said[0]


def _notes(group: OneGroup, part: GroupPart) -> tuple[str, ...]:
    if part.kind == ALL:
        return (_("Those that are added later too."),)
    if part.kind != SERVICE:
        return ()
    said = [_("New ones join by themselves.")] if part.level is not Level.BLOCKED else []
    if removed := len(left_out(group.visit.firm_now, group.number, part.service)):
        said.append(_("All but %(clients)s, removed from it.") % {"clients": count_clients(removed)})
    return tuple(said)


def part_at(group: OneGroup) -> GroupPart | None:
    """The part that the address or the form names, None where there is none any more."""
    request = group.visit.request
    key = (request.POST if request.method == "POST" else request.GET).get("part", "")
    return next((part for part in parts_of(group.visit.firm_now, group.number) if part.key == key), None)


@needs(Capability.MANAGE, READS_AND_SENDS)
def remove(visit: Visit, number: int) -> HttpResponse:
    """Take a whole part from the group, with what that does shown first."""
    group = group_at(visit, number)
    here, part = group.address("group-access"), part_at(group)
    if part is None:
        return redirect(here)
    batch = Batch("grant.remove", (RemoveGrant(to=(group_subject(number),), on=part.on),))
    answer = read_answer(visit, _("Select yes if you want to remove it"))
    if answer.no:
        return redirect(here)
    if answer.yes:
        answer = save_checked(visit, batch)
    name = part_name(group, part)
    if answer.yes:
        messages.success(
            visit.request, _("Removed from %(group)s: %(what)s.") % {"group": group.name, "what": name}
        )
        return redirect(here)
    asked = CheckQuestion(
        title=_("Remove %(what)s") % {"what": name},
        caption=group.name,
        question=_("Do you want to remove it from the [group]?"),
        back=here,
        notes=_left(group, part),
        kept={"part": part.key},
    )
    return ask_checked(visit, batch, answer, asked)


def _left(group: OneGroup, part: GroupPart) -> tuple[str, ...]:
    """That the group is left with nothing, where it is so."""
    if part.level is Level.BLOCKED:
        return ()
    parts = parts_of(group.visit.firm_now, group.number)
    if any(each.key != part.key and each.level is not Level.BLOCKED for each in parts):
        return ()
    return (_("After this the [group] gives its [members] nothing until [clients] are added."),)
