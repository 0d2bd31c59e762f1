"""Whose delegations a visitor may make and change (rules.md 5, "Delegate"), and where their pages are."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import Visit


def need_delegator(visit: Visit, member: int) -> None:
    """Raises what a page answers to who may not delegate for the member."""
    if not delegates_for(visit, member):
        raise PermissionDenied
    if member not in visit.firm_now.members:
        raise Http404


def delegates_for(visit: Visit, member: int) -> bool:
    """Whether the visitor may make and change what the member delegates."""
    return member == visit.number or visit.can(Capability.MANAGE_ACCESS)


def page_of(visit: Visit, member: int) -> str:
    """The page of what the member delegates and is delegated; one's own where it is oneself."""
    if member == visit.number:
        return reverse("delegations", args=[visit.firm.pk])
    return reverse("member-delegations", args=[visit.firm.pk, member])


def section_of(visit: Visit, member: int) -> str:
    """Where in the navigation the member's delegations belong."""
    mine = member == visit.number or not visit.can(Capability.READ_CONTROL)
    return "account" if mine else "manage"
