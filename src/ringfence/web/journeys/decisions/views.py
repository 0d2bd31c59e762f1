"""What the firm's software asked and was answered, the latest first: for administrators and auditors.

The log is as long as the firm's software is busy, so it is read from an instant backwards, not counted out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.decision_log import Logged, LogQuestion, count_lost, logged_decisions, token_names
from ringfence.access.listing.clients import client_name_of
from ringfence.access.listing.people import members_matching
from ringfence.core.terms import Instant, Reason
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.reasons import reason_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import gettext_lazy, ngettext
from ringfence.wording.times import second_text

SIZE = 50
"""Entries of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One answer."""

    when: str
    member: str
    what: str
    answer: str
    reason: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsPage(Page):
    standing: str
    """Whether answers are logged, and for how long."""
    switch: Link | None
    search: SearchForm
    denied: bool
    lost: str
    """How many answers the log could not take; empty for none."""
    lines: tuple[DecisionLine, ...]
    older: str
    """The address of those before; empty where there is none."""


@needs(Capability.READ_CONTROL)
def listing(visit: Visit) -> HttpResponse:
    """The log, filtered by the member who was asked about and by the answer."""
    firm, asked = visit.firm.pk, visit.request.GET
    here = reverse("decisions", args=[firm])
    denied = asked.get("denied") == "1"
    kept = {"denied": "1"} if denied else {}
    search = read_search(visit, here, _("Name or e-mail address"), kept=kept)
    found = list(islice(logged_decisions(firm, _wanted(visit, search, denied=denied)), SIZE + 1))
    page = DecisionsPage(
        frame=frame_for(visit, "manage"),
        title=_("Decisions"),
        back=reverse("reports", args=[firm]),
        errors=search.errors,
        standing=_standing(visit),
        switch=Link(text=_("Change this"), href=reverse("decision-log", args=[firm]))
        if visit.can(Capability.MANAGE)
        else None,
        search=search,
        denied=denied,
        lost=_lost(count_lost(firm)),
        lines=tuple(_lines(visit, found[:SIZE])),
        older=f"{here}?{urlencode({**search.query, 'before': found[SIZE - 1].at})}"
        if len(found) > SIZE
        else "",
    )
    return show(visit.request, "decisions/list.html", page)


def _wanted(visit: Visit, search: SearchForm, *, denied: bool) -> LogQuestion:
    before = visit.request.GET.get("before", "")
    members = None
    if search.active:
        members = frozenset(row.number for row in members_matching(visit.firm.pk, search.wanted.text))
    at = Instant(int(before)) if before.isascii() and before.isdigit() and len(before) <= 18 else None
    return LogQuestion(members=members, denied=denied, before=at)


def _standing(visit: Visit) -> str:
    if not visit.firm.logs_decisions:
        return _("Answers to your firm’s software are not logged.")
    days = visit.firm.decision_days
    words = ngettext(
        "Answers to your firm’s software are logged, and kept for %(days)s day.",
        "Answers to your firm’s software are logged, and kept for %(days)s days.",
        days,
    )
    return words % {"days": days}


def _lost(count: int) -> str:
    if not count:
        return ""
    words = ngettext(
        "%(count)s more answer came too fast to be kept.",
        "%(count)s more answers came too fast to be kept.",
        count,
    )
    return words % {"count": figure(count)}


def _lines(visit: Visit, found: Sequence[Logged]) -> list[DecisionLine]:
    firm = visit.firm.pk
    people = member_names(firm, {each.member for each in found if each.member})
    clients = client_name_of(firm, sorted({each.client for each in found if each.client}))
    tokens = token_names(firm, {each.token for each in found})
    return [
        DecisionLine(
            when=second_text(each.at, visit.zone),
            member=_who(each, people),
            what=_what(each, clients),
            answer=_answer(each),
            reason=_reason(each, people, clients),
            token=tokens.get(each.token, ""),
        )
        for each in found
    ]


def _who(entry: Logged, people: dict[int, str]) -> str:
    if entry.kind == "subject":
        return _("Everybody")
    return people.get(entry.member) or _("somebody the firm does not have")


def _what(entry: Logged, clients: dict[int, str]) -> str:
    client = clients.get(entry.client, _("what is not there"))
    match entry.kind:
        case "subject":
            return _("Who may open %(client)s") % {
                "client": clients.get(entry.client, _("what is not there"))
            }
        case "resource":
            return _("Which [clients] they may open")
        case "action":
            return _("What they may do with %(client)s") % {"client": client}
        case _:
            action = _ACTIONS.get(entry.action, entry.action)
            return f"{action}: {client}"


_ACTIONS = {
    "view": gettext_lazy("Open"),
    "edit": gettext_lazy("Change"),
    "remove": gettext_lazy("Remove"),
    "share": gettext_lazy("Share"),
}


def _answer(entry: Logged) -> str:
    if entry.kind == "evaluation":
        return _("Yes") if entry.answer else _("No")
    found = ngettext("%(count)s found", "%(count)s found", entry.answer)
    return found % {"count": figure(entry.answer)}


def _reason(entry: Logged, people: dict[int, str], clients: dict[int, str]) -> str:
    try:
        reason = Reason(entry.reason)
    except ValueError:
        return ""
    return reason_text(reason, people.get(entry.member, ""), clients.get(entry.client, ""))
