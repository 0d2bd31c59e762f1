"""The pages of one client: one row of links on every one of them. Whoever makes another adds its line here.

Who may open a page is decided behind it; here only what leads nowhere for the visitor is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse

from ringfence.access.reading import reads_openings, refused_sharing
from ringfence.core.terms import Target
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link, PageRow
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import LazyText, gettext_lazy
from ringfence.wording.saying import gettext as _


class ClientPage(NamedTuple):
    """One of the pages: its text, its route (of firm and client), and whether it is for the visitor."""

    text: LazyText
    route: str
    offered: Callable[[Visit, int], bool]


def _sees(visit: Visit, client: int) -> bool:
    return visit.firm_now.sees(visit.number, client)


def _sees_splits(visit: Visit, client: int) -> bool:
    return visit.settings.fee_splits and _sees(visit, client)


def _knows(visit: Visit, client: int) -> bool:
    return visit.firm_now.knows(visit.number, client)


def _reads_control(visit: Visit, client: int) -> bool:
    return visit.can(Capability.READ_CONTROL)


def _sees_holders(visit: Visit, client: int) -> bool:
    if _reads_control(visit, client):
        return True
    return refused_sharing(visit.firm_now, visit.number, Target("client", client)) is None


def _reads_openings(visit: Visit, client: int) -> bool:
    return _knows(visit, client) and reads_openings(visit.firm_now, visit.number, client)


def _reads_history(visit: Visit, client: int) -> bool:
    return _reads_control(visit, client) or _sees(visit, client)


CLIENT_PAGES: tuple[ClientPage, ...] = (
    ClientPage(gettext_lazy("Record"), "client", _sees),
    ClientPage(gettext_lazy("Plans"), "client-plans", _sees),
    ClientPage(gettext_lazy("Application forms"), "client-applications", _sees_splits),
    ClientPage(gettext_lazy("[Sharing options]"), "share-client", _knows),
    ClientPage(gettext_lazy("Who can open it"), "client-access", _reads_control),
    ClientPage(gettext_lazy("Picture"), "client-picture", _sees_holders),
    ClientPage(gettext_lazy("Your access"), "why-me", _sees),
    ClientPage(gettext_lazy("What happened"), "client-history", _reads_history),
    ClientPage(gettext_lazy("Opened by"), "client-openings", _reads_openings),
)
"""In the order in which they are shown."""


def client_pages(visit: Visit, client: int, here: str) -> PageRow | None:
    """The row for the visitor; `here` is the route of the page shown, or of the one that it is a part of.

    None for a client that is not there, or of which there is nothing to choose.
    """
    if client not in visit.firm_now.clients:
        return None
    links = tuple(
        Link(
            text=str(page.text),
            href=reverse(page.route, args=[visit.firm.pk, client]),
            current=page.route == here,
        )
        for page in CLIENT_PAGES
        if page.offered(visit, client)
    )
    return PageRow(label=_("This [client]"), links=links) if links else None
