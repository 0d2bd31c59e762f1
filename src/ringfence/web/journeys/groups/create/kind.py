"""Step 1: whether clients are chosen for the group or it takes all of one service; what was begun before."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.web.browse.choosing_clients import unit_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .draft import KINDS, GroupDraft, Kind, keep_answers, read_draft
from .steps import caption, first_missing


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPage(Page):
    caption: str
    kinds: tuple[dict[str, object], ...]
    """As radio buttons take them."""
    kind: str
    kind_error: str
    begun: str
    """What was begun before, in a sentence; empty where nothing was."""
    go_on: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def kind(visit: Visit) -> HttpResponse:
    """Choose one of the two. Another kind keeps what was chosen so far."""
    firm, post = visit.firm.pk, visit.request.POST
    draft = read_draft(visit)
    if visit.request.method != "POST":
        return _page(visit, draft)
    if post.get("go") == "discard":
        if draft is not None:
            draft.row.delete()
        messages.success(visit.request, _("The [group] that you had begun is discarded."))
        return redirect("manage", firm=firm)
    given = post.get("kind", "")
    if given not in _offered(visit):
        return _page(visit, draft, _("Select what kind of [group] you want to create"))
    keep_answers(visit, draft, kind=given)
    return redirect("create-group-service" if given == "service" else "create-group-name", firm=firm)


def _offered(visit: Visit) -> tuple[Kind, ...]:
    """The kinds of group that the firm makes: where services of clients are chosen, none without clients."""
    return KINDS if unit_of(visit) == "client" else ("custom", "service")


def _page(visit: Visit, draft: GroupDraft | None, error: str = "") -> HttpResponse:
    page = KindPage(
        frame=frame_for(visit, "manage"),
        title=_("What kind of [group] do you want to create?"),
        caption=caption(None, "create-group"),
        back=reverse("manage", args=[visit.firm.pk]),
        errors=(ErrorLine(text=error, href="#kind"),) if error else (),
        kinds=tuple(each for each in _kinds(visit) if each["value"] in _offered(visit)),
        kind=draft.kind if draft is not None else "",
        kind_error=error,
        begun=_begun(draft),
        go_on=reverse(first_missing(draft), args=[visit.firm.pk]) if draft is not None else "",
    )
    return show(visit.request, "groups/create/kind.html", page)


def _kinds(visit: Visit) -> tuple[dict[str, object], ...]:
    agency = visit.settings.profile == "agency"
    return (
        {
            "value": "people",
            "text": _("[Group] of [members]"),
            "hint": _("You choose its [members] now, and share [clients] with it afterwards."),
        },
        {
            "value": "custom",
            "text": _("Custom [group]"),
            "hint": _("You choose its [clients], one by one or all that a search finds."),
        },
        {
            "value": "service",
            "text": _("[Group] for a tax service") if agency else _("[Group] for a service"),
            "hint": _(
                "It takes all [clients] with the service. New ones join by themselves, and you can leave "
                "out single ones later."
            ),
        },
    )


def _begun(draft: GroupDraft | None) -> str:
    if draft is None:
        return ""
    if draft.name:
        return _("You have begun to create the [group] %(name)s.") % {"name": draft.name}
    return _("You have begun to create [a group].")
