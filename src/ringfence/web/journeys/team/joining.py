"""Adding a member to groups that they are not in, several at once: which, then what it does, yes or no."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Batch
from ringfence.core.commands.definitions import AddToGroup
from ringfence.core.directory import sort_key
from ringfence.core.terms import EVERYONE
from ringfence.firms.models import Draft
from ringfence.web.browse.choosing import Choosing, choose
from ringfence.web.browse.choosing_groups import Groups
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import read_answer
from ringfence.web.previews.outcome import FIRST, NameList, rest_words
from ringfence.web.queries.drafts import draft_for, drop_draft, start_draft
from ringfence.web.queries.things import group_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .person import member_row


def offered_groups(visit: Visit, member: int = 0) -> BitMap:
    """The groups that the member is not in yet; Everyone has all active members by itself (rules.md 1).

    Without a `member` it is somebody who is yet to be added.
    """
    groups = visit.firm_now.groups
    return BitMap(
        [number for number, inside in groups.items() if number != EVERYONE and member not in inside]
    )


def chosen_groups(draft: Draft, offered: BitMap) -> BitMap:
    """The groups that the draft holds and that are still offered."""
    return BitMap(draft.values.get("groups", [])) & offered


def keep_groups(draft: Draft, chosen: BitMap) -> None:
    """Keep another choice."""
    draft.values["groups"] = list(chosen)
    draft.save()


def named_groups(visit: Visit, chosen: BitMap) -> NameList:
    """The groups chosen, as a check shows them."""
    names = sorted(group_names(visit.firm.pk, chosen).values(), key=sort_key)
    return NameList(
        total=len(names), lines=tuple((name, "") for name in names[:FIRST]), rest=rest_words(len(names))
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def groups(visit: Visit, member: int) -> HttpResponse:
    """Choose the groups, those alone that the member is not in."""
    firm, row = visit.firm.pk, member_row(visit, member)
    draft, offered = _draft(visit, member), offered_groups(visit, member)
    return choose(
        visit,
        Choosing(
            here=reverse("join-groups", args=[firm, member]),
            title=_("Which [groups] should they join?"),
            caption=row.name,
            back=reverse("member", args=[firm, member]),
            rows=Groups(visit),
            offered=offered,
            chosen=chosen_groups(draft, offered),
            keep=lambda chosen: keep_groups(draft, chosen),
            go_on=lambda: redirect("join-groups-check", firm=firm, member=member),
            none_chosen=_("Select at least one [group] to continue"),
        ),
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit, member: int) -> HttpResponse:
    """What joining them does; yes does it (rules.md 7, `group.add_members`)."""
    firm, row = visit.firm.pk, member_row(visit, member)
    chosen = chosen_groups(_draft(visit, member), offered_groups(visit, member))
    if not chosen:
        # Nothing is chosen, or this is the second of two clicks.
        sent = visit.request.method == "POST"
        return redirect("member" if sent else "join-groups", firm=firm, member=member)
    alone = frozenset([member])
    batch = Batch("group.add_members", tuple(AddToGroup(group=number, members=alone) for number in chosen))
    answer = read_answer(visit, _("Select yes if you want to make this change"))
    if answer.yes:
        answer = save_checked(visit, batch)
    if answer.yes:
        words = ngettext(
            "%(member)s is now in %(count)s more [group].",
            "%(member)s is now in %(count)s more [groups].",
            len(chosen),
        )
        messages.success(visit.request, words % {"member": row.name, "count": len(chosen)})
    if answer.yes or answer.no:
        drop_draft(firm, visit.number, _purpose(member))
        return redirect("member", firm=firm, member=member)
    return ask_checked(
        visit,
        batch,
        answer,
        CheckQuestion(
            title=_("Add %(member)s to [groups]") % {"member": row.name},
            caption="",
            question=_("Do you want to make this change?"),
            back=reverse("join-groups", args=[firm, member]),
            chosen_title=_("[Groups]"),
            chosen=named_groups(visit, chosen),
        ),
    )


def _purpose(member: int) -> str:
    return f"member.{member}.groups"


def _draft(visit: Visit, member: int) -> Draft:
    found = draft_for(visit.firm.pk, visit.number, _purpose(member))
    return found if found is not None else start_draft(visit.firm.pk, visit.number, _purpose(member))
