"""The firm's service catalogue: the list with its numbers; adding, renaming, removing (rules.md 7)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, execute
from ringfence.core.commands.definitions import AddService, RemoveService, RenameService
from ringfence.core.refusals import Problem, Refusal
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.previews.question import Question, asked
from ringfence.web.queries.catalogue import CatalogueRow, catalogue_rows
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """A service in the catalogue."""

    name: str
    clients: str
    clients_href: str
    groups: str
    rename: str
    remove: str
    """Empty where it cannot be removed, or the visitor may not."""
    kept_by: str
    """Why it cannot be removed; empty where it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage(ListPage[ServiceRow]):
    add: str
    changeable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNamePage(Page):
    caption: str
    name: str
    name_error: str
    submit: str
    was: str
    """The name that a form of renaming began with, so that what others change meanwhile is noticed."""


@needs(Capability.READ_CONTROL)
def catalogue(visit: Visit) -> HttpResponse:
    """Every service, with how many clients and groups have it."""
    firm = visit.firm.pk
    changeable = visit.can(Capability.MANAGE)
    search = read_search(visit, reverse("services", args=[firm]), _("Name of the service"))
    found = catalogue_rows(visit.firm_now, search.wanted.text)
    page = CataloguePage(
        frame=frame_for(visit, "manage"),
        title=_("Services"),
        back=reverse("manage", args=[firm]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: [_row(visit, row, changeable) for row in rows],
            heading=_heading,
            empty=_("Try a part of the name, or clear the search."),
        ),
        add=reverse("add-service", args=[firm]) if changeable else "",
        changeable=changeable,
    )
    return show(visit.request, "services/catalogue.html", page)


def _heading(paging: Paging, search: SearchForm) -> str:
    if not paging.total:
        return _("No services found")
    if paging.pages == 1:
        words = ngettext("Showing %(total)s service", "Showing all %(total)s services", paging.total)
    else:
        words = ngettext(
            "Showing %(first)s to %(last)s of %(total)s service",
            "Showing %(first)s to %(last)s of %(total)s services",
            paging.total,
        )
    return words % paging.words


def _row(visit: Visit, row: CatalogueRow, changeable: bool) -> ServiceRow:
    firm = visit.firm.pk
    listed = reverse("client-access-list", args=[firm])
    removable = changeable and not row.used and not row.built_in
    return ServiceRow(
        name=row.name,
        clients=figure(row.clients),
        clients_href=f"{listed}?service={row.number}" if row.clients else "",
        groups=figure(row.groups),
        rename=reverse("rename-service", args=[firm, row.number]) if changeable else "",
        remove=reverse("remove-service", args=[firm, row.number]) if removable else "",
        kept_by=_kept_by(row) if changeable else "",
    )


def _kept_by(row: CatalogueRow) -> str:
    """What must go first, with numbers (rules.md 9, `service.remove`)."""
    if row.built_in:
        return _("Built in")
    parts = []
    if row.clients:
        parts.append(count_clients(row.clients))
    if row.removed:
        words = ngettext("%(count)s removed [client]", "%(count)s removed [clients]", row.removed)
        parts.append(words % {"count": figure(row.removed)})
    if row.groups:
        words = ngettext("%(count)s [group]", "%(count)s [groups]", row.groups)
        parts.append(words % {"count": figure(row.groups)})
    if row.members:
        words = ngettext("%(count)s [member]", "%(count)s [members]", row.members)
        parts.append(words % {"count": figure(row.members)})
    return _("In use by %(users)s") % {"users": ", ".join(parts)} if parts else ""


@needs(Capability.MANAGE, READS_AND_SENDS)
def add(visit: Visit) -> HttpResponse:
    """A new service by name."""
    firm = visit.firm.pk
    given, error = "", ""
    if visit.request.method == "POST":
        given = visit.request.POST.get("name", "")
        try:
            execute(firm, AddService(name=given), actor=visit.actor)
        except Refused as refused:
            error = _name_sentence(refused)
        else:
            messages.success(visit.request, _("The service %(name)s is added.") % {"name": given.strip()})
            return redirect("services", firm=firm)
    return _name_page(
        visit, _("What is the name of the service?"), _("Services"), _("Add the service"), given, error
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def rename(visit: Visit, service: int) -> HttpResponse:
    """Another name for a service; it stays the same service."""
    firm, post = visit.firm.pk, visit.request.POST
    name = _name(visit, service)
    given, error = name, ""
    if visit.request.method == "POST":
        given = post.get("name", "")
        if post.get("was", name) != name:
            error = _("Somebody changed this meanwhile to “%(text)s”: check it, and save again") % {
                "text": name
            }
        else:
            try:
                execute(firm, RenameService(service=service, to=given), actor=visit.actor)
            except Refused as refused:
                if refused.refusal is Refusal.CONFLICT:
                    return redirect("services", firm=firm)
                error = _name_sentence(refused)
            else:
                words = {"old": name, "new": given.strip()}
                messages.success(visit.request, _("%(old)s is now called %(new)s.") % words)
                return redirect("services", firm=firm)
    return _name_page(
        visit, _("What is the new name of the service?"), name, _("Save"), given, error, was=name
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def remove(visit: Visit, service: int) -> HttpResponse:
    """Yes removes a service that nothing has; of one in use it is told what has it."""
    firm = visit.firm.pk
    firm_now = visit.firm_now
    gone = service not in firm_now.services and 0 < service <= firm_now.last_service
    if visit.request.method == "POST" and gone:
        # The second of two clicks.
        return redirect("services", firm=firm)
    name = _name(visit, service)
    row = next(each for each in catalogue_rows(firm_now) if each.number == service)
    if row.used or row.built_in:
        words = {"name": name, "why": _kept_by(row)}
        messages.error(visit.request, _("%(name)s cannot be removed. %(why)s.") % words)
        return redirect("services", firm=firm)
    answer = asked(
        visit,
        RemoveService(service=service),
        Question(
            title=_("Remove the service %(name)s") % {"name": name},
            text=_("Do you want to remove the service %(name)s?") % {"name": name},
            unanswered=_("Select yes if you want to remove this service"),
            back=reverse("services", args=[firm]),
            section="manage",
        ),
    )
    if isinstance(answer, HttpResponse):
        return answer
    messages.success(visit.request, _("The service %(name)s is removed.") % {"name": name})
    return redirect("services", firm=firm)


def _name(visit: Visit, service: int) -> str:
    if service not in visit.firm_now.services:
        raise Http404
    return dict(services_of(visit.firm.pk))[service]


def _name_sentence(refused: Refused) -> str:
    match refused.problem:
        case Problem.TEXT_EMPTY:
            return _("Enter the name of the service")
        case Problem.NAME_IN_USE:
            return _("There is a service with this name already: choose another")
        case _:
            return problem_sentence(refused)


def _name_page(
    visit: Visit, title: str, caption: str, submit: str, given: str, error: str, was: str = ""
) -> HttpResponse:
    page = ServiceNamePage(
        frame=frame_for(visit, "manage"),
        title=title,
        caption=caption,
        back=reverse("services", args=[visit.firm.pk]),
        errors=(ErrorLine(text=error, href="#name"),) if error else (),
        name=showable(given),
        name_error=error,
        submit=submit,
        was=was,
    )
    return show(visit.request, "services/name.html", page)
