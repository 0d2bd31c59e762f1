"""The one door to a firm inside Django: change it, ask what a change would do, read its state.

`execute` locks the firm's row, catches up with what others wrote, lets the core decide, writes tables and
ledger, and commits: only then is the change acknowledged and kept in memory. So changes of one firm form one
series, in every process. A reading proves itself current first (`store.freshness`). Where the database cannot
say, `StateUnavailable` is raised, never an older answer given.
"""

import msgspec
from django.db import transaction
from pyroaring import BitMap

from ringfence.core.commands import Command, carry_out, command_name
from ringfence.core.commands import definitions as w
from ringfence.core.commands.defaults import defaults_left_out
from ringfence.core.compare import difference
from ringfence.core.compare.both_sides import OnBothSides, newly_on_both_sides
from ringfence.core.compare.left_to_nobody import left_to_nobody
from ringfence.core.compare.newly_ownerless import newly_ownerless
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.ownerless import Ownerless
from ringfence.core.events import Change, WallSet
from ringfence.core.policies.breaking import newly_broken
from ringfence.core.refusals import Refused, need
from ringfence.core.terms import Instant, Subject
from ringfence.core.values import DefaultGrant
from ringfence.firms.models import Firm
from ringfence.store.freshness import Cache
from ringfence.store.sources import FirmUnknown, Mark
from ringfence.telemetry.tracing import span

from .actor import Actor
from .clock import instant_for, instant_of
from .connection import answering, plain, reading
from .firm_now import FirmNow
from .policing.breaching import name_policies
from .refused_attempts import FOR_WANT_OF_A_RIGHT, note_refused
from .sign_in_accounts import record_and_seat
from .writing.directory import TableDirectory
from .writing.recording import analyse_grown, keep_numbers, locked, work_out

NUMBERING = (
    *(w.AddClient, w.ImportClients, w.ChangeClient),
    *(w.AddEngagement, w.ImportEngagements, w.ChangeEngagement),
)
"""Commands that number clients or engagements, or give them references."""

STATES = Cache()
"""The states that this process keeps."""


