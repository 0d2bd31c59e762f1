"""Many commands carried out in memory: what a list of a hundred thousand rows would do, before it is saved.

Each batch becomes one entry of the ledger. The rules are the same as for single commands: each is carried out
on the state and among the names that the one before it left.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import msgspec

from ringfence.access.actor import Actor
from ringfence.access.clock import instant_for
from ringfence.access.connection import answering, plain, reading
from ringfence.access.door import STATES, firm_state
from ringfence.access.ledger.entries import changed_since
from ringfence.core.commands import Command, Refused, carry_out
from ringfence.core.compare.difference import Difference, difference
from ringfence.core.compare.newly_ownerless import newly_ownerless
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.ownerless import Ownerless
from ringfence.core.events import Change, Text
from ringfence.core.state.state import State
from ringfence.core.terms import Instant
from ringfence.firms.models import Firm

from .prefetched import PrefetchedDirectory


class Batch(msgspec.Struct, frozen=True):
    """Commands that become one entry, under one name: ``client.import``."""

    name: str
    commands: tuple[Command, ...]


class Rehearsed(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What one batch does, and the state after it."""

    name: str
    change: Change
    after: State


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Batches carried out in memory on the firm as it stood at `version`; nothing is written."""

    firm: int
    version: int
    actor: Actor
    before: Moment
    done: tuple[Rehearsed, ...]
    since: Instant
    until: Instant
    """Between these two instants nothing expires on which any of the commands could rest."""

    @property
    def after(self) -> State:
        return self.done[-1].after if self.done else self.before.state

    @property
    def texts(self) -> Iterator[Text]:
        """The words that all of it brings."""
        return chain.from_iterable(each.change.texts for each in self.done)

    def difference(self) -> Difference:
        """Who gains and who loses by all of it together (rules.md 6)."""
        events = [event for each in self.done for event in each.change.events]
        return difference(self.before.state, self.after, events, self.before.now)

    def ownerless(self) -> Ownerless:
        """The clients that would be left without a person Owner, which the difference does not show."""
        return newly_ownerless(self.before.state, self.after)


class BatchRefused(Exception):
    """One command was refused, and with it all of them. `place` counts through all batches, from 0."""

    def __init__(self, place: int, refused: Refused) -> None:
        super().__init__(str(refused))
        self.place = place
        self.refused = refused


class Overtaken(Exception):
    """The firm is not as it was when the batches were made or rehearsed; nothing was changed."""


def rehearse(firm: int, batches: Sequence[Batch], *, actor: Actor, version: int) -> Rehearsal:
    """Carry out the batches, made for the firm as it stood at `version`, in memory; nothing is written.

    Raises `BatchRefused`, `Overtaken`, `FirmUnknown`, and `StateUnavailable`.
    """
    # What is first read inside the transaction could not be kept.
    firm_state(firm)
    with answering(), reading():
        known = STATES.current(plain(), firm)
        if known.version != version and changed_since(firm, version):
            raise Overtaken(f"firm {firm} is no longer at version {version}")
        run = _Run(at(known.state, instant_for(Firm.objects.get(pk=firm))), firm, actor)
        done = tuple(run.batch(batch) for batch in batches)
    return Rehearsal(
        firm=firm,
        version=version,
        actor=actor,
        before=run.before,
        done=done,
        since=run.since,
        until=run.until,
    )


class _Run:
    """Commands being carried out one after the other, all at one instant."""

    def __init__(self, before: Moment, firm: int, actor: Actor) -> None:
        self.before = before
        self.since, self.until = before.evaluation.since, before.evaluation.until
        self._moment = before
        self._actor = actor
        self._directory = PrefetchedDirectory(firm, before.state.register)
        self._untold: Change | None = None
        """What the last command did. The directory learns of it when there is another."""
        self._place = 0

    def batch(self, batch: Batch) -> Rehearsed:
        """What the batch's commands do, as one change, and the state after it."""
        self._directory.prefetch(batch.commands)
        changes = [self._command(command) for command in batch.commands]
        return Rehearsed(name=batch.name, change=_as_one(changes), after=self._moment.state)

    def _command(self, command: Command) -> Change:
        if self._untold is not None:
            self._directory.take(self._untold, self._moment.state.register)
        try:
            change, after = carry_out(self._moment, self._directory, command, actor=self._actor.member)
        except Refused as refused:
            raise BatchRefused(self._place, refused) from refused
        self._place += 1
        self._untold = change
        self._moment = at(after, self.before.now)
        evaluation = self._moment.evaluation
        self.since, self.until = max(self.since, evaluation.since), min(self.until, evaluation.until)
        return change


def _as_one(changes: Iterable[Change]) -> Change:
    changes = list(changes)
    return Change(
        events=tuple(chain.from_iterable(change.events for change in changes)),
        texts=tuple(chain.from_iterable(change.texts for change in changes)),
        self_access=any(change.self_access for change in changes),
    )
