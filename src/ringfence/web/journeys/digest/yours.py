"""One's own daily digest: on or off, and the clients that are left out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from markupsafe import Markup

from ringfence.access.digest import days
from ringfence.access.digest.choices import DigestSwitch, choose, last_choice, wanted_by
from ringfence.access.digest.days import HOUR, goes_out
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import client_names
from ringfence.notices.digest import written_digest
from ringfence.web.browse.client_lines import client_heading
from ringfence.web.browse.digest_box import PAGES
from ringfence.web.browse.listing import ListPage, list_page
from ringfence.web.browse.notice_blocks import PageHand, reader_at
from ringfence.web.browse.search import read_search
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.digest import once_mailed
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

HERE = "your-digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutLine:
    """A client that is left out of the digest."""

    name: str
    href: str
    action: str
    """What takes it in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YourDigestPage(ListPage[LeftOutLine]):
    told: tuple[str, ...]
    """What it is and when it comes, or why none does."""
    offered: bool
    """Whether there is anything to choose."""
    wanted: str
    error: str
    chosen: str
    """When and how they chose last; empty where they never did."""
    here: str
    so_far: str
    left_out: bool
    """Whether any client is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFarPage(Page):
    body: Markup
    """Empty where there is nothing to tell yet."""


@needs(Capability.MEMBER, READS_AND_SENDS)
def digest(visit: Visit) -> HttpResponse:
    """Whether one gets it at all, and the clients that it leaves out; a yes or no is kept."""
    if visit.request.method != "POST":
        return _page(visit)
    wanted = visit.request.POST.get("wanted", "")
    if wanted not in {"yes", "no"}:
        return _page(visit, _("Select yes if you want a daily digest"))
    choose(visit.firm.pk, visit.number, wanted=wanted == "yes")
    off = _("You get no daily digest any more.")
    on = _("You get a daily digest from now on.")
    if not settings.SENDS_MAIL:
        on = _("You get a daily digest once mail is sent here.")
    done = on if wanted == "yes" else off
    messages.success(visit.request, done)
    return redirect(HERE, firm=visit.firm.pk)


@needs(Capability.READ_CLIENTS)
def so_far(visit: Visit) -> HttpResponse:
    """What the next digest would say if it went out now."""
    if not goes_out(visit.settings):
        return redirect(HERE, firm=visit.firm.pk)
    stretch = days.so_far(visit.firm.pk, visit.firm.timezone, visit.firm.digested)
    page = SoFarPage(
        frame=frame_for(visit, "account"),
        title=_("Your next daily digest, as it is now"),
        back=reverse(HERE, args=[visit.firm.pk]),
        body=Markup(written_digest(reader_at(visit), stretch, PageHand()) or ""),  # made by `PageHand` alone
    )
    return show(visit.request, "digest/so_far.html", page)


@needs(Capability.READ_CLIENTS, READS_AND_SENDS)
def of_client(visit: Visit, number: int) -> HttpResponse:
    """Leave a client out of one's digest, or take it in again; leads back to where the box stands."""
    if not visit.firm_now.sees(visit.number, number):
        raise Http404
    if visit.request.method != "POST":
        return redirect(HERE, firm=visit.firm.pk)
    wanted = bool(visit.request.POST.get("wanted"))
    choose(visit.firm.pk, visit.number, wanted=wanted, client=number)
    name = client_name_of(visit.firm.pk, [number])[number]
    left_out = _("%(client)s is left out of your daily digest.")
    done = _("%(client)s is in your daily digest.") if wanted else left_out
    messages.success(visit.request, done % {"client": name})
    page = visit.request.POST.get("page", "")
    if page in PAGES:
        return redirect(page, visit.firm.pk, number)
    return redirect(HERE, firm=visit.firm.pk)


def _page(visit: Visit, error: str = "") -> HttpResponse:
    firm, now = visit.firm.pk, visit.firm_now
    wanted = wanted_by(firm, visit.number)
    offered = goes_out(visit.settings) and visit.can(Capability.READ_CLIENTS)
    here = reverse(HERE, args=[firm])
    left_out = wanted.off & now.clients_seen_by(visit.number) if offered else wanted.off - wanted.off
    search = read_search(visit, here, _("Name of the [client]"))
    found = left_out
    if search.wanted.text:
        found = client_names(firm).matching_names(search.wanted.text) & left_out
    page = YourDigestPage(
        frame=frame_for(visit, "account"),
        title=_("Your daily digest"),
        back=reverse("your-account", args=[firm]),
        errors=(*((ErrorLine(text=error, href="#wanted"),) if error else ()), *search.errors),
        told=tuple(_told(visit)),
        offered=offered,
        wanted="" if error else "yes" if wanted.whole else "no",
        error=error,
        chosen=_chosen(visit, last_choice(firm, visit.number)),
        here=here,
        so_far=reverse("digest-so-far", args=[firm]),
        left_out=bool(left_out),
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=lambda offset, limit: client_names(firm).page(found, offset, limit),
            lines=lambda numbers: _lines(visit, numbers),
            heading=client_heading,
            empty=_("Try fewer words, or clear the search."),
        ),
    )
    return show(visit.request, "digest/yours.html", page)


def _told(visit: Visit) -> Iterator[str]:
    if not goes_out(visit.settings):
        yield _("Your firm sends no daily digest at present.")
        return
    if not visit.can(Capability.READ_CLIENTS):
        yield _("You may not use client records, so there is no daily digest for you.")
        return
    hour = {"hour": f"{HOUR:%H:%M}"}
    yield (
        _(
            "One e-mail a day, at %(hour)s by your firm’s clocks, with what happened at the [clients] that "
            "you can open."
        )
        % hour
    )
    yield _(
        "It says who did what at which [client], and nothing of what is in a record. What you did yourself "
        "is left out. On a day without anything to tell, no e-mail comes."
    )
    if not settings.SENDS_MAIL:
        yield once_mailed()
    elif visit.row.email:
        yield _("It goes to %(address)s.") % {"address": visit.row.email}


def _chosen(visit: Visit, choice: DigestSwitch | None) -> str:
    if choice is None:
        return ""
    when = {"when": moment_text(choice.at, visit.zone)}
    if choice.by_link:
        return _("You stopped it on %(when)s by the link in an e-mail.") % when
    if choice.wanted:
        return _("You chose yes on %(when)s.") % when
    return _("You chose no on %(when)s.") % when


def _lines(visit: Visit, numbers: Sequence[int]) -> Iterator[LeftOutLine]:
    names = client_name_of(visit.firm.pk, numbers)
    for number in numbers:
        yield LeftOutLine(
            name=names[number],
            href=reverse("client", args=[visit.firm.pk, number]),
            action=reverse("client-digest", args=[visit.firm.pk, number]),
        )
