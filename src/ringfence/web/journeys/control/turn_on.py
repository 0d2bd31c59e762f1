"""Turning access groups on: guide, confirmation with what it does, done. Turning them off: `turn_off`."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Batch
from ringfence.core.commands.definitions import ChangeSettings, Command, TurnOn
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import read_answer
from ringfence.web.previews.done import done
from ringfence.web.shell.addresses import help_link
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.digest import subscribed_to_all
from ringfence.wording.saying import gettext as _
from ringfence.wording.settings_text import settings_said

from .guide import GuidePage
from .options import asked_for, changes, present
from .told import told_by_mail


@needs(Capability.MANAGE)
def guide(visit: Visit) -> HttpResponse:
    """What turning on means, before anything is asked."""
    if visit.settings.control:
        return redirect("turned-on", firm=visit.firm.pk)
    # Shared with everybody the first time only; later it is what was given to nobody (rules.md 3).
    share = visit.settings.on_activation == "share"
    again, profile = visit.firm_now.was_on, visit.settings.profile
    page = GuidePage(
        frame=frame_for(visit, "manage"),
        title=_("Turn on [access control]"),
        back=reverse("manage", args=[visit.firm.pk]),
        paragraphs=(
            *((_("This is the option “Manage [member] access to [clients]”."),) if profile == "kyc" else ()),
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
            *_digest(visit),
            told_by_mail(),
        ),
        points=(
            _("[Groups] can follow a kind of [client], a service, a region or an office."),
            _("[A client] can be in several [groups]; the [members] of each can open it."),
            _("[Groups] that you made before are there again, with their [clients] and [members]."),
        ),
        help=help_link(visit, "what-it-does"),
        go_on=reverse("confirm-turn-on", args=[visit.firm.pk]),
        options=present(visit.settings),
        options_open=profile == "kyc",
    )
    return show(visit.request, "control/guide.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def confirm(visit: Visit) -> HttpResponse:
    """Yes turns control on (rules.md 7, `control.turn_on`) with the options of the address, as one change."""
    firm, options = visit.firm.pk, asked_for(visit)
    if visit.settings.control:
        # Also the second of two clicks.
        return redirect("turned-on", firm=firm)
    answer = read_answer(visit, _("Select yes if you want to turn on [access control]"))
    if answer.no:
        return redirect("manage", firm=firm)
    values = changes(visit.settings, options)
    options_first: tuple[Command, ...] = (ChangeSettings(values=values),) if values else ()
    batch = Batch("control.turn_on", (*options_first, TurnOn()))
    if answer.yes:
        answer = save_checked(visit, batch)
    if answer.yes:
        return redirect("turned-on", firm=firm)
    return ask_checked(
        visit,
        batch,
        answer,
        CheckQuestion(
            title=_("Turn on [access control]"),
            caption="",
            question=_("Do you want to turn on [access control]?"),
            back=reverse("turn-on", args=[firm]),
            notes=(*_also(values), *_digest(visit)),
        ),
    )


def _also(values: dict[str, str | bool]) -> tuple[str, ...]:
    return (_("Also: %(settings)s.") % {"settings": settings_said(values.items())},) if values else ()


def _digest(visit: Visit) -> tuple[str, ...]:
    return _subscribed(visit, was_on=visit.firm_now.was_on)


def _subscribed(visit: Visit, *, was_on: bool) -> tuple[str, ...]:
    return (subscribed_to_all(was_on=was_on, mailed=settings.SENDS_MAIL),) if visit.settings.digest else ()


@needs(Capability.MANAGE)
def turned_on(visit: Visit) -> HttpResponse:
    """Control is on."""
    firm = visit.firm.pk
    if not visit.settings.control:
        return redirect("manage", firm=firm)
    return done(
        visit,
        title=_("[Access control is] turned on"),
        text=" ".join(
            (
                _("You can now choose which [members] can open which [clients]."),
                _("You can turn off [access control] again at any time. Your [groups] are kept then."),
                # Who may have stopped theirs was told before.
                *_subscribed(visit, was_on=False),
                told_by_mail(),
            )
        ),
        next_steps=(
            Link(text=_("Create [a group]"), href=reverse("create-group", args=[firm])),
            Link(text=_("See your [groups]"), href=reverse("groups", args=[firm])),
            Link(text=_("See your [clients]"), href=reverse("clients", args=[firm])),
        ),
    )
