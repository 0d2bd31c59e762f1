"""Taking one way away from a member: a grant of their own, or a place in a group."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.listing.clients import client_name_of
from ringfence.core.commands.definitions import On, RemoveFromGroup, RemoveGrant
from ringfence.core.terms import ALL_CLIENTS, EVERYONE, Target, member_subject
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.queries.things import group_names, services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .person import member_row


@needs(Capability.MANAGE, READS_AND_SENDS)
def remove_access(visit: Visit, member: int, on: str, target: int) -> HttpResponse:
    """Remove a grant of the member's own (rules.md 7, `grant.remove`)."""
    row = member_row(visit, member)
    wanted = _target(visit, on, target)
    back = reverse(
        "member-access" if on in ("client", "engagement") else "member", args=[visit.firm.pk, member]
    )
    if visit.firm_now.grants_of(member_subject(member)).grant_on(wanted) is None:
        # Somebody else was quicker, or this is the second of two clicks.
        return redirect(back)
    words = {"member": row.name, "target": _target_text(visit, wanted)}
    return asked_and_done(
        visit,
        RemoveGrant(to=(member_subject(member),), on=On.target(wanted)),
        Question(
            title=_("Remove the access of %(member)s to %(target)s") % words,
            text=_("Do you want to remove this access?"),
            unanswered=_("Select yes if you want to remove this access"),
            back=back,
            section="manage",
        ),
        done=_("The access of %(member)s to %(target)s is removed.") % words,
    )


def _target(visit: Visit, kind: str, number: int) -> Target:
    now = visit.firm_now
    if kind == "all" and number == 0:
        return ALL_CLIENTS
    if kind == "service" and number in now.services:
        return Target("service", number)
    if kind == "client" and number in now.clients:
        return Target("client", number)
    if kind == "engagement" and number in now.engagements:
        return Target("engagement", number)
    raise Http404


def _target_text(visit: Visit, on: Target) -> str:
    firm, now = visit.firm.pk, visit.firm_now
    if on == ALL_CLIENTS:
        return _("all [clients]")
    if on.kind == "client":
        return client_name_of(firm, [on.number])[on.number]
    services = dict(services_of(firm))
    if on.kind == "service":
        words = {"service": services.get(on.number, "")}
        return _("all [clients] with the service %(service)s") % words
    client = now.client_of(on.number)
    return f"{client_name_of(firm, [client])[client]} · {services.get(now.service_of(on.number), '')}"


@needs(Capability.MANAGE, READS_AND_SENDS)
def leave_group(visit: Visit, member: int, group: int) -> HttpResponse:
    """Remove the member from a group (rules.md 7, `group.remove_members`)."""
    row, firm = member_row(visit, member), visit.firm.pk
    back = reverse("member", args=[firm, member])
    if group == EVERYONE or group not in visit.firm_now.groups:
        raise Http404
    if member not in visit.firm_now.groups[group]:
        return redirect(back)
    words = {"member": row.name, "group": group_names(firm, [group])[group]}
    return asked_and_done(
        visit,
        RemoveFromGroup(group=group, members=frozenset([member])),
        Question(
            title=_("Remove %(member)s from %(group)s") % words,
            text=_("Do you want to remove them from this [group]?"),
            unanswered=_("Select yes if you want to remove them from this [group]"),
            back=back,
            section="manage",
        ),
        done=_("%(member)s is no longer in %(group)s.") % words,
    )
