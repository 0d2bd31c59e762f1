"""Turning access groups on and off: guide, confirmation with what it does, done."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, execute
from ringfence.core.commands.definitions import TurnOff, TurnOn
from ringfence.core.refusals import Refusal
from ringfence.web.previews.confirm import ask, read_answer
from ringfence.web.previews.done import done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import everybody_opens
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePage(Page):
    paragraphs: tuple[str, ...]
    points: tuple[str, ...]
    warning: str
    go_on: str


@needs(Capability.MANAGE)
def turn_on_guide(visit: Visit) -> HttpResponse:
    """What turning on means, before anything is asked."""
    if visit.settings.control:
        return redirect("turned-on", firm=visit.firm.pk)
    # Shared with everybody the first time only; later it is what was given to nobody (rules.md 3).
    share = visit.settings.on_activation == "share"
    again = visit.firm_now.was_on
    page = GuidePage(
        frame=frame_for(visit, "manage"),
        title=_("Turn on [access control]"),
        back=reverse("manage", args=[visit.firm.pk]),
        paragraphs=(
            _("With [access control] you choose which [members] can open which [clients]."),
            _(
                "Turning on [access control] takes no [client] from anybody: existing [clients] are shared "
                "with all first."
            )
            if share and not again
            else _("[Clients] that nobody was given access to are shared with all first.")
            if share
            else _(
                "Until you put [a client] into [a group], everybody who uses client records can go on "
                "opening it."
            )
            if visit.settings.unassigned != "none"
            else _("[Clients] that nobody was given access to can then be opened by nobody."),
        ),
        points=(
            _("[Groups] can follow a kind of [client], a service, a region or an office."),
            _("[A client] can be in several [groups]; the [members] of each can open it."),
            _("[Groups] that you made before are there again, with their [clients] and [members]."),
        ),
        warning="",
        go_on=reverse("confirm-turn-on", args=[visit.firm.pk]),
    )
    return show(visit.request, "control/guide.html", page)


@needs(Capability.MANAGE)
def turn_off_guide(visit: Visit) -> HttpResponse:
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
        ),
        points=(),
        warning=_(
            "Ask your colleagues first: [clients] that only a few could open will be open to everybody who "
            "uses client records."
        ),
        go_on=reverse("confirm-turn-off", args=[visit.firm.pk]),
    )
    return show(visit.request, "control/guide.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def confirm_turn_on(visit: Visit) -> HttpResponse:
    """Yes turns control on (rules.md 7, `control.turn_on`)."""
    return _confirm(visit, on=True)


@needs(Capability.MANAGE, READS_AND_SENDS)
def confirm_turn_off(visit: Visit) -> HttpResponse:
    """Yes turns control off, and discards all drafts (rules.md 3)."""
    return _confirm(visit, on=False)


def _confirm(visit: Visit, *, on: bool) -> HttpResponse:
    firm = visit.firm.pk
    after = "turned-on" if on else "turned-off"
    command = TurnOn() if on else TurnOff()
    if visit.settings.control is on:
        # Also the second of two clicks.
        return redirect(after, firm=firm)
    answer = read_answer(
        visit,
        _("Select yes if you want to turn on [access control]")
        if on
        else _("Select yes if you want to turn off [access control]"),
    )
    if answer.no:
        return redirect("manage", firm=firm)
    if not answer.yes:
        return ask(
            visit,
            command,
            answer,
            title=_("Turn on [access control]") if on else _("Turn off [access control]"),
            question=_("Do you want to turn on [access control]?")
            if on
            else _("Do you want to turn off [access control]?"),
            back=reverse("turn-on" if on else "turn-off", args=[firm]),
        )
    try:
        execute(firm, command, actor=visit.actor)
    except Refused as refused:
        if refused.refusal is not Refusal.CONFLICT:
            raise
    return redirect(after, firm=firm)


@needs(Capability.MANAGE)
def turned_on(visit: Visit) -> HttpResponse:
    """Control is on."""
    firm = visit.firm.pk
    if not visit.settings.control:
        return redirect("manage", firm=firm)
    return done(
        visit,
        title=_("[Access control is] turned on"),
        text=_("You can now choose which [members] can open which [clients]."),
        next_steps=(
            Link(text=_("Create [a group]"), href=reverse("create-group", args=[firm])),
            Link(text=_("See your [groups]"), href=reverse("groups", args=[firm])),
            Link(text=_("Return to manage account"), href=reverse("manage", args=[firm])),
        ),
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
        text=" ".join((everybody_opens(walls=visit.firm_now.walled), _("Your [groups] are kept."))),
        next_steps=(Link(text=_("Return to manage account"), href=reverse("manage", args=[firm])),),
    )
