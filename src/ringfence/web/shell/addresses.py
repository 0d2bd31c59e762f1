"""Addresses that several journeys lead to, empty for who may not go there."""

from __future__ import annotations

from django.urls import reverse

from ringfence.access.reading import refused_sharing
from ringfence.core.terms import Target

from .capability import Capability
from .visit import Visit


def control_address(visit: Visit, client: int) -> str:
    """The page of who has access to the client; empty for who may not read it."""
    if not visit.can(Capability.READ_CONTROL):
        return ""
    return reverse("client-access", args=[visit.firm.pk, client])


def sharing_address(visit: Visit, client: int) -> str:
    """The page on which the client is shared; empty for who may not share it (rules.md 5)."""
    if refused_sharing(visit.firm_now, visit.number, Target("client", client)) is not None:
        return ""
    return reverse("share-client", args=[visit.firm.pk, client])
