"""Adding a member: who they are, which groups they join, check with the preview, added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Batch, Refused, preview
from ringfence.core.commands.definitions import AddMember, AddToGroup
from ringfence.core.terms import Role
from ringfence.firms.models import Draft
from ringfence.web.browse.choosing import Choosing, choose
from ringfence.web.browse.choosing_groups import Groups
from ringfence.web.previews.checked import CheckQuestion, Entered, ask_checked, save_checked
from ringfence.web.previews.confirm import read_answer
from ringfence.web.queries.drafts import draft_for, drop_draft, start_draft
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .details import (
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
from .joining import chosen_groups, keep_groups, named_groups, offered_groups

PURPOSE = "member.add"


@dataclass(frozen=True, slots=True)
class _Begun:
    """Somebody who is being added, as far as they are known."""

    row: Draft
    details: Details

    @property
    def command(self) -> AddMember:
        details = self.details
        return AddMember(
            name=details.name,
            email=details.email,
            external=details.external,
            role=Role(details.role),
            access=details.access,
            manage_access=details.manage_access,
        )


def _begun(visit: Visit) -> _Begun | None:
    row = draft_for(visit.firm.pk, visit.number, PURPOSE)
    given = row.values.get("details") if row is not None else None
    return _Begun(row, read_details(given)) if row is not None and given else None


def _caption(visit: Visit, step: int) -> str:
    """Where there are no groups to join, nobody is asked which."""
    steps = 3 if offered_groups(visit) else 2
    return _("Add [a member]: step %(step)s of %(steps)s") % {"step": min(step, steps), "steps": steps}


@needs(Capability.MANAGE, READS_AND_SENDS)
def details(visit: Visit) -> HttpResponse:
    """Step 1: name, contact address, role and permissions."""
    firm, begun = visit.firm.pk, _begun(visit)
    if visit.request.method != "POST":
        return _form(visit, begun.details if begun is not None else Details(), {})
    given = read_details(visit.request.POST)
    row = begun.row if begun is not None else start_draft(firm, visit.number, PURPOSE)
    begun = _Begun(row, given)
    try:
        preview(firm, begun.command, actor=visit.actor)
    except Refused as refused:
        return _form(visit, given, {refused_field(refused): details_sentence(refused)})
    row.values["details"] = given.kept
    row.save()
    return redirect("add-member-groups", firm=firm)


def _form(visit: Visit, given: Details, found: dict[str, str]) -> HttpResponse:
    roles = role_choices(visit)
    page = MemberDetailsPage(
        frame=frame_for(visit, "manage"),
        title=_("Who do you want to add?"),
        caption=_caption(visit, 1),
        back=reverse("team", args=[visit.firm.pk]),
        errors=error_lines(found),
        details=shown(given),
        roles=roles,
        role_hint=role_hint(roles),
        found=found,
        kept={},
        submit=_("Continue"),
    )
    return show(visit.request, "team/details.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def groups(visit: Visit) -> HttpResponse:
    """Step 2: the groups that they join; none is an answer too."""
    firm, begun = visit.firm.pk, _begun(visit)
    if begun is None:
        return redirect("add-member", firm=firm)
    row, offered = begun.row, offered_groups(visit)
    if not offered:
        return redirect("add-member-check", firm=firm)

    def on_to_check() -> HttpResponse:
        return redirect("add-member-check", firm=firm)

    def without() -> HttpResponse:
        keep_groups(row, BitMap())
        return on_to_check()

    return choose(
        visit,
        Choosing(
            here=reverse("add-member-groups", args=[firm]),
            title=_("Which [groups] does %(member)s join?") % {"member": begun.details.name.strip()},
            caption=_caption(visit, 2),
            back=reverse("add-member", args=[firm]),
            rows=Groups(visit),
            offered=offered,
            chosen=chosen_groups(row, offered),
            keep=lambda chosen: keep_groups(row, chosen),
            go_on=on_to_check,
            none_chosen=_("Select at least one [group], or go on without any"),
            instead=_("Go on without any"),
            go_instead=without,
        ),
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit) -> HttpResponse:
    """Step 3: everything, and what it would do; yes adds them (rules.md 7, `member.add`)."""
    firm, begun = visit.firm.pk, _begun(visit)
    if begun is None:
        return redirect("add-member", firm=firm)
    # A new member gets the number after the last; what others add meanwhile is found when it is saved.
    number = visit.firm_now.last_member + 1
    chosen = chosen_groups(begun.row, offered_groups(visit))
    joins = tuple(AddToGroup(group=group, members=frozenset([number])) for group in chosen)
    batch = Batch("member.add", (begun.command, *joins))
    answer = read_answer(visit, _("Select yes if you want to add them"))
    if answer.no:
        drop_draft(firm, visit.number, PURPOSE)
        return redirect("team", firm=firm)
    if answer.yes:
        answer = save_checked(visit, batch)
    name = begun.details.name.strip()
    if answer.yes:
        drop_draft(firm, visit.number, PURPOSE)
        messages.success(visit.request, _("%(member)s is added.") % {"member": name})
        # Nobody comes in without an invitation, and there is none without an address.
        onward = "invite-member" if begun.details.email.strip() else "member"
        return redirect(onward, firm=firm, member=number)
    return ask_checked(
        visit,
        batch,
        answer,
        CheckQuestion(
            title=_("Check before you add %(member)s") % {"member": name},
            caption=_caption(visit, 3),
            question=_("Do you want to add %(member)s?") % {"member": name},
            back=reverse("add-member-groups" if offered_groups(visit) else "add-member", args=[firm]),
            facts=tuple(_facts(visit, begun.details, chosen)),
        ),
    )


def _facts(visit: Visit, given: Details, chosen: BitMap) -> Iterator[Entered]:
    """Who they are, and the groups that they join."""
    first, who = reverse("add-member", args=[visit.firm.pk]), _("who they are")
    role, *permissions = in_words(visit, given)
    address = given.email.strip() or _("No e-mail address")
    yield Entered(key=_("E-mail address"), lines=(address,), href=first, what=who)
    if external := given.external.strip():
        yield Entered(key=_("What your other software calls them"), lines=(external,))
    yield Entered(key=_("Role"), lines=(role,))
    yield Entered(key=_("Permissions"), lines=tuple(permissions))
    if offered_groups(visit):
        names = named_groups(visit, chosen)
        listed = (*(name for name, _note in names.lines), *((names.rest,) if names.rest else ()))
        href = reverse("add-member-groups", args=[visit.firm.pk])
        yield Entered(key=_("[Groups]"), lines=listed or (_("None"),), href=href, what=_("the [groups]"))
