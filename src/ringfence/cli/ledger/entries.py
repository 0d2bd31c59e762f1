"""Entries of a ledger with names and sentences: what `ledger show` lists, and what `ledger export` writes."""

from collections.abc import Sequence
from typing import Any

from ringfence.access import Entry, as_record
from ringfence.access.ledger.plain import plain_event, things_in
from ringfence.cli.naming.labels import Labels
from ringfence.core.state.register import Register
from ringfence.core.terms import Thing
from ringfence.firms.models import Firm
from ringfence.wording import event_text
from ringfence.wording.names_by_number import engagement_text

SHOWN = 3
"""Events that a row of a table tells in sentences."""
NAMELESS = frozenset({Thing.FIRM, Thing.ENTRY, Thing.REQUEST})
"""What has no name of its own by its number."""


class EntryNames(Labels):
    """What things were called just after an entry, those too that were gone by then."""

    def __init__(self, firm: Firm, version: int, register: Register) -> None:
        super().__init__(firm, version)
        self._register = register

    def engagement(self, number: int) -> str:
        """``Acme · VAT``."""
        client, service = self._register.client_of[number], self._register.service_of[number]
        return engagement_text(self, client, service)

    def learn_all(self, entries: Sequence[Entry]) -> None:
        """Read the names that sentences and records of these entries need, many at once."""
        wanted: dict[Thing, set[int]] = {}
        for entry in entries:
            for thing, number in _things(entry):
                wanted.setdefault(thing, set()).add(number)
            if entry.actor.member is not None:
                wanted.setdefault(Thing.MEMBER, set()).add(entry.actor.member)
        for number in wanted.pop(Thing.ENGAGEMENT, set()):
            wanted.setdefault(Thing.CLIENT, set()).add(self._register.client_of[number])
            wanted.setdefault(Thing.SERVICE, set()).add(self._register.service_of[number])
        for thing, numbers in wanted.items():
            if thing not in NAMELESS:
                self.learn(thing, numbers)

    def said(self, thing: Thing, number: int) -> str:
        return self.engagement(number) if thing is Thing.ENGAGEMENT else self.name(thing, number)


def told(entry: Entry, names: EntryNames) -> str:
    """What the entry did, in one line: its first events, and how many more it has."""
    said = [event_text(event, names) for event in entry.events[:SHOWN]]
    more = len(entry.events) - SHOWN
    if more > 0:
        said.append(f"and {more:,} more")
    if entry.self_access:
        said.append("(gave its actor access)")
    return "; ".join(said)


def record_of(entry: Entry, names: EntryNames) -> dict[str, Any]:
    """The entry for export: as it stands, and what it did in sentences, in plain numbers, and by name.

    `events` are those of `body`, unpacked; `names` are by kind and number, of everything that they name.
    """
    found = as_record(entry)
    named: dict[str, dict[str, str]] = {}
    for thing, number in _things(entry):
        if thing not in NAMELESS:
            named.setdefault(thing.value, {})[str(number)] = names.said(thing, number)
    member = entry.actor.member
    return {
        **found,
        "actor_name": "operator" if member is None else names.member(member),
        "what": [event_text(event, names) for event in entry.events],
        "events": [plain_event(event) for event in entry.events],
        "names": named,
    }


def _things(entry: Entry) -> list[tuple[Thing, int]]:
    return [each for event in entry.events for each in things_in(plain_event(event))]
