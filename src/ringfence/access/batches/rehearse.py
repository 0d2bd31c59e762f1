"""Many commands carried out in memory: what a list of a hundred thousand rows would do, before it is saved.

Each batch becomes one entry of the ledger. All of them are one change (rules.md 9, lists): rights are judged
at the start, names and guards at the end, and the order makes no difference.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec
from pyroaring import BitMap

from ringfence.access.actor import Actor
from ringfence.access.clock import instant_of
from ringfence.access.connection import answering, plain, reading
from ringfence.access.door import STATES, firm_state
from ringfence.access.ledger.entries import changed_since
from ringfence.access.policing.breaching import name_policies
from ringfence.access.writing.directory import TableDirectory
from ringfence.core.authority.raising import raises_power
from ringfence.core.commands import Command, carry_out
from ringfence.core.commands.definitions import TurnOn
from ringfence.core.commands.lists import ListRefused, OneChange
from ringfence.core.compare.both_sides import OnBothSides, newly_on_both_sides
from ringfence.core.compare.difference import Difference, difference
from ringfence.core.compare.left_to_nobody import left_to_nobody
from ringfence.core.compare.newly_ownerless import newly_ownerless
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.ownerless import Ownerless
from ringfence.core.events import Change, Text
from ringfence.core.many_texts import joined
from ringfence.core.policies.breaking import newly_broken
from ringfence.core.state.state import State
from ringfence.core.terms import Instant

from .prefetched import PrefetchedTexts


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
    def texts(self) -> Sequence[Text]:
        """The words that all of it brings."""
        return joined(each.change.texts for each in self.done)

    def difference(self) -> Difference:
        """Who gains and who loses by all of it together (rules.md 6)."""
        events = [event for each in self.done for event in each.change.events]
        return difference(self.before.state, self.after, events, self.before.now)

    def adds(self, client: int) -> bool:
        """Whether the client is a new one of these batches."""
        return client >= self.before.state.register.next_client

    def difference_once_on(self) -> Difference | None:
        """What all of it does once control is turned on (rules.md 3); None where it is, or is by this."""
        if self.before.state.settings.control or self.after.settings.control:
            return None
        directory = TableDirectory(self.firm)
        turned, without = carry_out(self.before, directory, TurnOn(), actor=None)
        later, after = carry_out(at(self.after, self.before.now), directory, TurnOn(), actor=None)
        events = [event for each in self.done for event in each.change.events]
        return difference(without, after, (*events, *turned.events, *later.events), self.before.now)

    @property
    def turns_on(self) -> bool:
        """Whether control is turned on by it."""
        return self.after.settings.control and not self.before.state.settings.control

    @property
    def raises_power(self) -> bool:
        """Whether it raises what anybody may do, so that pages have it confirmed first."""
        events = (event for each in self.done for event in each.change.events)
        return raises_power(self.before.state, self.after, events)

    @property
    def self_access(self) -> bool:
        """Whether any of it lets its actor see what they did not (rules.md 5, self-access)."""
        return any(each.change.self_access for each in self.done)

    def breaks(self) -> frozenset[int]:
        """The policies that hold now and would not afterwards."""
        events = [event for each in self.done for event in each.change.events]
        return newly_broken(self.before, self.after, events)

    def left_to_nobody(self, found: Difference) -> BitMap:
        """The clients that somebody can open now and nobody could afterwards, by the `difference` found."""
        lost = found.lost.clients
        return left_to_nobody(at(self.after, self.before.now), lost)

    def both_sides(self) -> tuple[OnBothSides, ...]:
        """Who would come to stand on both sides of a wall by all of it together (rules.md 10)."""
        events = [event for each in self.done for event in each.change.events]
        return newly_on_both_sides(self.before, self.after, events)

    def ownerless(self) -> Ownerless:
        """The clients that would be left without a person Owner, which the difference does not show."""
        return newly_ownerless(self.before.state, self.after, self.before.now)


class Overtaken(Exception):
    """The firm is not as it was when the batches were made or rehearsed; nothing was changed."""


def rehearse(firm: int, batches: Sequence[Batch], *, actor: Actor, version: int) -> Rehearsal:
    """Carry out the batches, made for the firm as it stood at `version`, in memory; nothing is written.

    Raises `ListRefused`, whose `place` counts through all batches, `Overtaken`, `FirmUnknown`, and
    `StateUnavailable`.
    """
    # What is first read inside the transaction could not be kept.
    firm_state(firm)
    with answering(), reading():
        known = STATES.current(plain(), firm)
        if known.version != version and changed_since(firm, version):
            raise Overtaken(f"firm {firm} is no longer at version {version}")
        run = _Run(at(known.state, instant_of(firm, known.at)), firm, actor)
        try:
            done = tuple(run.batch(batch) for batch in batches)
            run.finish()
        except ListRefused as refused:
            name_policies(refused.refused, firm, known.state, actor.member)
            raise
    return Rehearsal(
        firm=firm,
        version=version,
        actor=actor,
        before=run.before,
        done=done,
        since=run.since,
        until=run.until,
    )


def carried_out(before: Moment, firm: int, batch: Batch, actor: Actor) -> Rehearsed:
    """Carry one batch out in memory, in the transaction of whoever calls; raises `ListRefused`."""
    run = _Run(before, firm, actor)
    done = run.batch(batch)
    run.finish()
    return done


class _Run:
    """Commands being carried out one after the other, all at one instant, as one change."""

    def __init__(self, before: Moment, firm: int, actor: Actor) -> None:
        self.before = before
        self.since, self.until = before.evaluation.since, before.evaluation.until
        self._firm = firm
        self._texts = PrefetchedTexts(firm)
        self._whole = OneChange(before, self._texts, actor=actor.member)

    def batch(self, batch: Batch) -> Rehearsed:
        """What the batch's commands do, as one change, and the state after it."""
        self._texts.prefetch(batch.commands)
        changes = [self._command(command) for command in batch.commands]
        return Rehearsed(name=batch.name, change=_as_one(changes), after=self._whole.after)

    def finish(self) -> None:
        """Judge what all of them come to, by the tables as they are."""
        self._whole.finish(TableDirectory(self._firm))

    def _command(self, command: Command) -> Change:
        change, after = self._whole.carry_out(command)
        self._texts.take(change)
        evaluation = at(after, self.before.now).evaluation
        self.since, self.until = max(self.since, evaluation.since), min(self.until, evaluation.until)
        return change


def _as_one(changes: Iterable[Change]) -> Change:
    changes = list(changes)
    return Change(
        events=tuple(chain.from_iterable(change.events for change in changes)),
        texts=joined(change.texts for change in changes),
        self_access=any(change.self_access for change in changes),
    )
