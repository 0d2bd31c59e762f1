"""What the visitor may change of a client: the guard of those pages, and their addresses.

An address is empty for who may not go there.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from ringfence.access.reading import ClientRight, EngagementRight, refused_change, refused_sharing
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Target

from .addresses import control_address
from .visit import Visit


def need_change(visit: Visit, change: ClientRight | EngagementRight, number: int) -> None:
    """Raises what a page answers to who may not make the change: 404 for what they may not know of."""
    refused = refused_change(visit.firm_now, visit.number, change, number)
    if refused is None:
        return
    if refused.refusal is Refusal.NOT_FOUND:
        raise Http404
    raise PermissionDenied


def may_change(visit: Visit, change: ClientRight | EngagementRight, number: int) -> bool:
    """Whether the visitor may make the change at present."""
    return refused_change(visit.firm_now, visit.number, change, number) is None


def client_address(visit: Visit, client: int) -> str:
    """Where a change of the client leads back to: its control side, for who reads that, else its record."""
    return control_address(visit, client) or reverse("client", args=[visit.firm.pk, client])


def correct_address(visit: Visit, client: int) -> str:
    """The page of name and client reference; empty for who may not change them."""
    return _address(visit, ClientRight.CORRECT, client, "change-client")


def mark_address(visit: Visit, client: int) -> str:
    """The page that makes the client confidential or ends that, which is sharing; empty for who may not."""
    if refused_sharing(visit.firm_now, visit.number, Target("client", client)) is not None:
        return ""
    return reverse("mark-client", args=[visit.firm.pk, client])


def add_service_address(visit: Visit, client: int) -> str:
    """The page that adds a service to the client; empty for who may not."""
    return _address(visit, ClientRight.DESCRIBE, client, "add-client-service")


def remove_address(visit: Visit, client: int) -> str:
    """The page that removes the client; empty for who may not."""
    return _address(visit, ClientRight.REMOVE, client, "remove-client")


def tax_reference_address(visit: Visit, client: int, engagement: int) -> str:
    """The page of an engagement's tax reference; empty for who may not change it."""
    if not may_change(visit, EngagementRight.REFER, engagement):
        return ""
    return reverse("change-tax-reference", args=[visit.firm.pk, client, engagement])


def remove_service_address(visit: Visit, client: int, engagement: int) -> str:
    """The page that removes one of the client's services; empty for who may not, and for the last one."""
    if len(visit.firm_now.engagements_of(client)) == 1:
        return ""
    if not may_change(visit, EngagementRight.END, engagement):
        return ""
    return reverse("remove-client-service", args=[visit.firm.pk, client, engagement])


def _address(visit: Visit, change: ClientRight, client: int, route: str) -> str:
    return reverse(route, args=[visit.firm.pk, client]) if may_change(visit, change, client) else ""
