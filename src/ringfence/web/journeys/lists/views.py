"""The lists that are on their way in, and the kinds that can be brought in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse

from ringfence.core.terms import Instant
from ringfence.lists.rows.headers import ListKind
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.list_progress import kind_text, stage_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

from .found import kinds_for, lists_for


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOffered:
    """A kind of list that can be brought in, and what it holds."""

    link: Link
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A list under way."""

    link: Link
    kind: str
    stage: str
    who: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsPage(Page):
    kinds: tuple[KindOffered, ...]
    lines: tuple[ListLine, ...]


@needs(Capability.MEMBER)
def lists(visit: Visit) -> HttpResponse:
    """What can be brought in, and what is under way."""
    kinds = kinds_for(visit)
    if not kinds:
        raise PermissionDenied
    firm = visit.firm.pk
    found = list(lists_for(visit).order_by("-started_at", "-pk"))
    who = member_names(firm, {each.member for each in found})
    page = ListsPage(
        frame=frame_for(visit, "manage"),
        title=_("Bring in a list"),
        back=reverse("manage" if visit.can(Capability.READ_CONTROL) else "clients", args=[firm]),
        kinds=tuple(
            KindOffered(
                link=Link(text=kind_text(kind), href=reverse("add-list", args=[firm, kind.value])),
                says=_SAYS[kind](),
            )
            for kind in kinds
        ),
        lines=tuple(
            ListLine(
                link=Link(text=each.file, href=reverse("list", args=[firm, each.pk])),
                kind=kind_text(each.kind),
                stage=stage_text(each.stage),
                who=who.get(each.member, ""),
                when=moment_text(_instant(each.started_at), visit.zone),
            )
            for each in found
        ),
    )
    return show(visit.request, "lists/lists.html", page)


_SAYS = {
    ListKind.CLIENTS: lambda: _("Names, references and services, and who has access, if the list says so."),
    ListKind.MEMBERS: lambda: _("Names, e-mail addresses, roles and permissions."),
    ListKind.ACCESS: lambda: _("Which [group] or [member] gets which [client], and who is in which [group]."),
}


def _instant(when: datetime) -> Instant:
    return Instant(int(when.timestamp() * 1_000_000))
