"""Choosing among the clients that nobody was given, and the groups to put them into."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.core.terms import EVERYONE, Level
from ringfence.web.browse.choosing import Choosing, choose
from ringfence.web.browse.choosing_clients import rows_of_clients
from ringfence.web.browse.choosing_groups import Groups
from ringfence.web.journeys.groups.create.draft import begin_with, read_draft
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, count_services, figure
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import control_off
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .draft import Assigning, read_assigning


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingPage(Page):
    """Where there is nothing to choose from."""

    paragraphs: tuple[str, ...]
    links: tuple[Link, ...]


@needs(Capability.MANAGE, READS_AND_SENDS)
def unassigned(visit: Visit) -> HttpResponse:
    """The clients that nobody was given, the confidential ones apart."""
    firm, mine = visit.firm.pk, read_assigning(visit)
    apart = _confidential_link(visit, mine)
    if not mine.offered:
        return _nothing(visit, apart)
    return _choose_clients(
        visit,
        mine,
        mine.offered,
        here=reverse("unassigned-clients", args=[firm]),
        title=_("Unassigned [clients]"),
        lead=_meaning(visit),
        back=reverse("manage", args=[firm]),
        links=(apart,) if apart else (),
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def confidential(visit: Visit) -> HttpResponse:
    """The confidential clients that nobody was given: they are closed, whatever the firm does with others."""
    firm, mine = visit.firm.pk, read_assigning(visit)
    if not mine.confidential:
        return redirect("unassigned-clients", firm=firm)
    return _choose_clients(
        visit,
        mine,
        mine.confidential,
        here=reverse("unassigned-confidential", args=[firm]),
        title=_("Unassigned confidential [clients]"),
        lead=_closed_meaning(visit),
        back=reverse("unassigned-clients", args=[firm]),
    )


def _choose_clients(
    visit: Visit,
    mine: Assigning,
    offered: BitMap,
    *,
    here: str,
    title: str,
    lead: str,
    back: str,
    links: tuple[Link, ...] = (),
) -> HttpResponse:
    elsewhere = mine.chosen - offered
    return choose(
        visit,
        Choosing(
            here=here,
            title=title,
            lead=lead,
            notices=_notices(mine),
            links=links,
            back=back,
            rows=rows_of_clients(visit, mine.unit),
            offered=offered,
            chosen=mine.chosen & offered,
            keep=lambda chosen: mine.choose(chosen | elsewhere),
            go_on=lambda: _after_clients(visit),
            none_chosen=_("Select at least one [client] to add to [a group]"),
            submit=_("Add to [groups]"),
            token=mine.token,
            another=_("The selection was changed on another page meanwhile: look at it again"),
        ),
    )


def _after_clients(visit: Visit) -> HttpResponse:
    """To the groups; where there are none yet, to a new one."""
    if set(visit.firm_now.groups) - {EVERYONE}:
        return redirect("assign-groups", firm=visit.firm.pk)
    return _into_a_new_group(visit)


def _into_a_new_group(visit: Visit) -> HttpResponse:
    mine = read_assigning(visit)
    begun = read_draft(visit)
    begin_with(visit, mine.chosen)
    mine.drop()
    told = _("%(what)s are selected for the new [group].")
    if begun is not None and begun.name:
        told = _("%(what)s are selected for the [group] %(name)s, which you had begun.")
    words = {"what": what_is_chosen(visit, mine), "name": begun.name if begun is not None else ""}
    messages.success(visit.request, told % words)
    return redirect("create-group-name", firm=visit.firm.pk)


@needs(Capability.MANAGE, READS_AND_SENDS)
def groups(visit: Visit) -> HttpResponse:
    """Which groups the chosen clients are put into."""
    firm, mine = visit.firm.pk, read_assigning(visit)
    if not mine.chosen:
        return nothing_chosen(visit)
    four = visit.settings.levels == "four"
    return choose(
        visit,
        Choosing(
            here=reverse("assign-groups", args=[firm]),
            title=_("Select [groups]"),
            caption=what_is_chosen(visit, mine),
            lead=_("Select the [groups] that these [clients] are added to, or put them into a new one."),
            notices=_notices(mine),
            back=reverse("unassigned-clients", args=[firm]),
            rows=Groups(visit),
            offered=BitMap(list(visit.firm_now.groups)) - BitMap([EVERYONE]),
            chosen=mine.groups,
            keep=mine.choose_groups,
            go_on=lambda: redirect("assign-level" if four else "assign-check", firm=firm),
            none_chosen=_("Select at least one [group], or create a new one"),
            instead=_("Create a new [group] with them"),
            go_instead=lambda: _into_a_new_group(visit),
            token=mine.token,
            another=_("The selection was changed on another page meanwhile: look at it again"),
        ),
    )


def nothing_chosen(visit: Visit) -> HttpResponse:
    """Back to the list, for who comes to a later step without a choice."""
    messages.info(
        visit.request,
        _(
            "None of the unassigned [clients] is selected. A selection is kept for a day, and discarded when "
            "[access control is] turned off."
        ),
    )
    return redirect("unassigned-clients", firm=visit.firm.pk)


def what_is_chosen(visit: Visit, mine: Assigning) -> str:
    """What is chosen, counted."""
    if mine.unit == "client":
        return count_clients(len(mine.chosen))
    return count_services(len(mine.chosen), len(visit.firm_now.clients_of(mine.chosen)))


def _notices(mine: Assigning) -> tuple[str, ...]:
    if not mine.given_meanwhile:
        return ()
    words = ngettext(
        "%(count)s that you had selected has been given to somebody meanwhile, or has left the firm, and was "
        "left out.",
        "%(count)s that you had selected have been given to somebody meanwhile, or have left the firm, and "
        "were left out.",
        mine.given_meanwhile,
    )
    return (words % {"count": figure(mine.given_meanwhile)},)


def _meaning(visit: Visit) -> str:
    """What it means in this firm that nobody was given a client (rules.md 2, step 9)."""
    level = visit.settings.unassigned_level
    nobody = _("These [clients] have not been given to anybody.")
    if level is Level.NONE:
        said = _closed_meaning(visit)
    elif visit.settings.control:
        said = _("Everybody who uses client records can open them: %(level)s.") % {
            "level": level_shown(level)
        }
    else:
        said = _("Once you turn on [access control], everybody who uses client records can still open them.")
    off = "" if visit.settings.control else control_off(walls=visit.firm_now.walled)
    return " ".join(filter(None, (nobody, off, said)))


def _closed_meaning(visit: Visit) -> str:
    """Who opens what is unassigned and closed."""
    if not visit.settings.control:
        return _("Once you turn on [access control], only those who were given all [clients] can open them.")
    if visit.settings.administrators == "unrestricted":
        return _("Only administrators and those who were given all [clients] can open them.")
    return _("Only those who were given all [clients] can open them.")


def _confidential_link(visit: Visit, mine: Assigning) -> Link | None:
    now = visit.firm_now
    if not mine.confidential:
        return None
    clients = mine.confidential if mine.unit == "client" else now.clients_of(mine.confidential)
    words = ngettext(
        "%(count)s confidential [client] that nobody was given",
        "%(count)s confidential [clients] that nobody was given",
        len(clients),
    )
    href = reverse("unassigned-confidential", args=[visit.firm.pk])
    return Link(text=words % {"count": figure(len(clients))}, href=href)


def _nothing(visit: Visit, apart: Link | None) -> HttpResponse:
    firm, now = visit.firm.pk, visit.firm_now
    said = (
        _("There are no [clients] in this firm yet.")
        if not now.clients
        else _("Every [client] that is not confidential has been given to somebody.")
        if apart
        else _("Every [client] has been given to somebody.")
    )
    page = NothingPage(
        frame=frame_for(visit, "manage"),
        title=_("Unassigned [clients]"),
        back=reverse("manage", args=[firm]),
        paragraphs=(said,),
        links=(
            *((apart,) if apart else ()),
            Link(text=_("See your [groups]"), href=reverse("groups", args=[firm])),
            Link(text=_("Return to manage account"), href=reverse("manage", args=[firm])),
        ),
    )
    return show(visit.request, "groups/unassigned/nothing.html", page)
