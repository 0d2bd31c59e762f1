"""Turning access groups off: guide, confirmation with what it opens, done.

Turning off lets everybody in, so it is confirmed by the firm's name. Turning them on: `turn_on`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Refused
from ringfence.core.commands.definitions import TurnOff
from ringfence.core.directory import unique_key
from ringfence.core.refusals import Refusal
from ringfence.web.previews.confirm import changed_meanwhile, execute_shown
from ringfence.web.previews.done import done
from ringfence.web.previews.outcome import (
    FIRST,
    NO_NAMES,
    NameList,
    Outcome,
    clients_named,
    previewed,
    rest_words,
)
from ringfence.web.previews.since import ChangeLine, changes_since, overtaken
from ringfence.web.queries.drafts import half_made
from ringfence.web.queries.things import member_names
from ringfence.web.shell.addresses import help_link
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import everybody_opens
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .guide import GuidePage
from .told import told_by_mail


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnOffPage(Page):
    outcome: Outcome
    confidential: NameList
    """The confidential clients that become open to everybody."""
    lost: NameList
    """The half-made groups that are lost, each with who has begun it."""
    firm_name: str
    cancel: str
    typed: str
    error: str
    version: int
    since: tuple[ChangeLine, ...]
    """What others changed while the page was being read."""


@needs(Capability.MANAGE)
def guide(visit: Visit) -> HttpResponse:
    """What turning off means, before anything is asked."""
    if not visit.settings.control:
        return redirect("turned-off", firm=visit.firm.pk)
    page = GuidePage(
        frame=frame_for(visit, "manage"),
        title=_("Turn off [access control]"),
        back=reverse("manage", args=[visit.firm.pk]),
        paragraphs=(
            _(
                "When [access control is] turned off, everybody who uses client records can open every "
                "[client], but for those whom a wall keeps from it."
            ),
            _("Your [groups] are kept as they are. Turning on [access control] again restores them."),
            _("[A group] that somebody has begun to create and not finished is lost."),
            told_by_mail(),
        ),
        warning=_(
            "Ask your colleagues first: [clients] that only a few could open will be open to everybody who "
            "uses client records."
        ),
        help=help_link(visit, "change-of-mind"),
        go_on=reverse("confirm-turn-off", args=[visit.firm.pk]),
    )
    return show(visit.request, "control/guide.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def confirm(visit: Visit) -> HttpResponse:
    """The firm's name turns control off, and discards all drafts (rules.md 3)."""
    firm, post = visit.firm.pk, visit.request.POST
    if not visit.settings.control:
        # Also the second of two clicks.
        return redirect("turned-off", firm=firm)
    if visit.request.method != "POST":
        return _ask(visit)
    typed, version = post.get("firm_name", ""), number_in(post.get("version", ""))
    if unique_key(typed) != unique_key(visit.firm.name):
        return _ask(visit, typed, _wrong(visit, typed))
    if overtaken(visit.firm_now, version):
        return _ask(visit, typed, changed_meanwhile(), since=version)
    try:
        try:
            execute_shown(visit, TurnOff())
        except Overtaken:
            return _ask(visit, typed, changed_meanwhile(), since=visit.firm_now.version)
    except Refused as refused:
        # That somebody else has done it is none.
        if refused.refusal is not Refusal.CONFLICT:
            raise
    return redirect("turned-off", firm=firm)


def _wrong(visit: Visit, typed: str) -> str:
    if not typed.strip():
        return _("Enter the name of the firm to turn off [access control]")
    return _("The name must be that of the firm: %(firm)s") % {"firm": visit.firm.name}


def _ask(visit: Visit, typed: str = "", error: str = "", since: int = 0) -> HttpResponse:
    firm = visit.firm.pk
    found, outcome = previewed(visit, TurnOff())
    opens = found.difference.openness.released.clients & visit.firm_now.confidential
    page = TurnOffPage(
        frame=frame_for(visit, "manage"),
        title=_("Turn off [access control]"),
        back=reverse("turn-off", args=[firm]),
        errors=(ErrorLine(text=error, href="#firm_name"),) if error else (),
        outcome=outcome,
        confidential=clients_named(visit, opens),
        lost=_lost(firm),
        firm_name=visit.firm.name,
        cancel=reverse("manage", args=[firm]),
        typed=showable(typed),
        error=error,
        version=found.version,
        since=changes_since(firm, since, visit.zone) if since else (),
    )
    return show(visit.request, "control/turn_off.html", page)


def _lost(firm: int) -> NameList:
    """The half-made groups, under the sentence that counts them."""
    found = half_made(firm)
    if not found:
        return NO_NAMES
    names = member_names(firm, {member for member, _name in found})
    begun = _("begun by %(member)s")
    words = ngettext(
        "%(count)s half-made [group] is lost.", "%(count)s half-made [groups] are lost.", len(found)
    )
    return NameList(
        total=len(found),
        lines=tuple(
            (name or _("Without a name yet"), begun % {"member": names.get(member, "")})
            for member, name in found[:FIRST]
        ),
        rest=rest_words(len(found)),
        count=words % {"count": figure(len(found))},
    )


@needs(Capability.MANAGE)
def turned_off(visit: Visit) -> HttpResponse:
    """Control is off."""
    firm = visit.firm.pk
    if visit.settings.control:
        return redirect("manage", firm=firm)
    return done(
        visit,
        title=_("[Access control is] turned off"),
        text=" ".join(
            (everybody_opens(walls=visit.firm_now.walled), _("Your [groups] are kept."), told_by_mail())
        ),
    )