class Beside:
    """What is done in a command's transaction, under the firm's lock. What it raises undoes all."""

    def before(self, version: int) -> None:
        """Before the command is decided, on the firm as it stands at `version`."""

    def decided(self, decided: "Decided") -> None:
        """Once it is decided and stands in the tables of its own, before its entry is written (`noting`)."""

    def after(self, committed: "Committed") -> None:
        """Once its entry is written, before it is committed."""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry is about to be written of."""

    command: str
    change: Change


class Committed(msgspec.Struct, frozen=True, kw_only=True):
    """A command that was carried out and committed."""

    version: int
    """The firm's version from now on: the number of the entry."""
    at: Instant
    change: Change
    before: FirmNow
    after: FirmNow


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a command would do to the firm as it stood at `version`."""

    version: int
    before: Moment
    change: Change
    difference: difference.Difference
    ownerless: Ownerless
    """What the difference does not show: the clients that would be left without a person Owner."""
    after: Moment
    left_out: tuple[DefaultGrant, ...] = ()
    """Personal defaults of the actor that a new client would not start with (rules.md 9, defaults)."""

    def breaks(self) -> frozenset[int]:
        """The policies that hold now and would not afterwards. Not worked out until asked."""
        return newly_broken(self.before, self.after.state, self.change.events)

    def left_to_nobody(self) -> BitMap:
        """The clients that somebody can open now and nobody could afterwards. Not worked out until asked."""
        lost = self.difference.lost.clients
        return left_to_nobody(self.after, lost)

    def both_sides(self) -> tuple[OnBothSides, ...]:
        """Who would come to stand on both sides of a wall (rules.md 10). Not worked out until asked."""
        return newly_on_both_sides(self.before, self.after.state, self.change.events)

    @property
    def sets_wall(self) -> bool:
        """Whether a wall is raised or changed by it."""
        return any(isinstance(event, WallSet) for event in self.change.events)

    @property
    def left_out_for(self) -> tuple[Subject, ...]:
        """Whom these are for, each once."""
        return tuple(dict.fromkeys(grant.subject for grant in self.left_out))


def firm_state(firm: int) -> FirmNow:
    """The firm's state at the present instant, no older than this call.

    Raises `FirmUnknown`, and `StateUnavailable` where the database cannot say.
    """
    with answering():
        known = STATES.current(plain(), firm)
    return FirmNow(firm=firm, version=known.version, moment=at(known.state, instant_of(firm, known.at)))


def execute(firm: int, command: Command, *, actor: Actor, beside: Beside | None = None) -> Committed:
    """Carry a command out, whole or not at all; on return it is on disk, and so is what was done `beside`.

    Raises `core.commands.Refused` and `NotConfirmed` with nothing changed, `FirmUnknown`, and
    `StateUnavailable`: where the connection broke during the commit, the ledger says whether it came through.
    """
    # A process that does not know the firm yet must not load it while others wait for the lock.
    firm_state(firm)
    try:
        with span("command", {"command": command_name(command)}):
            return _execute(firm, command, actor, beside or Beside())
    except Refused as refused:
        name_policies(refused, firm, firm_state(firm).moment.state, actor.member)
        if actor.member is not None and refused.refusal in FOR_WANT_OF_A_RIGHT:
            note_refused(firm, member=actor.member, what=command_name(command))
        raise


def _execute(firm: int, command: Command, actor: Actor, beside: Beside) -> Committed:
    with answering(), transaction.atomic(durable=True):
        if isinstance(command, NUMBERING):
            # A list that is being written has numbers and references of its own, which nobody sees yet.
            keep_numbers(firm)
        row = lock(firm)
        known = STATES.current(plain(), firm, mark_in(row))
        now = instant_for(row)
        before = at(known.state, now)
        need(actor.refused(before))
        beside.before(known.version)
        change, after = carry_out(before, TableDirectory(firm), command, actor=actor.member)
        actor.need_fresh(before.state, after, change.events)
        change = actor.named(change)
        name = command_name(command)
        worked_out = work_out(firm, change, after=after, now=now)
        loaded = record_and_seat(row, worked_out, command=name, actor=actor, now=now)
        committed = Committed(
            version=loaded.version,
            at=now,
            change=change,
            before=FirmNow(firm=firm, version=known.version, moment=before),
            after=FirmNow(firm=firm, version=loaded.version, moment=at(after, now)),
        )
        beside.after(committed)
    difference.forget_compared(loaded.state)
    STATES.put(firm, loaded)
    with answering():
        analyse_grown([worked_out])
    return committed


def preview(firm: int, command: Command, *, actor: Actor) -> Preview:
    """What the command would do if it were given now (rules.md 6); nothing is changed.

    Raises `core.commands.Refused` as `execute` would, `FirmUnknown`, `StateUnavailable`.
    """
    firm_state(firm)
    with answering(), reading():
        known = STATES.current(plain(), firm)
        before = at(known.state, instant_of(firm, known.at))
        try:
            change, after = carry_out(before, TableDirectory(firm), command, actor=actor.member)
        except Refused as refused:
            name_policies(refused, firm, known.state, actor.member)
            raise
    return Preview(
        version=known.version,
        before=before,
        change=change,
        difference=difference.difference(before.state, after, change.events, before.now),
        ownerless=newly_ownerless(before.state, after, before.now),
        after=at(after, before.now),
        left_out=defaults_left_out(before.state, command, change, actor=actor.member),
    )


def preview_once_on(firm: int, command: Command, *, actor: Actor) -> difference.Difference:
    """What the command would do to a firm whose control is off, once control is turned on (rules.md 3).

    Turning on after the command is compared with turning on without it. Raises as `preview` does, and
    `core.commands.Refused` where control is on or the command turns it on.
    """
    firm_state(firm)
    with answering(), reading():
        known = STATES.current(plain(), firm)
        before, directory = at(known.state, instant_of(firm, known.at)), TableDirectory(firm)
        change, prepared = carry_out(before, directory, command, actor=actor.member)
        turned, without = carry_out(before, directory, w.TurnOn(), actor=None)
        later, after = carry_out(at(prepared, before.now), directory, w.TurnOn(), actor=None)
    events = (*change.events, *turned.events, *later.events)
    return difference.difference(without, after, events, before.now)


def mark_in(row: Firm) -> Mark:
    """Where the ledger of a firm stands whose row is locked."""
    return Mark(row.version, bytes(row.head), Instant(row.changed_at))


def lock(firm: int) -> Firm:
    """The firm's row, kept from other writers until the transaction ends; raises `FirmUnknown`."""
    try:
        return locked(firm)
    except Firm.DoesNotExist as error:
        raise FirmUnknown(f"no firm has the id {firm}") from error
