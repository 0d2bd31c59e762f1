"""Step 2 of a group for a service: which one. One that a group takes already can be chosen all the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.core.directory import unique_key
from ringfence.core.terms import EVERYONE, Level, group_subject
from ringfence.firms.models import Group
from ringfence.web.queries.groups import groups_matching
from ringfence.web.queries.things import Choice, services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .draft import GroupDraft, keep_answers, read_draft
from .steps import back, caption, lost, too_early

HERE = "create-group-service"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePage(Page):
    caption: str
    token: str
    services: tuple[dict[str, object], ...]
    """As radio buttons or a list take them."""
    service: int
    service_error: str
    all_used: bool
    taking: tuple[tuple[str, tuple[Link, ...]], ...]
    """Each service that groups take already, with these groups."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def service(visit: Visit) -> HttpResponse:
    """Choose a service; the group gets its name where that is free."""
    firm = visit.firm.pk
    draft = read_draft(visit)
    if draft is None:
        return lost(visit)
    if draft.kind != "service":
        return too_early(visit, draft, HERE) or redirect("create-group", firm=firm)
    if visit.request.method != "POST":
        return _page(visit, draft)
    offered = services_of(firm)
    wanted = number_in(visit.request.POST.get("service", ""))
    chosen = next((each for each in offered if each.number == wanted), None)
    if chosen is None:
        return _page(visit, draft, _("Select a service"))
    given = {"service": chosen.number}
    if _named_by_us(draft, offered):
        keep_answers(visit, draft, **given, name="" if _taken(firm, chosen.name) else chosen.name)
    else:
        keep_answers(visit, draft, **given)
    return redirect("create-group-name", firm=firm)


def _named_by_us(draft: GroupDraft, offered: list[Choice]) -> bool:
    """Whether the group has no name yet, or that of the service that was chosen before."""
    before = next((each.name for each in offered if each.number == draft.service), "")
    return draft.name in ("", before)


def _taken(firm: int, name: str) -> bool:
    return Group.objects.filter(firm=firm, name_key=unique_key(name)).exists()


def _page(visit: Visit, draft: GroupDraft, error: str = "") -> HttpResponse:
    now = visit.firm_now
    services = services_of(visit.firm.pk)
    taking = _groups_by_service(visit)
    page = ServicePage(
        frame=frame_for(visit, "manage"),
        title=_("Which tax service is the [group] for?")
        if visit.settings.profile == "agency"
        else _("Which service is the [group] for?"),
        caption=caption(draft, HERE),
        token=draft.token,
        back=back(visit, draft, HERE),
        errors=(ErrorLine(text=error, href="#service"),) if error else (),
        services=tuple(
            {
                "value": each.number,
                "text": f"{each.name} ({count_clients(len(now.with_service(each.number)))})",
            }
            for each in services
        ),
        service=draft.service,
        service_error=error,
        all_used=all(each.number in taking for each in services),
        taking=tuple((each.name, taking[each.number]) for each in services if each.number in taking),
    )
    return show(visit.request, "groups/create/service.html", page)


def _groups_by_service(visit: Visit) -> dict[int, tuple[Link, ...]]:
    """The groups that take each service whole."""
    found: dict[int, tuple[Link, ...]] = {}
    for number, name in groups_matching(visit.firm_now, ""):
        if number == EVERYONE:
            continue
        held = visit.firm_now.grants_of(group_subject(number))
        for each, level in held.services.items():
            if level is not Level.BLOCKED:
                link = Link(text=name, href=reverse("group", args=[visit.firm.pk, number]))
                found[each] = (*found.get(each, ()), link)
    return found
