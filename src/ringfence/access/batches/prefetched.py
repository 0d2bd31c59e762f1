"""A firm's directory for many commands at once: it reads the texts of a whole list in a few statements.

A list may change a hundred thousand clients, and each command would ask the database two or three times. The
names and references that a command of the list gives hold for the commands after it, before any is written.
Example: a row gives reference 17 to Acme, so a later row that gives 17 to Beta is refused.
"""

from collections.abc import Collection, Iterable, Mapping

from ringfence.access.writing.directory import TableDirectory
from ringfence.access.writing.tables import TABLES
from ringfence.access.writing.tables.bulk import among_numbers, numbers_parameter, rows_of
from ringfence.core import events as e
from ringfence.core.commands import Command
from ringfence.core.commands import definitions as w
from ringfence.core.directory import reference_key, tax_key, unique_key
from ringfence.core.state.register import Register
from ringfence.core.terms import Thing

Tax = tuple[int, str]
"""A service and the key of a tax reference, which is unique in it."""
Key = tuple[Thing, int, str]
"""What a thing is found by: its kind, its service (0 for all but engagements), the key of its text."""

_FOUND_BY = {
    Thing.MEMBER: "email",
    Thing.GROUP: "name",
    Thing.SERVICE: "name",
    Thing.WALL: "name",
    Thing.CLIENT: "reference",
    Thing.ENGAGEMENT: "reference",
}


class PrefetchedDirectory(TableDirectory):
    """The directory of a firm whose commands are carried out in memory, one after the other."""

    def __init__(self, firm: int, register: Register) -> None:
        """`register` is the one before the first command."""
        super().__init__(firm)
        self._register = register
        self._references: dict[str, int | None] = {}
        self._taxes: dict[Tax, int | None] = {}
        self._texts: dict[tuple[Thing, int], dict[str, str]] = {}
        self._said: dict[Key, int] = {}
        self._said_of: dict[tuple[Thing, int], Key | None] = {}
        """What a thing is found by since a command spoke of it; None for one that has ended."""

    def prefetch(self, commands: Iterable[Command]) -> None:
        """Look up what these commands will ask of the tables, in a handful of statements."""
        clients: list[int] = []
        engagements: list[int] = []
        references: set[str] = set()
        taxes: set[Tax] = set()
        for command in commands:
            match command:
                case w.ChangeClient(client=number, reference=reference):
                    clients.append(number)
                    references |= {unique_key(reference)} if isinstance(reference, str) else set()
                case w.AddEngagement(service=service, reference=reference) if reference:
                    taxes.add((service, tax_key(reference)))
                case w.ChangeEngagement(engagement=number, reference=reference):
                    engagements.append(number)
                    taxes |= {(self._service_of(number), tax_key(reference))} if reference else set()
        self.clients_by_reference(references)
        self.engagements_by_reference(taxes)
        self._look_up(Thing.CLIENT, ("name", "reference", "kind"), clients)
        self._look_up(Thing.ENGAGEMENT, ("reference",), engagements)

    def _look_up(self, thing: Thing, fields: tuple[str, ...], numbers: Iterable[int]) -> None:
        """The texts of things that no command has spoken of yet."""
        wanted = [number for number in numbers if (thing, number) not in self._texts]
        if wanted:
            statement = (
                f"SELECT number, {', '.join(fields)} FROM {TABLES[thing]}"
                f" WHERE firm_id = %s AND {among_numbers('number')}"
            )
            for number, *texts in rows_of(statement, self._firm, numbers_parameter(wanted)):
                self._texts[thing, number] = dict(zip(fields, texts, strict=True))

    def take(self, change: e.Change, register: Register) -> None:
        """Know what a command said and ended; `register` is the one after it."""
        self._register = register
        for text in change.texts:
            self._texts.setdefault((text.thing, text.number), {}).update(text.fields)
            words = text.fields.get(_FOUND_BY.get(text.thing, ""))
            if words is not None:
                service = self._service_of(text.number) if text.thing is Thing.ENGAGEMENT else 0
                self._file(text.thing, text.number, (text.thing, service, reference_key(text.thing, words)))
        for event in change.events:
            match event:
                case e.GroupDeleted():
                    self._file(Thing.GROUP, event.group, None)
                case e.ServiceRemoved():
                    self._file(Thing.SERVICE, event.service, None)
                case e.WallLowered():
                    self._file(Thing.WALL, event.wall, None)
                case e.EngagementRemoved():
                    self._file(Thing.ENGAGEMENT, event.engagement, None)
                case _:
                    pass

    def _service_of(self, engagement: int) -> int:
        """0 for one that is not there: its command will be refused."""
        known = self._register.service_of
        return known[engagement] if 0 < engagement < self._register.next_engagement else 0

    def _file(self, thing: Thing, number: int, key: Key | None) -> None:
        before = self._said_of.get((thing, number))
        if before is not None and self._said.get(before) == number:
            del self._said[before]
        self._said_of[thing, number] = key
        if key is not None and key[2]:
            self._said[key] = number

    # --- As a directory

    def text(self, thing: Thing, number: int, field: str) -> str:
        found = self._texts.get((thing, number), {}).get(field)
        return super().text(thing, number, field) if found is None else found

    def named(self, thing: Thing, key: str) -> int | None:
        return self._holder((thing, 0, key), super().named(thing, key))

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, int]:
        if unknown := [key for key in keys if key not in self._references]:
            found = super().clients_by_reference(unknown)
            self._references.update((key, found.get(key)) for key in unknown)
        holders = ((key, self._holder((Thing.CLIENT, 0, key), self._references[key])) for key in keys)
        return {key: number for key, number in holders if number is not None}

    def engagements_by_reference(self, keys: Collection[Tax]) -> Mapping[Tax, int]:
        if unknown := [key for key in keys if key not in self._taxes]:
            found = super().engagements_by_reference(unknown)
            self._taxes.update((key, found.get(key)) for key in unknown)
        holders = ((key, self._holder((Thing.ENGAGEMENT, *key), self._taxes[key])) for key in keys)
        return {key: number for key, number in holders if number is not None}

    def _holder(self, key: Key, in_tables: int | None) -> int | None:
        """Who has it: by what was said, else by the tables, unless what was said gave that one another."""
        said = self._said.get(key)
        if said is None and (key[0], in_tables) not in self._said_of:
            return in_tables
        return said
