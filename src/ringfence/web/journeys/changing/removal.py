"""Removing a client, the list of what was removed, and restoring within 30 days (rules.md 5, 7)."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.reading import ClientRight, Removed, restorable
from ringfence.core.commands.definitions import RemoveClient, RestoreClient
from ringfence.core.days import local_time
from ringfence.core.directory import sort_key
from ringfence.firms.models import Client
from ringfence.web.browse.client_lines import client_heading
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.search import read_search
from ringfence.web.previews.question import Question, asked
from ringfence.web.queries.clients import client_name_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import client_address, may_change, need_change
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import day_text

DAY = 86_400_000_000
"""Microseconds."""


class RemovedLine(NamedTuple):
    """A removed client that the visitor may restore."""

    name: str
    reference: str
    removed: str
    left: str
    """For how long it can be restored yet."""
    href: str


@needs(Capability.MEMBER, READS_AND_SENDS)
def remove(visit: Visit, number: int) -> HttpResponse:
    """Yes removes the client; until it is gone for good, who removed it may restore it."""
    firm = visit.firm.pk
    after = reverse("removed-clients", args=[firm]) if visit.everyday else reverse("firm-home", args=[firm])
    if visit.request.method == "POST" and number in restorable(visit.firm_now, visit.number):
        # The second of two clicks.
        return redirect(after)
    need_change(visit, ClientRight.REMOVE, number)
    name = client_name_of(firm, [number])[number]
    answer = asked(
        visit,
        RemoveClient(client=number),
        Question(
            title=_("Remove %(client)s") % {"client": name},
            lead=_(
                "Nobody can open it any more, and it is in no list. It can be restored for 30 days, with its "
                "services, notes and all access that was given to it."
            ),
            text=_("Do you want to remove %(client)s?") % {"client": name},
            unanswered=_("Select yes if you want to remove this [client]"),
            back=client_address(visit, number),
        ),
    )
    if isinstance(answer, HttpResponse):
        return answer
    messages.success(
        visit.request, _("%(client)s is removed. It can be restored for 30 days.") % {"client": name}
    )
    return redirect(after)


@needs(Capability.READ_CLIENTS)
def removed(visit: Visit) -> HttpResponse:
    """The removed clients that the visitor may restore, the latest first."""
    firm = visit.firm.pk
    search = read_search(visit, reverse("removed-clients", args=[firm]), _("Name or client reference"))
    when = restorable(visit.firm_now, visit.number)
    rows = Client.objects.filter(firm=firm, removed_at__isnull=False)
    wanted = sort_key(search.wanted.text)
    found = [
        (number, name, reference)
        for number, name, reference in rows.values_list("number", "name", "reference")
        if number in when and (wanted in sort_key(name) or wanted in sort_key(reference))
    ]
    found.sort(key=lambda row: (-when[row[0]].at, row[0]))
    page = ListPage(
        frame=frame_for(visit, "clients"),
        title=_("Removed [clients]"),
        back=reverse("client-access-list" if visit.can(Capability.READ_CONTROL) else "clients", args=[firm]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: [_line(visit, row, when[row[0]]) for row in rows],
            heading=client_heading,
            empty=_("Try a part of the name or client reference, or clear the search.")
            if search.active
            else _("No [client] was removed in the last 30 days that you can restore."),
        ),
    )
    return show(visit.request, "changing/removed.html", page)


def _line(visit: Visit, row: tuple[int, str, str], when: Removed) -> RemovedLine:
    number, name, reference = row
    days = max(0, when.until - visit.firm_now.now) // DAY
    left = ngettext("%(count)s day", "%(count)s days", days) if days else _("Less than a day")
    return RemovedLine(
        name=name or _("[A client] without a name"),
        reference=reference,
        removed=day_text(local_time(when.at, visit.zone).date()),
        left=left % {"count": days} if days else left,
        href=reverse("restore-client", args=[visit.firm.pk, number]),
    )


@needs(Capability.MEMBER, READS_AND_SENDS)
def restore(visit: Visit, number: int) -> HttpResponse:
    """Yes brings the client back with everything that it had (rules.md 7)."""
    firm = visit.firm.pk
    firm_now = visit.firm_now
    if number not in restorable(firm_now, visit.number):
        if number in firm_now.clients and may_change(visit, ClientRight.REMOVE, number):
            # The second of two clicks.
            return redirect(client_address(visit, number))
        raise Http404
    name = client_name_of(firm, [number])[number] or _("[A client] without a name")
    answer = asked(
        visit,
        RestoreClient(client=number),
        Question(
            title=_("Restore %(client)s") % {"client": name},
            text=_("Do you want to restore %(client)s?") % {"client": name},
            unanswered=_("Select yes if you want to restore this [client]"),
            back=reverse("removed-clients", args=[firm]),
        ),
    )
    if isinstance(answer, HttpResponse):
        return answer
    messages.success(visit.request, _("%(client)s is restored.") % {"client": name})
    return redirect(client_address(visit, number))
