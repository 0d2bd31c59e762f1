"""Deactivating a member, with or without a colleague who takes over, and reactivating one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Committed
from ringfence.core.commands.definitions import DeactivateMember, ReactivateMember
from ringfence.core.refusals import Refusal
from ringfence.core.terms import GIVING, Level, member_subject
from ringfence.web.previews.question import Question, asked
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients
from ringfence.web.shell.page import Link
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .colleagues import colleagues
from .person import member_row


@needs(Capability.MANAGE, READS_AND_SENDS)
def deactivate(visit: Visit, member: int) -> HttpResponse:
    """Deactivate the member after yes (rules.md 5, "Deactivating"); with `to`, a colleague takes over."""
    firm, row = visit.firm.pk, member_row(visit, member)
    back = reverse("member", args=[firm, member])
    if not visit.firm_now.members[member].active:
        # The second of two clicks.
        return redirect(back)
    successor = number_in(visit.request.GET.get("to", ""))
    if successor not in _successors(visit, member):
        successor = 0
    command = DeactivateMember(member=member, hand_over_to=successor or None)
    heir = member_names(firm, [successor]).get(successor, "") if successor else ""
    question = Question(
        title=_("Deactivate %(member)s") % {"member": row.name},
        text=_("Do you want to deactivate %(member)s?") % {"member": row.name},
        unanswered=_("Select yes if you want to deactivate them"),
        lead=_lead(visit, member, heir),
        links=_links(visit, member, heir),
        back=back,
        section="manage",
        # Whoever would be the last Owner of a client is named a successor first.
        elsewhere={} if heir else {Refusal.LAST_OWNER: reverse("choose-successor", args=[firm, member])},
    )
    answer = asked(visit, command, question)
    if isinstance(answer, Committed):
        messages.success(visit.request, _("%(member)s is deactivated.") % {"member": row.name})
        return redirect(back)
    return answer


def _lead(visit: Visit, member: int, heir: str) -> str:
    own = _handable(visit, member)
    said = [
        _(
            "They can no longer sign in here or open anything. Their [groups] and what was given to "
            "them are kept."
        )
    ]
    if heir:
        said.append(_("Their own access goes to %(heir)s.") % {"heir": heir})
    elif own:
        words = {"clients": count_clients(own)}
        said.append(_("Their own access to %(clients)s stays with them and lets nobody in.") % words)
        said.append(_("Those stay closed to all who are not given access otherwise."))
    return " ".join(said)


def _links(visit: Visit, member: int, heir: str) -> tuple[Link, ...]:
    if not heir and not _hands_anything(visit, member):
        return ()
    args = [visit.firm.pk, member]
    chosen = reverse("choose-successor", args=args)
    if heir:
        return (
            Link(text=_("Choose another colleague to take over"), href=chosen),
            Link(text=_("Hand nothing over"), href=reverse("deactivate-member", args=args)),
        )
    return (Link(text=_("Choose a colleague who takes their own access over"), href=chosen),)


def _handable(visit: Visit, member: int) -> int:
    """On how many clients the member has grants of their own that are no blocks."""
    now, held = visit.firm_now, visit.firm_now.grants_of(member_subject(member))
    clients = BitMap()
    for level in GIVING:
        clients = clients | (held.clients[level - 1] & now.clients)
        clients = clients | now.clients_of(held.engagements[level - 1] & now.engagements)
    return len(clients)


def _hands_anything(visit: Visit, member: int) -> bool:
    held = visit.firm_now.grants_of(member_subject(member))
    wide = [*held.services.values(), held.all]
    return bool(_handable(visit, member)) or any(level not in (Level.NONE, Level.BLOCKED) for level in wide)


def _successors(visit: Visit, member: int) -> list[int]:
    """Who can take over: the other active members who may use client records (rules.md 5)."""
    return [number for number, who in visit.firm_now.members.items() if who.works and number != member]


@needs(Capability.MANAGE)
def choose_successor(visit: Visit, member: int) -> HttpResponse:
    """Choose who takes over the member's own access."""
    firm, row = visit.firm.pk, member_row(visit, member)
    leaving = reverse("deactivate-member", args=[firm, member])
    return colleagues(
        visit,
        caption=row.name,
        title=_("Who takes over from %(member)s?") % {"member": row.name},
        lead=_(
            "They are given what was given to this person alone. [Groups] and delegations are not "
            "handed over."
        ),
        here=reverse("choose-successor", args=[firm, member]),
        back=leaving,
        address={number: f"{leaving}?to={number}" for number in _successors(visit, member)},
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def reactivate(visit: Visit, member: int) -> HttpResponse:
    """Reactivate the member after yes: what still stands counts again (rules.md 5)."""
    firm, row = visit.firm.pk, member_row(visit, member)
    back = reverse("member", args=[firm, member])
    if visit.firm_now.members[member].active:
        return redirect(back)
    question = Question(
        title=_("Reactivate %(member)s") % {"member": row.name},
        text=_("Do you want to reactivate %(member)s?") % {"member": row.name},
        unanswered=_("Select yes if you want to reactivate them"),
        lead=_("What they were given and has not ended counts again, and they can sign in."),
        back=back,
        section="manage",
    )
    answer = asked(visit, ReactivateMember(member=member), question)
    if isinstance(answer, Committed):
        messages.success(visit.request, _("%(member)s is active again.") % {"member": row.name})
        return redirect(back)
    return answer
