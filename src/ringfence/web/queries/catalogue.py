"""The service catalogue with what uses each service: exact numbers from the state, names from the table."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.access import FirmNow
from ringfence.core.directory import sort_key
from ringfence.core.terms import GENERAL

from .things import services_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRow:
    """A service, with how many clients have it and how many were given access to all of it."""

    number: int
    name: str
    clients: int
    removed: int
    """Removed clients that come back with it when they are restored."""
    groups: int
    members: int
    """Members with a grant of their own on the service."""

    @property
    def used(self) -> bool:
        """Whether anything keeps it from being removed (rules.md 9, `service.remove`)."""
        return bool(self.clients or self.removed or self.groups or self.members)

    @property
    def built_in(self) -> bool:
        return self.number == GENERAL


def catalogue_rows(firm_now: FirmNow, text: str = "") -> list[CatalogueRow]:
    """Every service with `text` in its name, by name."""
    uses = firm_now.service_uses()
    wanted = sort_key(text)
    return [
        CatalogueRow(
            number=number,
            name=name,
            clients=uses[number].clients,
            removed=uses[number].removed,
            groups=uses[number].groups,
            members=uses[number].members,
        )
        for number, name in services_of(firm_now.firm)
        if number in uses and wanted in sort_key(name)
    ]
