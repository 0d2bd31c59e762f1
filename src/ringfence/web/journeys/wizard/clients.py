"""Step 3 of the wizard: on which clients, among those that the member may share."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.web.browse.choosing import Choosing, choose
from ringfence.web.browse.choosing_clients import WholeClients
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .choice import WizardChoice, caption, read_choice


@needs(Capability.MEMBER, READS_AND_SENDS)
def clients(visit: Visit) -> HttpResponse:
    """Ticks that survive pages, searches and languages; all that match at any size."""
    mine = read_choice(visit)
    if mine is None or not mine.grants:
        return redirect("wizard" if mine is None else "wizard-who", firm=visit.firm.pk)
    return choose(
        visit,
        Choosing(
            here=reverse("wizard-clients", args=[visit.firm.pk]),
            title=_("On which [clients]?"),
            caption=caption(3),
            lead=_("Only [clients] that you may share are listed."),
            notices=lost(mine),
            back=reverse("wizard-who", args=[visit.firm.pk]),
            rows=WholeClients(visit),
            offered=visit.firm_now.shareable(visit.number),
            chosen=mine.clients,
            keep=mine.keep_clients,
            go_on=lambda: redirect("wizard-check", firm=visit.firm.pk),
            none_chosen=_("Select at least one [client] to continue"),
            token=mine.token,
            another=_("You began anew on another page meanwhile: this is that choice"),
            section="clients",
        ),
    )


def lost(mine: WizardChoice) -> tuple[str, ...]:
    """That clients were taken off the choice, which the member may share no longer."""
    if not mine.lost:
        return ()
    words = _("Taken off what you had selected, because you may no longer share them: %(clients)s.")
    return (words % {"clients": count_clients(mine.lost)},)
