"""The check of a member's leaving: who takes over, who gains and loses, yes or no. It is one change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Batch
from ringfence.access.handing_over import handing_over, kept_by_block, own_clients
from ringfence.core.commands.definitions import Command, DeactivateMember, RemoveDelegation
from ringfence.web.journeys.team.person import member_row
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import read_answer
from ringfence.web.previews.outcome import NameList
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .draft import delegations_of, drop, ends_delegations, heirs, successors
from .start import EACH, NOBODY, leaves_something


class _TakeOver(NamedTuple):
    """Who takes over, as the address says it."""

    commands: tuple[Command, ...]
    told: tuple[tuple[str, str], ...]
    """Each colleague with what goes to them."""
    notes: tuple[str, ...]


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit, member: int) -> HttpResponse:
    """Yes deactivates the member (rules.md 5, "Deactivating") and hands over as the address says."""
    firm, row = visit.firm.pk, member_row(visit, member)
    if not visit.firm_now.members[member].active:
        # The second of two clicks.
        return redirect("member", firm=firm, member=member)
    taken = _taken(visit, member, visit.request.GET.get("to", ""))
    if taken is None:
        return redirect("deactivate-member", firm=firm, member=member)
    ending = delegations_of(visit, member) if ends_delegations(visit, member) else []
    ended = tuple(RemoveDelegation(delegator=giver, delegate=taker) for giver, taker in ending)
    batch = Batch("member.deactivate", (*ended, *taken.commands))
    answer = read_answer(visit, _("Select yes if you want to deactivate them"))
    if answer.no:
        return redirect("member", firm=firm, member=member)
    if answer.yes:
        answer = save_checked(visit, batch)
    if answer.yes:
        drop(visit, member)
        messages.success(visit.request, _("%(member)s is deactivated.") % {"member": row.name})
        return redirect("member", firm=firm, member=member)
    return ask_checked(
        visit,
        batch,
        answer,
        CheckQuestion(
            title=_("Check before you deactivate %(member)s") % {"member": row.name},
            caption="",
            question=_("Do you want to deactivate %(member)s?") % {"member": row.name},
            back=reverse("deactivate-member", args=[firm, member]),
            chosen_title=_("Who takes over") if taken.told else "",
            chosen=_listed(taken.told),
            notes=(*taken.notes, *_ended(len(ended))),
            change=Link(
                text=_("Choose otherwise who takes over"),
                href=reverse("deactivate-member", args=[firm, member]),
            )
            if leaves_something(visit, member)
            else None,
        ),
    )


def _ended(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    words = ngettext(
        "%(count)s delegation from or to them ends for good.",
        "%(count)s delegations from or to them end for good.",
        count,
    )
    return (words % {"count": figure(count)},)


def _listed(told: tuple[tuple[str, str], ...]) -> NameList | None:
    if not told:
        return None
    count = ngettext("%(count)s colleague", "%(count)s colleagues", len(told)) % {"count": len(told)}
    return NameList(total=len(told), lines=told, rest="", count=count)


def _taken(visit: Visit, member: int, said: str) -> _TakeOver | None:
    """None where the address names nobody who can take over."""
    ends = _(
        "They can no longer sign in here or open anything. Their [groups] and what stays with them are kept."
    )
    own = own_clients(visit.firm_now, member)
    if said == NOBODY:
        return _TakeOver((DeactivateMember(member=member),), (), (ends, *_left(len(own))))
    if said == EACH:
        parts = heirs(visit, member)
        if not parts:
            return None
        commands = (*handing_over(visit.firm_now, member, parts), DeactivateMember(member=member))
        left = len(own - BitMap.union(*parts.values()))
        return _TakeOver(commands, _told(visit, member, parts), (ends, *_left(left)))
    heir = number_in(said)
    if heir not in successors(visit, member):
        return None
    command = DeactivateMember(member=member, hand_over_to=heir)
    return _TakeOver((command,), _told(visit, member, {heir: own}), (ends,))


def _told(visit: Visit, member: int, parts: Mapping[int, BitMap]) -> tuple[tuple[str, str], ...]:
    names = member_names(visit.firm.pk, parts)
    return tuple(
        (names.get(heir, ""), _given_text(visit, member, heir, clients)) for heir, clients in parts.items()
    )


def _given_text(visit: Visit, member: int, heir: int, clients: BitMap) -> str:
    stays = clients & kept_by_block(visit.firm_now, member, heir)
    said = count_clients(len(clients - stays))
    if not stays:
        return said
    words = _("%(clients)s. They are blocked from these, which stay: %(blocked)s.")
    return words % {"clients": said, "blocked": count_clients(len(stays))}


def _left(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    words = {"clients": count_clients(count)}
    stays = _("Their own access to %(clients)s stays with them and lets nobody in.") % words
    return (" ".join((stays, _("Those stay closed to all who are not given access otherwise."))),)
