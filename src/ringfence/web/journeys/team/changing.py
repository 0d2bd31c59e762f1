"""Changing a member's name, contact address, role and permissions: only what the form's user touched."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from msgspec import UNSET

from ringfence.access import Overtaken, Refused, firm_state, preview
from ringfence.core.commands.definitions import ChangeMember
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Role
from ringfence.web.previews.confirm import Answer, ask, execute_shown, read_answer, too_late
from ringfence.web.previews.outcome import NO_NAMES, NameList, clients_named
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .details import (
    NAMES,
    Details,
    MemberDetailsPage,
    details_sentence,
    error_lines,
    in_words,
    read_details,
    refused_field,
    role_choices,
    role_hint,
    shown,
)
from .person import member_row

WAS = "was-"
"""Before the names of the fields that say what the form began with."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def change(visit: Visit, member: int) -> HttpResponse:
    """Change the member (rules.md 7, `member.change`), after the preview where access may move."""
    now = _standing(visit, member)
    post = visit.request.POST
    if visit.request.method != "POST":
        return _form(visit, member, now, now, {})
    given, was = read_details(post), shown(read_details(post, WAS))
    touched = {name for name in NAMES if getattr(given, name) != getattr(was, name)}
    back = reverse("member", args=[visit.firm.pk, member])
    if not touched:
        return redirect(back)
    overtaken = {
        name: _("Somebody else has changed this meanwhile: look again")
        for name in sorted(touched)
        if getattr(now, name) not in (getattr(was, name), getattr(given, name))
    }
    if overtaken:
        return _form(visit, member, given, now, overtaken)
    command = _command(member, given, touched)
    try:
        preview(visit.firm.pk, command, actor=visit.actor)
    except Refused as refused:
        if refused.refusal is Refusal.CONFLICT:
            return redirect(back)
        return _refused(visit, member, given, was, refused)
    answer = Answer(yes=True)
    if touched & {"role", "access", "manage_access"}:
        answer = Answer()
        if "version" in post:
            answer = read_answer(visit, _("Select yes if you want to make this change"))
    if answer.no:
        return redirect(back)
    if not answer.yes:
        return _check(visit, command, answer, given, was)
    return _save(visit, command, given, was)


def _save(visit: Visit, command: ChangeMember, given: Details, was: Details) -> HttpResponse:
    """Do it; back to the form or the check where that could not be."""
    try:
        try:
            execute_shown(visit, command)
        except Overtaken:
            return _check(visit, command, too_late(visit), given, was)
    except Refused as refused:
        if refused.refusal is Refusal.CONFLICT:
            # It is so already.
            return redirect("member", firm=visit.firm.pk, member=command.member)
        return _refused(visit, command.member, given, was, refused)
    messages.success(visit.request, _("%(member)s is changed.") % {"member": given.name.strip()})
    if not firm_state(visit.firm.pk).may(visit.number, Capability.READ_CONTROL):
        # They laid down their own role, and with it this page.
        return redirect("firm-home", firm=visit.firm.pk)
    return redirect("member", firm=visit.firm.pk, member=command.member)


def _standing(visit: Visit, member: int) -> Details:
    """What is so now."""
    row, who = member_row(visit, member), visit.firm_now.members[member]
    return Details(
        name=row.name,
        email=row.email,
        external=row.external,
        role=who.role.value,
        access=who.access,
        manage_access=who.manage_access,
    )


def _command(member: int, given: Details, touched: set[str]) -> ChangeMember:
    return ChangeMember(
        member=member,
        name=given.name if "name" in touched else UNSET,
        email=given.email if "email" in touched else UNSET,
        external=given.external if "external" in touched else UNSET,
        role=Role(given.role) if "role" in touched else UNSET,
        access=given.access if "access" in touched else UNSET,
        manage_access=given.manage_access if "manage_access" in touched else UNSET,
    )


def _check(visit: Visit, command: ChangeMember, answer: Answer, given: Details, was: Details) -> HttpResponse:
    return ask(
        visit,
        command,
        answer,
        title=_("Check the change of %(member)s") % {"member": was.name},
        question=_("Do you want to make this change?"),
        back=reverse("change-member", args=[visit.firm.pk, command.member]),
        lead=" ".join(in_words(visit, given)),
        kept={**given.kept, **{f"{WAS}{name}": value for name, value in was.kept.items()}},
    )


def _refused(visit: Visit, member: int, given: Details, was: Details, refused: Refused) -> HttpResponse:
    """The form, with the clients that the refusal is about."""
    found = {refused_field(refused): details_sentence(refused)}
    about = refused.clients & visit.firm_now.known_clients(visit.number)
    return _form(visit, member, given, was, found, clients_named(visit, about) if about else NO_NAMES)


def _form(
    visit: Visit,
    member: int,
    given: Details,
    was: Details,
    found: dict[str, str],
    about: NameList = NO_NAMES,
) -> HttpResponse:
    roles = role_choices(visit, visit.firm_now.members[member].role)
    page = MemberDetailsPage(
        frame=frame_for(visit, "manage"),
        title=_("Change details, role or permissions"),
        caption=was.name,
        back=reverse("member", args=[visit.firm.pk, member]),
        errors=error_lines(found),
        details=shown(given),
        roles=roles,
        role_hint=role_hint(roles),
        found=found,
        kept={f"{WAS}{name}": value for name, value in shown(was).kept.items()},
        submit=_("Continue"),
        refused=about,
    )
    return show(visit.request, "team/details.html", page)
