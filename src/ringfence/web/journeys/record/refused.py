"""A record that one may not open: why, as far as it is safe to say, who can help, and how to help oneself.

A client that the member may not know of is not found, like one that is not there (rules.md 3, 5).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from msgspec.structs import replace

from ringfence.access import Refused, RoadKind, SelfHelp
from ringfence.access.emergencies import may_open
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import explained, own_roads
from ringfence.access.refused_attempts import What, note_refused
from ringfence.core.commands.definitions import Command, CreateGroup
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.who_can_help import (
    Helper,
    asked_link,
    helping_administrators,
    helping_sharers,
    public_holders,
)
from ringfence.web.previews.question import Question, asked, refused_in
from ringfence.web.queries.holders import Holder
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.addresses import control_address, request_address, sharing_address
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.refusals import name_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import for_member, practice_denial
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPage(Page):
    sentences: tuple[str, ...]
    why: str
    """The proof, for who reads the control side; else empty."""
    share: str
    emergency: str
    """Where it is opened in an emergency; empty for who cannot."""
    request: str
    """Where access is asked for; empty for who cannot."""
    asked: Link | None
    """That they have asked already, None where they have not."""
    holders: tuple[Holder, ...] | None
    sharers: tuple[Helper, ...]
    """Single members who have access and may share it."""
    administrators: tuple[Helper, ...]
    roads: tuple[Link, ...]
    """How the visitor can let themselves in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroupPage(Page):
    caption: str
    name: str
    name_error: str


def closed(visit: Visit, number: int) -> HttpResponse:
    """A client that the member cannot open: 403 where they may know of it, else as if it did not exist."""
    # Whether there is such a client must not show in what is done.
    there = number if number in visit.firm_now.clients else 0
    note_refused(visit.firm.pk, member=visit.number, what=What.OPEN_RECORD, client=there)
    if number not in visit.firm_now.known_clients(visit.number):
        raise Http404
    name = client_name_of(visit.firm.pk, [number])[number]
    told = public_holders(visit, number)
    control = control_address(visit, number)
    page = ClosedPage(
        frame=frame_for(visit, "clients"),
        title=_("Permission denied"),
        back=reverse("clients" if visit.everyday else "client-access-list", args=[visit.firm.pk]),
        row=client_pages(visit, number, "client"),
        sentences=_denied_words(visit, number, name),
        why=reverse("why-member", args=[visit.firm.pk, number, visit.number]) if control else "",
        share=sharing_address(visit, number),
        emergency=reverse("open-emergency", args=[visit.firm.pk, number])
        if may_open(visit.firm_now, visit.number, number)
        else "",
        request=request_address(visit, number),
        asked=asked_link(visit, number),
        holders=told,
        sharers=helping_sharers(visit, number) if told is not None or control else (),
        administrators=helping_administrators(visit),
        roads=_road_links(visit, number, name),
    )
    return show(visit.request, "record/closed.html", page, status=403)


def _denied_words(visit: Visit, number: int, name: str) -> tuple[str, ...]:
    """What is safe for the member; who manages or audits access knows the client by name already."""
    if visit.can(Capability.KNOW_CLIENTS):
        said = practice_denial(visit.settings) if visit.can(Capability.USE_CLIENTS) else ""
        named = _("You do not have access to the record of %(name)s.") % {"name": name.removesuffix(".")}
        return (said, named) if said else (named,)
    found = explained(visit.firm_now, visit.number, number)
    if not found.engagements:
        raise Http404
    return for_member(found.engagements[0], SentenceNames(visit.firm, [number]), visit.settings)


# --- Helping oneself


def _roads(visit: Visit, number: int) -> tuple[SelfHelp, ...]:
    if not visit.can(Capability.MANAGE_ACCESS):
        return ()
    return own_roads(visit.firm_now, visit.number, number)


def _road_links(visit: Visit, number: int, client: str) -> tuple[Link, ...]:
    found = _roads(visit, number)
    names = SentenceNames(visit.firm, ())
    return tuple(
        Link(
            text=_road_text(road, client, names),
            href=reverse("let-oneself-in", args=[visit.firm.pk, number, road.kind.value, road.group]),
        )
        for road in found
    )


def _road_text(road: SelfHelp, client: str, names: SentenceNames) -> str:
    words = {"client": client, "group": names.group(road.group)}
    match road.kind:
        case RoadKind.JOIN:
            return _("Join the [group] %(group)s, which has access") % words
        case RoadKind.PUT:
            return _("Put %(client)s into your [group] %(group)s") % words
        case RoadKind.OWN:
            return _("Give yourself access to %(client)s") % words
        case RoadKind.NEW:
            return _("Create a new [group] with %(client)s and yourself") % words


@needs(Capability.MANAGE_ACCESS, READS_AND_SENDS)
def let_in(visit: Visit, number: int, kind: str, group: int) -> HttpResponse:
    """One of the roads: what it does, yes or no. That one lets oneself in is said and marked (rules.md 5)."""
    if number not in visit.firm_now.clients:
        raise Http404
    record = reverse("client", args=[visit.firm.pk, number])
    road = next((each for each in _roads(visit, number) if (each.kind, each.group) == (kind, group)), None)
    if road is None:
        # It was taken already, or leads there no longer: the record or the page of refusal says which.
        return redirect(record)
    client = client_name_of(visit.firm.pk, [number])[number]
    command: Command = road.command
    kept: dict[str, str] = {}
    if isinstance(command, CreateGroup):
        given = visit.request.POST.get("name", "")
        command, kept = replace(command, name=given), {"name": given}
        refused = refused_in(visit, command) if visit.request.method == "POST" else None
        if visit.request.method != "POST" or refused is not None:
            return _name_page(visit, number, client, given, refused)
    text = _road_text(road, client, SentenceNames(visit.firm, ()))
    answer = asked(
        visit,
        command,
        Question(
            title=text,
            text=_("Do you want to make this change?"),
            unanswered=_("Select yes if you want to make this change"),
            back=record,
            kept=kept,
        ),
        form=isinstance(command, CreateGroup),
    )
    if isinstance(answer, HttpResponse):
        return answer
    messages.success(visit.request, _("You have access to %(client)s now.") % {"client": client})
    return redirect(record)


def _name_page(visit: Visit, number: int, client: str, given: str, refused: Refused | None) -> HttpResponse:
    error = name_sentence(refused) if refused is not None else ""
    page = NewGroupPage(
        frame=frame_for(visit, "clients"),
        title=_("What is the name of the [group]?"),
        caption=client,
        back=reverse("client", args=[visit.firm.pk, number]),
        errors=(ErrorLine(text=error, href="#name"),) if error else (),
        name=showable(given),
        name_error=error,
    )
    return show(visit.request, "record/new_group.html", page)
