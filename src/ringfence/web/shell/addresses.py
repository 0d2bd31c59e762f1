"""Addresses that several journeys lead to, empty for who may not go there."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.urls import reverse

from ringfence.access.reading import may_ask_for, refused_sharing
from ringfence.core.terms import Level, Target
from ringfence.wording.saying import gettext as _

from .capability import Capability
from .page import Link
from .visit import Visit


def control_address(visit: Visit, client: int) -> str:
    """The page of who has access to the client; empty for who may not read it."""
    if not visit.can(Capability.READ_CONTROL):
        return ""
    return reverse("client-access", args=[visit.firm.pk, client])


def sharing_address(visit: Visit, client: int) -> str:
    """Where the visitor changes who has access to the client; empty for who may not (rules.md 5)."""
    if refused_sharing(visit.firm_now, visit.number, Target("client", client)) is not None:
        return ""
    return reverse("share-client", args=[visit.firm.pk, client])


def request_address(visit: Visit, client: int) -> str:
    """The page on which access to the client is asked for; empty for who cannot, or has no need to."""
    if visit.can(Capability.MANAGE_ACCESS) and sharing_address(visit, client):
        # They would answer their own request; they give themselves access, within sight of the others.
        return ""
    return reverse("request-access", args=[visit.firm.pk, client]) if levels_to_ask(visit, client) else ""


def levels_to_ask(visit: Visit, client: int) -> tuple[Level, ...]:
    """What the visitor may ask for, as far as the firm's screens offer it (rules.md 1).

    The level that they have is among them where it ends: that is asking for longer.
    """
    now = visit.firm_now
    offered = may_ask_for(now, visit.number, client)
    if visit.settings.levels == "four" or not offered:
        return offered
    shown = max(now.client_level(visit.number, client), Level.EDITOR)
    return tuple(level for level in offered if level is shown)


def help_link(visit: Visit, topic: str) -> Link:
    """The way to the help page that answers the question, by the last part of its address."""
    return Link(text=_("Help with this"), href=reverse("help-topic", args=[visit.firm.pk, topic]))


@lru_cache(maxsize=4096)
def address(route: str, *place: int | str) -> str:
    """The address of a route, worked out once: every page of a kind has the same few."""
    return reverse(route, args=place)


def numbered(route: str, firm: int) -> Callable[[int], str]:
    """The addresses of many things of the firm whose route ends with their number: worked out once."""
    first = address(route, firm, 0)
    before = first.removesuffix("0")
    assert before + "0" == first
    return lambda number: f"{before}{number}"
