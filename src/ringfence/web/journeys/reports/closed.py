"""Clients that nobody can open: every grant that closes each, with the way to take it away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.listing.clients import client_name_of, client_rows, page_of_clients
from ringfence.core.commands.definitions import Command, ExcludeClients, On, RemoveGrant
from ringfence.core.terms import Subject, Target
from ringfence.web.browse.client_lines import client_heading
from ringfence.web.browse.grant_lines import GrantLine, grant_line
from ringfence.web.browse.listing import ListPage, list_page
from ringfence.web.browse.take_links import take_links
from ringfence.web.previews.question import Question, asked
from ringfence.web.queries.holders import StandingGrant, standing_grants
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.addresses import sharing_address
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .asked import asked_clients


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingGrant:
    """A grant that closes a client, with the way to take it away; empty for who may not."""

    line: GrantLine
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedLine:
    """A client that nobody can open."""

    name: str
    href: str
    reference: str
    confidential: bool
    grants: tuple[ClosingGrant, ...]
    otherwise: str
    """What closes it where no grant stands on it."""
    share: str
    """Where access to it is given, empty for who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedReportPage(ListPage[ClosedLine]):
    lead: str
    taken: tuple[Link, ...]


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def closed(visit: Visit) -> HttpResponse:
    """The clients that no active member can open, with every grant that stands on them (rules.md 1)."""
    firm, now = visit.firm.pk, visit.firm_now
    search, found = asked_clients(visit, "report-closed")
    page = ClosedReportPage(
        frame=frame_for(visit, "manage"),
        title=_("Closed to everybody"),
        back=reverse("reports", args=[firm]),
        errors=search.errors,
        taken=take_links("take-closed", search, firm) if found else (),
        lead=_(
            "Nobody can open these [clients]. Beside each stands what closes it. Access that was given once "
            "and gives nothing now keeps [a client] closed until it is removed, or somebody else is given "
            "access."
        ),
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=partial(page_of_clients, now, found),
            lines=partial(_lines, visit),
            heading=client_heading,
            empty=_("Try fewer words, or clear the search.")
            if search.active
            else _("Every [client] can be opened by somebody."),
        ),
    )
    return show(visit.request, "reports/closed.html", page)


def _lines(visit: Visit, numbers: Sequence[int]) -> Iterator[ClosedLine]:
    firm, now = visit.firm.pk, visit.firm_now
    rows = client_rows(now, visit.number, numbers, now.engagements)
    names = SentenceNames(visit.firm, numbers)
    manages = visit.can(Capability.MANAGE)
    for number in numbers:
        row, standing = rows[number], standing_grants(now, number, names)
        yield ClosedLine(
            name=row.name,
            href=reverse("client-access", args=[firm, number]),
            reference=row.reference,
            confidential=row.confidential,
            grants=tuple(
                ClosingGrant(
                    line=grant_line(visit, each, number, names.services),
                    remove=_remove_address(firm, number, each) if manages else "",
                )
                for each in standing
            ),
            otherwise=_("It is marked confidential, and nobody was given access.")
            if row.confidential
            else _("Nobody was given access."),
            share=sharing_address(visit, number),
        )


def closing_texts(visit: Visit, clients: Sequence[int]) -> list[str]:
    """What closes each of these clients, in a text."""
    return ["; ".join(map(_grant_text, line.grants)) or line.otherwise for line in _lines(visit, clients)]


def _grant_text(grant: ClosingGrant) -> str:
    line = grant.line
    who = f"{line.name} ({line.kind})" if line.kind else line.name
    return " ".join((f"{', '.join(filter(None, (who, line.on)))}: {line.terms}.", *line.notes))


def _remove_address(firm: int, client: int, grant: StandingGrant) -> str:
    subject, target = grant.holder.subject, grant.target
    return reverse(
        "remove-closing", args=[firm, client, subject.kind, subject.number, target.kind, target.number]
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def remove(visit: Visit, number: int, holder: str, holding: int, aim: str, aimed: int) -> HttpResponse:
    """Take away one grant that closes a client; a group's grant on a service leaves the client out."""
    firm, now = visit.firm.pk, visit.firm_now
    names = SentenceNames(visit.firm, [number])
    grant = next(
        (
            each
            for each in standing_grants(now, number, names)
            if (each.holder.subject.kind, each.holder.subject.number) == (holder, holding)
            and (each.target.kind, each.target.number) == (aim, aimed)
        ),
        None,
    )
    if number not in now.clients:
        raise Http404
    if grant is None:
        # The second of two clicks, or somebody else was quicker.
        return redirect("report-closed", firm=firm)
    name = client_name_of(firm, [number])[number]
    done = asked(
        visit,
        _command(grant, number),
        Question(
            title=_("Remove what closes %(client)s") % {"client": name},
            text=_("Do you want to remove the access of %(holder)s?") % {"holder": grant.holder.name},
            unanswered=_("Select yes if you want to remove the access"),
            back=reverse("report-closed", args=[firm]),
            section="manage",
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    told = _("The access of %(holder)s to %(client)s was removed")
    messages.success(visit.request, told % {"holder": grant.holder.name, "client": name})
    return redirect("report-closed", firm=firm)


def _command(grant: StandingGrant, client: int) -> Command:
    subject: Subject = grant.holder.subject
    target: Target = grant.target
    if target.kind == "service" and subject.kind == "group":
        return ExcludeClients(group=subject.number, service=target.number, clients=BitMap([client]))
    return RemoveGrant(to=(subject,), on=On.target(target))
