"""Who opened which clients in an emergency, the latest first, and acknowledging that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, execute
from ringfence.access.emergencies import openings_numbered, shown_openings, to_acknowledge, to_end
from ringfence.access.ledger.emergencies import EmergencyOpening, opening_entries
from ringfence.access.listing.clients import client_name_of
from ringfence.core.commands.definitions import AcknowledgeEmergency
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.browse.until import terms_text
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyLine:
    """One opening."""

    member: str
    client: str
    opened: str
    terms: str
    reason: str
    state: str
    end: str
    """Where it is ended; empty where it has ended, or the visitor may not."""
    acknowledge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyListing:
    paging: Paging
    lines: tuple[EmergencyLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergenciesPage(Page):
    heading: str
    listing: EmergencyListing


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgePage(Page):
    caption: str
    sentences: tuple[str, ...]
    note: str
    note_error: str


@needs(Capability.MEMBER)
def listing(visit: Visit) -> HttpResponse:
    """All for who reads the control side; else one's own, and those of clients that one may share."""
    firm = visit.firm.pk
    found = shown_openings(visit.firm_now, visit.number)
    number = asked_page(visit.request.GET, len(found))
    paging = Paging(total=len(found), number=number, path=reverse("emergencies", args=[firm]), query={})
    page = EmergenciesPage(
        frame=frame_for(visit, "clients" if visit.everyday else "manage"),
        title=_("Opened in an emergency"),
        back=reverse("firm-home", args=[firm]),
        heading=_heading(paging),
        listing=EmergencyListing(
            paging=paging,
            lines=tuple(
                _lines(
                    visit,
                    openings_numbered(visit.firm_now, found[paging.offset : paging.offset + paging.size]),
                )
            ),
        ),
    )
    return show(visit.request, "emergency/list.html", page)


def _lines(visit: Visit, found: list[EmergencyOpening]) -> Iterable[EmergencyLine]:
    firm, now = visit.firm.pk, visit.firm_now
    clients = client_name_of(firm, {each.client for each in found})
    people = {each.member for each in found}
    people |= {each.acknowledged.by for each in found if each.acknowledged and each.acknowledged.by}
    members = member_names(firm, people)
    waiting, ending = to_acknowledge(now, visit.number), to_end(now, visit.number)
    for each in found:
        pair = (each.client, each.member)
        args = [firm, *pair]
        ends = each.ended is None and pair in ending
        acknowledges = each.acknowledged is None and pair in waiting
        yield EmergencyLine(
            member=members.get(each.member) or _("a former [member]"),
            client=clients.get(each.client, ""),
            opened=moment_text(each.at, visit.zone),
            terms=terms_text(visit, each.level, each.expires),
            reason=each.reason,
            state=_state(visit, each, members),
            end=reverse("end-emergency", args=args) if ends else "",
            acknowledge=reverse("acknowledge-emergency", args=args) if acknowledges else "",
        )


def _state(visit: Visit, each: EmergencyOpening, members: dict[int, str]) -> str:
    ended = _("Not ended yet.")
    if each.ended is not None or each.expires <= visit.firm_now.now:
        at = min(each.ended.at if each.ended else each.expires, each.expires)
        ended = _("Ended: %(time)s.") % {"time": moment_text(at, visit.zone)}
    if each.acknowledged is None:
        waits = _("Nobody has acknowledged it.")
        return f"{ended} {waits}"
    by = members.get(each.acknowledged.by or 0) or _("the operator")
    said = _("Acknowledged by %(who)s.") % {"who": by}
    return " ".join(filter(None, (ended, said, each.acknowledged.note)))


def _heading(paging: Paging) -> str:
    if not paging.total:
        return _("Nobody has opened [a client] in an emergency.")
    words = ngettext("%(total)s opening", "%(total)s openings", paging.total)
    return words % paging.words


@needs(Capability.MEMBER, READS_AND_SENDS)
def acknowledge(visit: Visit, number: int, member: int) -> HttpResponse:
    """Say that one has seen it, with a note: for who may share the client and did not open it."""
    firm, back = visit.firm.pk, reverse("emergencies", args=[visit.firm.pk])
    if (number, member) not in to_acknowledge(visit.firm_now, visit.number):
        if visit.firm_now.knows(visit.number, number):
            # The second of two clicks, or somebody else was quicker.
            return redirect(back)
        raise Http404
    found = _latest(visit, number, member)
    client = client_name_of(firm, [number])[number]
    who = member_names(firm, [member]).get(member) or _("a former [member]")
    note, error = showable(visit.request.POST.get("note", "").strip()), ""
    if visit.request.method == "POST":
        command = AcknowledgeEmergency(client=number, member=member, reason=note)
        try:
            execute(firm, command, actor=visit.actor)
        except Refused as refused:
            error = problem_sentence(refused)
        else:
            said = _("You have acknowledged that %(member)s opened %(client)s.")
            messages.success(visit.request, said % {"member": who, "client": client})
            return redirect(back)
    opened = _("%(member)s opened this [client] in an emergency: %(time)s, %(terms)s.") % {
        "member": who,
        "time": moment_text(found.at, visit.zone),
        "terms": terms_text(visit, found.level, found.expires),
    }
    page = AcknowledgePage(
        frame=frame_for(visit, "clients" if visit.everyday else "manage"),
        title=_("Acknowledge emergency access"),
        caption=client,
        back=back,
        errors=(ErrorLine(text=error, href="#note"),) if error else (),
        sentences=(opened, _("The reason: %(reason)s") % {"reason": found.reason}),
        note=note,
        note_error=error,
    )
    return show(visit.request, "emergency/acknowledge.html", page)


def _latest(visit: Visit, client: int, member: int) -> EmergencyOpening:
    """The opening of theirs that waits, as the ledger tells it."""
    now = visit.firm_now
    opened = opening_entries(now.firm, until=now.version, since=now.emergencies[client, member].opened)
    found = openings_numbered(now, opened)
    return next(one for one in found if (one.client, one.member) == (client, member))
