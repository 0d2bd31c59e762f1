"""What of the ledger is looked for, as the form above it was filled in, and the entries that it finds."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass

from pyroaring import BitMap

from ringfence.access import Sought, find_entries
from ringfence.access.listing.people import members_matching
from ringfence.access.reading import client_names
from ringfence.web.browse.asked_form import AskedForm, instants_between, typed
from ringfence.web.shell.figures import count_clients
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit
from ringfence.wording.ledger import COMMANDS, OTHER_ENTRIES
from ringfence.wording.saying import gettext as _

EVERYTHING = "all"
"""The kind that records opened and lists exported are found with, too."""
MOST_CLIENTS = 2_000
"""Clients that a word may find: whoever finds more writes more of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSearch(AskedForm):
    """The form as it was filled in."""

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """What can be chosen as a kind, each with its words."""
        first = [
            ("", _("All changes")),
            (EVERYTHING, _("Everything, with records opened and lists exported")),
        ]
        return [*first, *((name, str(text)) for name, text in (COMMANDS | OTHER_ENTRIES).items())]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The form and the numbers of the entries that it finds; none where it cannot be read."""

    search: LedgerSearch
    numbers: BitMap


def seek(visit: Visit, action: str) -> Found:
    """What the address looks for; `action` is the address of the ledger."""
    texts = {name: typed(visit, name) for name in ("person", "client", "kind", "from", "to")}
    kind, errors = texts["kind"], dict[str, str]()
    since, until = instants_between(visit, texts, errors)
    sought = Sought(
        people=_people(visit, texts["person"]),
        clients=_clients(visit, texts["client"], errors),
        commands=(kind,) if kind in COMMANDS or kind in OTHER_ENTRIES else None,
        noted=kind == EVERYTHING,
        since=since,
        until=until,
    )
    if not sought.noted and sought.commands is None:
        texts["kind"] = ""
    numbers = BitMap() if errors else find_entries(visit.firm.pk, visit.firm_now.version, sought)
    return Found(search=LedgerSearch(action=action, texts=texts, errors=errors), numbers=numbers)


def _people(visit: Visit, text: str) -> BitMap | None:
    """Whoever has the text in their name or e-mail address, inactive members too."""
    return BitMap([row.number for row in members_matching(visit.firm.pk, text)]) if text else None


def _clients(visit: Visit, text: str, errors: MutableMapping[str, str]) -> BitMap | None:
    """The clients, removed ones too, with the text in their name or client reference."""
    if not text:
        return None
    found = client_names(visit.firm.pk).matching(text).clients
    if len(found) > MOST_CLIENTS:
        errors["client"] = _("Write more of the name: %(clients)s have this in theirs") % {
            "clients": count_clients(len(found))
        }
    return found


def until_asked(visit: Visit) -> int:
    """The entry that the pages of the list end with: the address says it once somebody has turned a page."""
    asked = number_in(visit.request.GET.get("until", ""))
    return asked if 0 < asked <= visit.firm_now.version else visit.firm_now.version
