"""What tests of one group's pages share: where a page is, saying yes to a check, what the group holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import CreateGroup, On, TurnOn
from ringfence.core.state.holding import Holding
from ringfence.core.terms import Level, group_subject
from tests.web.cast import CAI, VAT, VAT_GROUP, Cast, do
from tests.web.reading import value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

EDITORS = Level.EDITOR - 1
"""Where a holding has what was given at this level."""


def at(cast: Cast, route: str = "group", number: int = VAT_GROUP) -> str:
    """A page of a group."""
    return reverse(route, args=[cast.firm, number])


def tick(client: PageClient, address: str, *numbers: int, go: str = "continue", **form: Any) -> Any:
    """Send a choosing page with these boxes ticked."""
    return client.post(address, {"go": go, "shown": list(numbers), "tick": list(numbers), **form})


def said_yes(client: PageClient, address: str, **form: Any) -> Any:
    """Yes to the check at the address, and the page after it."""
    version = value(client.get(address, form), "version")
    return client.post(address, {**form, "version": version, "answer": "yes"}, follow=True)


def held(cast: Cast, group: int = VAT_GROUP) -> Holding:
    """All grants of the group."""
    return firm_state(cast.firm).grants_of(group_subject(group))


def members(cast: Cast, group: int = VAT_GROUP) -> set[int]:
    return set(firm_state(cast.firm).groups[group])


def by_service(cast: Cast) -> None:
    """Control on, and all VAT clients in a group with Cai, by themselves."""
    do(cast.firm, CreateGroup(name="VAT team", members=frozenset({CAI}), on=On.service(VAT)))
    do(cast.firm, TurnOn())
