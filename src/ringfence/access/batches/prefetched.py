"""A firm's texts for many commands at once: those of a whole list are read in a few statements.

A list may change a hundred thousand clients, and each command asks for the texts that it changes. What a
command of the list says holds for those after it, before any is written.
"""

from collections.abc import Iterable, Sequence

from ringfence.access.sql import among_numbers, numbers_parameter, rows_of
from ringfence.access.writing.directory import TableDirectory
from ringfence.access.writing.tables import TABLES
from ringfence.core.commands import Command
from ringfence.core.commands import definitions as w
from ringfence.core.events import Change
from ringfence.core.terms import Thing


class PrefetchedTexts(TableDirectory):
    """The present texts of a firm whose commands are carried out in memory, one after the other."""

    def __init__(self, firm: int) -> None:
        super().__init__(firm)
        self._known: dict[tuple[Thing, int], dict[str, str]] = {}
        self._said: list[Change] = []
        """What was said and nobody has asked for yet: most lists never ask for what they say."""

    @property
    def _texts(self) -> dict[tuple[Thing, int], dict[str, str]]:
        for change in self._said:
            for text in change.texts:
                self._known.setdefault((text.thing, text.number), {}).update(text.fields)
        self._said.clear()
        return self._known

    def prefetch(self, commands: Iterable[Command]) -> None:
        """Look up what these commands will ask of the tables, in a handful of statements."""
        clients: list[int] = []
        engagements: list[int] = []
        for command in commands:
            match command:
                case w.ChangeClient(client=number):
                    clients.append(number)
                case w.ChangeEngagement(engagement=number):
                    engagements.append(number)
        self._look_up(Thing.CLIENT, ("name", "reference", "kind"), clients)
        self._look_up(Thing.ENGAGEMENT, ("reference",), engagements)

    def _look_up(self, thing: Thing, fields: tuple[str, ...], numbers: Sequence[int]) -> None:
        """The texts of things that no command has spoken of yet."""
        known = self._texts if numbers else {}
        wanted = [number for number in numbers if (thing, number) not in known]
        if wanted:
            statement = (
                f"SELECT number, {', '.join(fields)} FROM {TABLES[thing]}"
                f" WHERE firm_id = %s AND {among_numbers('number')}"
            )
            for number, *texts in rows_of(statement, self._firm, numbers_parameter(wanted)):
                known[thing, number] = dict(zip(fields, texts, strict=True))

    def take(self, change: Change) -> None:
        """Know what a command said."""
        self._said.append(change)

    def text(self, thing: Thing, number: int, field: str) -> str:
        found = self._texts.get((thing, number), {}).get(field)
        return super().text(thing, number, field) if found is None else found
