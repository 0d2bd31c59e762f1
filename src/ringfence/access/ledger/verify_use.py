"""When members last opened clients, as it was gathered (`access.use`), against the openings in the ledger.

It decides nothing, but reviewers and reports rest on it. What other software was answered is not looked at:
the log of decisions goes back so many days, and is no part of the ledger.
"""

from collections.abc import Iterator

from ringfence.core.events import Described, Event, RecordOpened
from ringfence.core.terms import Thing
from ringfence.firms.models import ClientUse, LedgerEntry, UseMark

ERASED = {"member.erase": Thing.MEMBER, "client.erase": Thing.CLIENT}
"""Commands with which all that was gathered of somebody or something goes."""


class UseProved:
    """Takes the entries one by one; then tells what differs from the table."""

    def __init__(self, firm: int) -> None:
        self._firm = firm
        self._mark = UseMark.objects.filter(firm=firm).values_list("entry", flat=True).first() or 0
        self._opened: dict[tuple[int, int], int] = {}
        self._erased: dict[Thing, set[int]] = {Thing.MEMBER: set(), Thing.CLIENT: set()}

    def take(self, row: LedgerEntry, events: tuple[Event, ...]) -> None:
        """The next entry."""
        for event in events:
            if isinstance(event, RecordOpened) and row.actor is not None and row.number <= self._mark:
                self._opened[row.actor, event.client] = row.at
        if (thing := ERASED.get(row.command)) is not None:
            self._erased[thing] |= {
                event.number for event in events if isinstance(event, Described) and event.thing is thing
            }

    def differing(self) -> Iterator[str]:
        """A sentence for each pair of which the table says something else than the ledger."""
        rows = ClientUse.objects.filter(firm=self._firm).values_list("member", "client", "opened")
        there = {(member, client): opened for member, client, opened in rows.iterator()}
        for pair in sorted({*there, *self._opened}):
            member, client = pair
            erased = member in self._erased[Thing.MEMBER] or client in self._erased[Thing.CLIENT]
            if there.get(pair, 0) != (0 if erased else self._opened.get(pair, 0)):
                yield (
                    f"What was gathered of use differs from the ledger in when member {member} last opened"
                    f" client {client}."
                )
