"""Groups that give nobody anything: why, and what to do about each reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from ringfence.access import GivesNothing
from ringfence.core.terms import EVERYONE
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import LazyText, gettext_lazy
from ringfence.wording.saying import gettext as _

WHY: dict[GivesNothing, LazyText] = {
    GivesNothing.NO_MEMBERS: gettext_lazy("There is no [member] in it, so it gives nobody anything."),
    GivesNothing.INACTIVE_MEMBERS: gettext_lazy(
        "None of its [members] is active any more, so it gives nobody anything."
    ),
    GivesNothing.NO_ACCESS_PERMISSION: gettext_lazy(
        "None of its [members] has the permission to use client records, so it gives nobody anything."
    ),
    GivesNothing.NO_GRANTS: gettext_lazy("There is no [client] in it, so it gives its [members] nothing."),
    GivesNothing.EXPIRED: gettext_lazy(
        "All that it was given has expired, so it gives its [members] nothing. The [clients] in it stay "
        "closed until they are taken out."
    ),
    GivesNothing.ONLY_BLOCKS: gettext_lazy("It only blocks: it gives its [members] no [client]."),
    GivesNothing.NO_CLIENTS: gettext_lazy(
        "The firm has no [client] any more of those that it was given, so it gives its [members] nothing."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Why a group gives nobody anything, and where that is put right."""

    text: str
    remedy: Link | None
    """None for who may not change it, and where nothing has to be done."""


def lacks(visit: Visit, group: int) -> tuple[Lack, ...]:
    """All reasons; none where the group gives something. They hold whether control is on or off."""
    if group == EVERYONE:
        return ()
    return tuple(
        Lack(text=str(WHY[reason]), remedy=_remedy(visit, group, reason))
        for reason in visit.firm_now.gives_nothing(group)
    )


def _remedy(visit: Visit, group: int, reason: GivesNothing) -> Link | None:
    if not visit.can(Capability.MANAGE):
        return None
    args = [visit.firm.pk, group]
    match reason:
        case GivesNothing.NO_MEMBERS | GivesNothing.INACTIVE_MEMBERS | GivesNothing.NO_ACCESS_PERMISSION:
            return Link(text=_("Add [members]"), href=reverse("group-add-members", args=args))
        case GivesNothing.EXPIRED:
            return Link(text=_("Change the end"), href=reverse("group-access", args=args))
        case GivesNothing.NO_GRANTS | GivesNothing.NO_CLIENTS:
            return Link(text=_("Add [clients]"), href=reverse("group-add-clients", args=args))
        case GivesNothing.ONLY_BLOCKS:
            return Link(text=_("See what it blocks"), href=reverse("group-blocked", args=args))
