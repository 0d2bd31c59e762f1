"""Many commands at once, all or none: how a list of a hundred thousand rows is saved in one transaction.

Each batch becomes one entry of the ledger. The rules are the same as for single commands: each is carried out
on the state that the one before it left. Names are looked up as they were before the first of a batch, so a
batch must not take a name that another command in it gives up or takes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

import msgspec
from django.db import transaction

from ringfence.core.commands import Command, Refused, carry_out
from ringfence.core.commands import words as w
from ringfence.core.directory import Directory, unique_key
from ringfence.core.events import Change
from ringfence.core.moment import Moment
from ringfence.core.state import State
from ringfence.core.terms import Thing

from .actor import Actor
from .connection import answering, plain
from .directory import TableDirectory
from .door import STATES, instant_for, lock
from .ledger import changed_since
from .recording import record
from .seats import seat_members
from .tables import TABLES
from .tables.bulk import among_numbers, numbers_parameter, rows_of


class Batch(msgspec.Struct, frozen=True):
    """Commands that become one entry, under one name: ``client.import``."""

    name: str
    commands: tuple[Command, ...]


class BatchRefused(Exception):
    """One command was refused, and with it all of them. `place` counts through all batches, from 0."""

    def __init__(self, place: int, refused: Refused) -> None:
        super().__init__(str(refused))
        self.place = place
        self.refused = refused


class Overtaken(Exception):
    """The firm was changed after the version that the batches were made for; nothing was changed by them."""


def execute_all(firm: int, batches: Sequence[Batch], *, actor: Actor, version: int) -> int:
    """Carry out the batches, made for the firm as it stood at `version`; the firm's version after them.

    Raises `BatchRefused` or `Overtaken` with nothing changed, `FirmUnknown`, and `StateUnavailable`.
    """
    if not batches:
        return version
    with answering(), transaction.atomic(durable=True):
        if lock(firm).version != version and changed_since(firm, version):
            raise Overtaken(f"firm {firm} was changed after version {version}")
        state, place = STATES.current(plain(), firm).state, 0
        for batch in batches:
            # Read again, since the batch before it moved the row on.
            row = lock(firm)
            now = instant_for(row)
            directory = Foreseen(firm, batch.commands)
            change, state = _carried_out(state.at(now), directory, batch.commands, actor, place)
            loaded = record(row, change, after=state, command=batch.name, actor=actor, now=now)
            seat_members(firm, change)
            place += len(batch.commands)
    STATES.put(firm, loaded)
    return loaded.version


def _carried_out(
    moment: Moment, directory: Directory, commands: Iterable[Command], actor: Actor, place: int
) -> tuple[Change, State]:
    """What the commands do one after the other, as one change, and the state after it."""
    changes = []
    for number, command in enumerate(commands, start=place):
        try:
            change = carry_out(moment, directory, command, actor=actor.member)
        except Refused as refused:
            raise BatchRefused(number, refused) from refused
        changes.append(change)
        moment = moment.state.apply_all(change.events).at(moment.now)
    change = Change(
        events=tuple(chain.from_iterable(change.events for change in changes)),
        texts=tuple(chain.from_iterable(change.texts for change in changes)),
        self_access=any(change.self_access for change in changes),
    )
    return change, moment.state


class Foreseen(TableDirectory):
    """The directory with what the commands will ask looked up at once, in a handful of statements.

    A list may change a hundred thousand clients, and each would be two or three questions to the database.
    """

    def __init__(self, firm: int, commands: Iterable[Command]) -> None:
        super().__init__(firm)
        clients: list[int] = []
        engagements: list[int] = []
        references: set[str] = set()
        taxes: set[tuple[int, str]] = set()
        for command in commands:
            match command:
                case w.ChangeClient(client=number, reference=reference):
                    clients.append(number)
                    references |= {unique_key(reference)} if isinstance(reference, str) else set()
                case w.AddEngagement(service=service, reference=reference) if reference:
                    taxes.add((service, unique_key(reference)))
                case w.ChangeEngagement(engagement=number):
                    engagements.append(number)
        self._references = frozenset(references)
        self._reference_holders = super().clients_by_reference(references) if references else {}
        self._taxes = frozenset(taxes)
        self._tax_holders = super().engagements_by_reference(taxes)
        self._texts = {
            **self._texts_of(Thing.CLIENT, ("name", "reference", "kind"), clients),
            **self._texts_of(Thing.ENGAGEMENT, ("reference",), engagements),
        }

    def _texts_of(
        self, thing: Thing, fields: tuple[str, ...], numbers: Collection[int]
    ) -> dict[tuple[Thing, int, str], str]:
        if not numbers:
            return {}
        rows = rows_of(
            f"SELECT number, {', '.join(fields)} FROM {TABLES[thing]}"
            f" WHERE firm_id = %s AND {among_numbers('number')}",
            self._firm,
            numbers_parameter(numbers),
        )
        return {
            (thing, number, field): text
            for number, *texts in rows
            for field, text in zip(fields, texts, strict=True)
        }

    def text(self, thing: Thing, number: int, field: str) -> str:
        """As it was before the batch."""
        known = self._texts.get((thing, number, field))
        return super().text(thing, number, field) if known is None else known

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, int]:
        """As it was before the batch."""
        if not self._references.issuperset(keys):
            return super().clients_by_reference(keys)
        return {key: self._reference_holders[key] for key in keys if key in self._reference_holders}

    def engagements_by_reference(self, keys: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
        """As it was before the batch."""
        if not self._taxes.issuperset(keys):
            return super().engagements_by_reference(keys)
        return {key: self._tax_holders[key] for key in keys if key in self._tax_holders}
