"""The page of a list of clients: what one can do from there, above the search."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.access.reading import offers_restoring
from ringfence.web.shell.addresses import address
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .client_lines import ClientLine
from .grantees import offers_own_defaults
from .listing import ListPage


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientListPage(ListPage[ClientLine]):
    """A list of clients, shown by `clients/list.html`."""

    add: str
    """Where a client is added; empty for who may not."""
    others: tuple[Link, ...]
    """Other ways from there."""
    taken: tuple[Link, ...]
    """What takes the list out as a file."""


def add_address(visit: Visit) -> str:
    """Where a client is added: any member who uses client records may (rules.md 5)."""
    return address("add-client", visit.firm.pk) if visit.can(Capability.USE_CLIENTS) else ""


def other_lists(visit: Visit) -> tuple[Link, ...]:
    """Bringing in a list of them, what one's own start with, and the removed ones that one may restore."""
    found = []
    if visit.can(Capability.USE_CLIENTS):
        found.append(Link(text=_("Bring in a list"), href=address("lists", visit.firm.pk)))
    if offers_own_defaults(visit):
        own = address("my-client-permissions", visit.firm.pk)
        found.append(Link(text=_("My [client] permissions"), href=own))
    if visit.firm_now.shares_any(visit.number):
        found.append(Link(text=_("Permissions wizard"), href=address("wizard", visit.firm.pk)))
    if offers_restoring(visit.firm_now, visit.number):
        removed = address("removed-clients", visit.firm.pk)
        found.append(Link(text=_("Removed [clients]"), href=removed))
    return tuple(found)
