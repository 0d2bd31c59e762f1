"""Removing a client, the list of what was removed, and restoring within 30 days (rules.md 5, 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.ledger.removals import removed_by
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import ClientRight, Removed, restorable, rows_by_number
from ringfence.core.commands.definitions import RemoveClient, RestoreClient
from ringfence.core.days import local_time
from ringfence.core.directory import sort_key
from ringfence.core.terms import Thing
from ringfence.web.browse.client_lines import client_heading
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.search import read_search
from ringfence.web.previews.question import Question, asked
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import client_address, may_change, need_change
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_text, moment_text


class RemovedLine(NamedTuple):
    """A removed client that the visitor may restore."""

    name: str
    reference: str
    removed: str
    by: str
    """Who removed it; empty for the operator."""
    until: str
    """The minute until which it can be restored."""
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorablePage(ListPage[RemovedLine]):
    ledger: str
    """Where a change that removed several at once is undone; empty where there is none, or for others."""


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
                "services, documents and all access that was given to it."
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
    rows = rows_by_number(firm, Thing.CLIENT, ("number", "name", "reference"), "number", when)
    wanted = sort_key(search.wanted.text)
    found = [row for row in rows if wanted in sort_key(row[1]) or wanted in sort_key(row[2])]
    found.sort(key=lambda row: (-when[row[0]].at, row[0]))
    together = len({when[row[0]].at for row in rows}) < len(rows)
    page = RestorablePage(
        frame=frame_for(visit, "clients"),
        title=_("Removed [clients]"),
        ledger=reverse("ledger", args=[firm]) if together and visit.can(Capability.MANAGE) else "",
        back=reverse("client-access-list" if visit.can(Capability.READ_CONTROL) else "clients", args=[firm]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: _lines(visit, rows, when),
            heading=client_heading,
            empty=_("Try a part of the name or client reference, or clear the search.")
            if search.active
            else _("No [client] was removed in the last 30 days that you can restore."),
        ),
    )
    return show(visit.request, "changing/removed.html", page)


def _lines(
    visit: Visit, rows: Sequence[tuple[int, str, str]], when: Mapping[int, Removed]
) -> Iterator[RemovedLine]:
    by = _removed_by(visit, {number: when[number] for number, *_texts in rows})
    for number, name, reference in rows:
        yield RemovedLine(
            name=name or _("[A client] without a name"),
            reference=reference,
            removed=_day(visit, when[number]),
            by=by.get(number, ""),
            until=_until(visit, when[number]),
            href=reverse("restore-client", args=[visit.firm.pk, number]),
        )


def _removed_by(visit: Visit, when: Mapping[int, Removed]) -> dict[int, str]:
    """By client, the name of who removed it; none where the operator did."""
    actors = removed_by(visit.firm.pk, {client: each.at for client, each in when.items()})
    members = {client: actor.member for client, actor in actors.items() if actor.member is not None}
    names = member_names(visit.firm.pk, set(members.values()))
    return {client: names.get(member) or _("a former [member]") for client, member in members.items()}


def _day(visit: Visit, when: Removed) -> str:
    return day_text(local_time(when.at, visit.zone).date())


def _until(visit: Visit, when: Removed) -> str:
    """The minute until which a client can be restored."""
    return moment_text(when.until, visit.zone)


def _told(visit: Visit, client: int, when: Removed) -> str:
    """When and by whom the client was removed, and what restoring it brings back."""
    by = _removed_by(visit, {client: when}).get(client, "")
    words = {"day": _day(visit, when), "name": by, "until": _until(visit, when)}
    removed = (
        _("Removed on %(day)s by %(name)s. It can be restored until %(until)s.")
        if by
        else _("Removed on %(day)s. It can be restored until %(until)s.")
    )
    back = _("It comes back with its services, its documents and all access that was given to it.")
    return f"{removed % words} {back}"


@needs(Capability.MEMBER, READS_AND_SENDS)
def restore(visit: Visit, number: int) -> HttpResponse:
    """Yes brings the client back with everything that it had (rules.md 7)."""
    firm = visit.firm.pk
    firm_now = visit.firm_now
    when = restorable(firm_now, visit.number).get(number)
    if when is None:
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
            lead=_told(visit, number, when),
            text=_("Do you want to restore %(client)s?") % {"client": name},
            unanswered=_("Select yes if you want to restore this [client]"),
            back=reverse("removed-clients", args=[firm]),
        ),
    )
    if isinstance(answer, HttpResponse):
        return answer
    messages.success(visit.request, _("%(client)s is restored.") % {"client": name})
    return redirect(client_address(visit, number))
