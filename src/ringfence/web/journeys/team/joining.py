"""Adding a member to groups and taking them out of some, several at once: which, what it does, yes or no."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Batch
from ringfence.core.commands.definitions import AddToGroup, RemoveFromGroup
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


def joined_groups(visit: Visit, member: int) -> BitMap:
    """The groups that the member can be taken out of."""
    return BitMap([number for number, inside in visit.firm_now.groups.items() if member in inside]) - BitMap(
        [EVERYONE]
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def groups(visit: Visit, member: int) -> HttpResponse:
    """Choose groups to join, those alone that the member is not in."""
    title = _("Which [groups] should they join?")
    return _choose(visit, member, "join-groups", title, offered_groups(visit, member))


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit, member: int) -> HttpResponse:
    """What joining them does; yes does it (rules.md 7, `group.add_members`)."""
    row, alone = member_row(visit, member), frozenset([member])
    chosen = _chosen(visit, member, "join-groups", offered_groups(visit, member))
    batch = Batch("group.add_members", tuple(AddToGroup(group=number, members=alone) for number in chosen))
    done = ngettext(
        "%(member)s is now in %(count)s more [group].",
        "%(member)s is now in %(count)s more [groups].",
        len(chosen),
    )
    words = {"member": row.name, "count": len(chosen)}
    title = _("Add %(member)s to [groups]") % words
    return _check(visit, member, "join-groups", chosen, batch, title, done % words)


@needs(Capability.MANAGE, READS_AND_SENDS)
def leave(visit: Visit, member: int) -> HttpResponse:
    """Choose groups to be taken out of, several at once."""
    title = _("Which [groups] should they leave?")
    return _choose(visit, member, "leave-groups", title, joined_groups(visit, member))


@needs(Capability.MANAGE, READS_AND_SENDS)
def check_leaving(visit: Visit, member: int) -> HttpResponse:
    """What leaving them does; yes does it (rules.md 7, `group.remove_members`)."""
    row, alone = member_row(visit, member), frozenset([member])
    chosen = _chosen(visit, member, "leave-groups", joined_groups(visit, member))
    commands = tuple(RemoveFromGroup(group=number, members=alone) for number in chosen)
    done = ngettext(
        "%(member)s is no longer in %(count)s [group].",
        "%(member)s is no longer in %(count)s [groups].",
        len(chosen),
    )
    words = {"member": row.name, "count": len(chosen)}
    title = _("Remove %(member)s from [groups]") % words
    batch = Batch("group.remove_members", commands)
    return _check(visit, member, "leave-groups", chosen, batch, title, done % words)


def _choose(visit: Visit, member: int, route: str, title: str, offered: BitMap) -> HttpResponse:
    firm, row = visit.firm.pk, member_row(visit, member)

    def keep(chosen: BitMap) -> None:
        kept = draft_for(firm, visit.number, _purpose(route, member))
        keep_groups(kept or start_draft(firm, visit.number, _purpose(route, member)), chosen)

    return choose(
        visit,
        Choosing(
            here=reverse(route, args=[firm, member]),
            title=title,
            caption=row.name,
            back=reverse("member", args=[firm, member]),
            rows=Groups(visit),
            offered=offered,
            chosen=_chosen(visit, member, route, offered),
            keep=keep,
            go_on=lambda: redirect(f"{route}-check", firm=firm, member=member),
            none_chosen=_("Select at least one [group] to continue"),
        ),
    )


def _check(
    visit: Visit, member: int, route: str, chosen: BitMap, batch: Batch, title: str, done: str
) -> HttpResponse:
    firm = visit.firm.pk
    if not chosen:
        # Nothing is chosen, or this is the second of two clicks.
        sent = visit.request.method == "POST"
        return redirect("member" if sent else route, firm=firm, member=member)
    answer = read_answer(visit, _("Select yes if you want to make this change"))
    if answer.yes:
        answer = save_checked(visit, batch)
    if answer.yes:
        messages.success(visit.request, done)
    if answer.yes or answer.no:
        drop_draft(firm, visit.number, _purpose(route, member))
        return redirect("member", firm=firm, member=member)
    return ask_checked(
        visit,
        batch,
        answer,
        CheckQuestion(
            title=title,
            caption="",
            question=_("Do you want to make this change?"),
            back=reverse(route, args=[firm, member]),
            chosen_title=_("[Groups]"),
            chosen=named_groups(visit, chosen),
        ),
    )


def _purpose(route: str, member: int) -> str:
    return f"{route}.{member}"


def _chosen(visit: Visit, member: int, route: str, offered: BitMap) -> BitMap:
    """What is ticked so far; reading it writes nothing."""
    draft = draft_for(visit.firm.pk, visit.number, _purpose(route, member))
    return chosen_groups(draft, offered) if draft is not None else BitMap()
