"""The pages that Your account leads to: what each is called, its route in the firm, and whom it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.urls import reverse

from ringfence.access.digest.days import goes_out
from ringfence.access.reading import decidable
from ringfence.access.reviews.asking import may_know_review, open_reviews
from ringfence.web.browse.grantees import offers_own_defaults
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import LazyText, gettext_lazy


class AccountRow(NamedTuple):
    """One page of the member's own."""

    text: LazyText
    route: str
    """Of an address that names the firm alone."""
    shown: Callable[[Visit], bool]
    """Whether the visitor has anything to do or to read there."""


def _delegates(visit: Visit) -> bool:
    """Whether the firm has delegation, or there is any that can be ended."""
    mine = (visit.number in pair for pair in visit.firm_now.delegations)
    return (visit.settings.delegation and visit.can(Capability.READ_CLIENTS)) or any(mine)


def _asks(visit: Visit) -> bool:
    """Whether requests can be made, or one that was made still stands."""
    return visit.settings.requests or bool(visit.firm_now.asked_for(visit.number))


def _answers(visit: Visit) -> bool:
    """Whether the visitor answers requests by what they may do, or has one to answer."""
    if visit.settings.requests and visit.can(Capability.MANAGE_ACCESS):
        return True
    return bool(decidable(visit.firm_now, visit.number))


SECTIONS: tuple[AccountRow, ...] = (
    AccountRow(
        gettext_lazy("A picture of what you can open"),
        "your-picture",
        lambda visit: visit.can(Capability.USE_CLIENTS),
    ),
    AccountRow(
        gettext_lazy("Work that is kept apart"),
        "your-walls",
        lambda visit: bool(visit.firm_now.walls_asking(visit.number)),
    ),
    AccountRow(
        gettext_lazy("Access reviews"),
        "reviews",
        lambda visit: any(
            may_know_review(visit.firm_now, visit.number, number) for number in open_reviews(visit.firm_now)
        ),
    ),
    AccountRow(gettext_lazy("Your delegations"), "delegations", _delegates),
    AccountRow(gettext_lazy("Your requests for access"), "your-requests", _asks),
    AccountRow(gettext_lazy("Requests that wait for your answer"), "open-requests", _answers),
    AccountRow(
        gettext_lazy("My [client] permissions"),
        "my-client-permissions",
        offers_own_defaults,
    ),
    AccountRow(gettext_lazy("Notices by e-mail"), "choose-notices", lambda _visit: True),
    AccountRow(
        gettext_lazy("See who has access to what"),
        "manage",
        lambda visit: visit.can(Capability.READ_CONTROL),
    ),
    AccountRow(
        gettext_lazy("Your daily digest"),
        "your-digest",
        lambda visit: goes_out(visit.settings) and visit.can(Capability.READ_CLIENTS),
    ),
)
"""In the order in which the page has them."""


def account_links(visit: Visit) -> Iterator[Link]:
    """The links for this visitor."""
    for row in SECTIONS:
        if row.shown(visit):
            yield Link(text=str(row.text), href=reverse(row.route, args=[visit.firm.pk]))
