"""With whom a client is to be shared: groups and members by name, each with what they were given on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.access.listing.clients import client_name_of
from ringfence.access.listing.people import members_matching
from ringfence.access.reading import refused_sharing
from ringfence.core.refusals import Refusal
from ringfence.core.terms import EVERYONE, Subject, Target, group_subject, member_subject
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.groups import groups_matching
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import until_text

from .fee_split import percent


class Candidate(NamedTuple):
    """Somebody a client can be shared with."""

    subject: Subject
    name: str
    about: str
    """What kind of group it is, or a member's e-mail address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """A group or member, with what was given to them on the client and its services."""

    name: str
    about: str
    given: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePage(ListPage[ShareLine]):
    caption: str
    everyone: str
    """Why Everyone is not among them; empty where it is."""


@needs(Capability.MEMBER)
def choose(visit: Visit, number: int, engagement: int = 0) -> HttpResponse:
    """Whom to give access to the client or to one of its services, for who may share that (rules.md 5)."""
    target = need_sharing(visit, number, engagement)
    here = reverse("share-client-with", args=[visit.firm.pk, number])
    if engagement:
        here = reverse("share-service-with", args=[visit.firm.pk, number, engagement])
    search = read_search(visit, here, _("[Group] or [member], by name or e-mail address"))
    given = given_to(visit, number, target)
    everyone = visit.settings.everyone_may_be_granted or group_subject(EVERYONE) in given
    found = [
        each for each in _candidates(visit, search) if everyone or each.subject != group_subject(EVERYONE)
    ]
    listing = list_page(
        visit,
        search,
        total=len(found),
        page=sliced(found),
        lines=lambda rows: _lines(visit, number, target, rows, given),
        heading=_heading,
        empty=_("Try a part of the name or e-mail address, or clear the search."),
    )
    page = SharePage(
        frame=frame_for(visit, "clients"),
        title=_("Who do you want to give access to?"),
        caption=target_text(visit, number, target),
        back=reverse("share-client", args=[visit.firm.pk, number]),
        row=client_pages(visit, number, "share-client"),
        errors=search.errors,
        listing=listing,
        everyone="" if everyone else _why_not_everyone(visit),
    )
    return show(visit.request, "sharing/choose.html", page)


def _why_not_everyone(visit: Visit) -> str:
    if visit.settings.everyone_grants == "with_default":
        return _(
            "Everyone can be given access while the firm’s default permissions policy is turned on. An "
            "administrator turns it on under Policies for new [clients]."
        )
    return _("Everyone cannot be given access: the firm’s settings do not allow it.")


def need_sharing(visit: Visit, client: int, engagement: int = 0) -> Target:
    """The client, or the engagement of it, for who may share that.

    Raises what a page answers to others: 404 where they may not know of it.
    """
    if client not in visit.firm_now.known_clients(visit.number):
        raise Http404
    target = Target("client", client)
    if engagement:
        if engagement not in visit.firm_now.engagements_of(client):
            raise Http404
        target = Target("engagement", engagement)
    refused = refused_sharing(visit.firm_now, visit.number, target)
    if refused is None:
        return target
    if refused.refusal is Refusal.NOT_FOUND:
        raise Http404
    raise PermissionDenied


def shares(visit: Visit, target: Target) -> bool:
    """Whether the visitor may share it."""
    return refused_sharing(visit.firm_now, visit.number, target) is None


def target_text(visit: Visit, client: int, target: Target) -> str:
    """The client's name, and the service where it is one alone."""
    name = client_name_of(visit.firm.pk, [client])[client]
    if target.kind == "client":
        return name
    service = visit.firm_now.service_of(target.number)
    return f"{name} · {dict(services_of(visit.firm.pk)).get(service, '')}"


def after_change(visit: Visit, client: int) -> HttpResponse:
    """On to who has access now; who has shared themselves out of a hidden client goes to their start page."""
    if firm_state(visit.firm.pk).knows(visit.number, client):
        return redirect("share-client", firm=visit.firm.pk, number=client)
    return redirect("firm-home", firm=visit.firm.pk)


def _candidates(visit: Visit, search: SearchForm) -> Iterator[Candidate]:
    text = search.wanted.text
    for number, name in groups_matching(visit.firm_now, text):
        about = _("built-in [group]") if number == EVERYONE else _("[group]")
        yield Candidate(group_subject(number), name, about)
    for row in members_matching(visit.firm.pk, text, within=visit.firm_now.active_members):
        yield Candidate(member_subject(row.number), row.name, row.email)


def _lines(
    visit: Visit,
    client: int,
    target: Target,
    rows: Sequence[Candidate],
    given: dict[Subject, tuple[str, ...]],
) -> Iterator[ShareLine]:
    for row in rows:
        yield ShareLine(
            name=row.name,
            about=row.about,
            given=given.get(row.subject, (_("Nothing"),)),
            href=grant_address(visit, client, target, row.subject),
        )


def grant_address(visit: Visit, client: int, target: Target, subject: Subject) -> str:
    """Where a group or member is given access to it."""
    place = [visit.firm.pk, client, subject.number]
    if target.kind == "client":
        return reverse(f"share-client-with-{subject.kind}", args=place)
    return reverse(f"share-service-with-{subject.kind}", args=[*place, target.number])


def given_to(visit: Visit, client: int, target: Target) -> dict[Subject, tuple[str, ...]]:
    """Every grant that stands on the client or one of its services, in words, by whose it is.

    Who shares one of its services and not the client is told of that one's alone.

    On one service alone, its name stands before the level; the end, where there is one, behind it.
    """
    services = dict(services_of(visit.firm.pk))
    found: dict[Subject, tuple[str, ...]] = {}
    whole = shares(visit, Target("client", client))
    for grant in visit.firm_now.holders_of(client):
        if not whole and grant.target != target:
            continue
        own = grant.subject.kind == "member" and grant.target.kind != "service"
        said = level_shown(grant.terms.level, own=own)
        if grant.terms.expires is not None:
            said = f"{said}, {until_text(grant.terms.expires, visit.zone)}"
        if grant.terms.fee_split is not None and visit.settings.fee_splits:
            said = f"{said}, {_('fee split')} {percent(grant.terms.fee_split)}"
        if grant.target.kind != "client":
            number = grant.target.number
            service = visit.firm_now.service_of(number) if grant.target.kind == "engagement" else number
            said = f"{services.get(service, '')}: {said}"
        found[grant.subject] = (*found.get(grant.subject, ()), said)
    return found


def _heading(paging: Paging, search: SearchForm) -> str:
    if not paging.total:
        return _("Nobody found")
    if paging.pages == 1:
        words = ngettext("Showing %(total)s result", "Showing all %(total)s results", paging.total)
    else:
        words = ngettext(
            "Showing %(first)s to %(last)s of %(total)s result",
            "Showing %(first)s to %(last)s of %(total)s results",
            paging.total,
        )
    return words % paging.words
