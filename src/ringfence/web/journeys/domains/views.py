"""The firm's domains: the list, and one with the record that proves it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.domains import (
    DomainNotTaken,
    KeptDomain,
    Looked,
    RecordFound,
    check_domain,
    domain_numbered,
    domains_of,
)
from ringfence.core.terms import Instant
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.domains import FOUND, NOT_TAKEN
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import pgettext
from ringfence.wording.times import moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRow:
    """One domain in the list."""

    text: str
    href: str
    state: str
    good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainsPage(Page):
    rows: tuple[DomainRow, ...]
    add: str
    """Empty for who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainPage(Page):
    state: str
    good: bool
    facts: tuple[tuple[str, str], ...]
    record: tuple[tuple[str, str], ...]
    """The TXT record, field by field; empty where none is looked for."""
    seen: tuple[str, ...]
    """What the record says instead."""
    manages: bool
    remove: str


@needs(Capability.READ_CONTROL)
def listing(visit: Visit) -> HttpResponse:
    """All of them, with how each stands."""
    firm = visit.firm.pk
    page = DomainsPage(
        frame=frame_for(visit, "manage"),
        title=_("E-mail domains"),
        back=reverse("manage", args=[firm]),
        rows=tuple(
            DomainRow(
                text=domain.text,
                href=reverse("domain", args=[firm, domain.number]),
                state=_state(domain),
                good=domain.proved and not domain.missing_since,
            )
            for domain in domains_of(firm)
        ),
        add=reverse("add-domain", args=[firm]) if visit.can(Capability.MANAGE) else "",
    )
    return show(visit.request, "domains/list.html", page)


@needs(Capability.READ_CONTROL, READS_AND_SENDS)
def one(visit: Visit, domain: int) -> HttpResponse:
    """One domain; its form looks for the record now."""
    kept = found(visit, domain)
    if visit.request.method != "POST":
        return _page(visit, kept)
    if not visit.can(Capability.MANAGE):
        raise PermissionDenied
    try:
        looked = check_domain(visit.firm.pk, domain, actor=visit.actor, asked=settings.DNS_SERVERS)
    except LookupError:
        return redirect("domains", firm=visit.firm.pk)
    except DomainNotTaken as not_taken:
        return _page(visit, kept, error=str(NOT_TAKEN[not_taken.why]))
    if looked.found is RecordFound.THERE:
        told = _("The record is there: %(domain)s is proved to be your firm’s.") % {"domain": kept.text}
        messages.success(visit.request, told)
        return redirect("domain", firm=visit.firm.pk, domain=domain)
    return _page(visit, found(visit, domain), looked, error=str(FOUND[looked.found]))


def found(visit: Visit, domain: int) -> KeptDomain:
    """The domain of the visitor's firm; raises `Http404`."""
    kept = domain_numbered(visit.firm.pk, domain)
    if kept is None:
        raise Http404
    return kept


def _page(visit: Visit, kept: KeptDomain, looked: Looked | None = None, error: str = "") -> HttpResponse:
    firm, manages = visit.firm.pk, visit.can(Capability.MANAGE)
    page = DomainPage(
        frame=frame_for(visit, "manage"),
        title=kept.text,
        back=reverse("domains", args=[firm]),
        errors=(ErrorLine(text=error, href="#check"),) if error else (),
        state=_state(kept),
        good=kept.proved and not kept.missing_since,
        facts=tuple(_facts(visit, kept)),
        record=() if kept.vouched else _record(kept),
        seen=tuple(map(showable, looked.records)) if looked is not None else (),
        manages=manages,
        remove=reverse("remove-domain", args=[firm, kept.number]) if manages else "",
    )
    return show(visit.request, "domains/one.html", page)


def _state(kept: KeptDomain) -> str:
    if not kept.proved:
        return _("Not proved yet")
    return _("The record is missing") if kept.missing_since else _("Proved")


def _record(kept: KeptDomain) -> tuple[tuple[str, str], ...]:
    return (
        (_("Kind"), "TXT"),
        (_("Name"), kept.record_name),
        (_("Value"), kept.record_text),
    )


def _facts(visit: Visit, kept: KeptDomain) -> list[tuple[str, str]]:
    zone = visit.zone
    who = member_names(visit.firm.pk, {kept.added_by or 0, kept.proved_by or 0} - {0})

    def when(at: Instant, member: int | None) -> str:
        if member is None:
            name = pgettext("by whom", "whoever runs Ringfence for your firm")
        else:
            name = who.get(member) or pgettext("by whom", "a former [member]")
        return _("%(when)s, by %(who)s") % {"when": moment_text(at, zone), "who": name}

    facts = []
    if kept.key != kept.text:
        facts.append((_("In DNS"), kept.key))
    facts.append((_("Added"), when(kept.added_at, kept.added_by)))
    if kept.proved:
        facts.append((_("Proved"), when(kept.proved_at, kept.proved_by)))
        how = _("By whoever runs Ringfence") if kept.vouched else _("By a record in DNS")
        facts.append((_("How"), how))
    if kept.checked_at:
        facts.append((_("Last looked for"), moment_text(kept.checked_at, zone)))
    if kept.missing_since:
        facts.append((_("Missing since"), moment_text(kept.missing_since, zone)))
    return facts
