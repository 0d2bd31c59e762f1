"""Changes of one firm in one transaction, each an entry of its own: for whoever sends many, one by one.

`series` locks the firm once; each change is decided on what those before it left. All are on disk when the
series has ended, and none before: nobody is told until then.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType

from django.db import transaction

from ringfence.core.commands import Command, carry_out
from ringfence.core.commands.lists import ListRefused
from ringfence.core.compare.difference import forget_compared
from ringfence.core.decision.moment import Moment, at
from ringfence.core.events import Change
from ringfence.core.refusals import Refusal, Refused, need
from ringfence.core.state.state import State
from ringfence.store.loading import Loaded
from ringfence.store.moved import FirmClosed
from ringfence.store.sources import StateUnavailable
from ringfence.telemetry.tracing import span

from .actor import Actor
from .batches.rehearse import Batch, carried_out
from .clock import instant_for
from .connection import answering, closes, need_whole, plain
from .door import STATES, firm_state, lock, mark_in
from .firm_now import FirmNow
from .policing.breaching import name_policies
from .refused_attempts import FOR_WANT_OF_A_RIGHT, note_refused
from .sign_in_accounts import record_and_seat
from .writing.directory import LookedUp, TableDirectory
from .writing.recording import work_out
from .writing.tables.gathered import gathered

MOST_SECONDS = 0.25
"""How long others wait for the firm, before what was changed so far is committed on the way (`breathe`)."""


class Series:
    """A firm that is locked, and as its changes so far have left it."""

    now: FirmNow
    """With all that was changed in the series: on disk only when it has ended."""

    def __init__(self, firm: int, *, undoing: bool = False) -> None:
        """`undoing`: a change that breaks half way is undone by itself; else the series ends with it."""
        self._firm, self._undoing = firm, undoing
        self._under_way, self._broken, self._closed = False, False, False

    def __enter__(self) -> Series:
        # Whoever does not know the firm yet must not load it while others wait for the lock.
        if not STATES.knows(self._firm):
            firm_state(self._firm)
        self._begun = time.monotonic()
        self._atomic = transaction.atomic(durable=True)
        self._atomic.__enter__()
        self._under_way = True
        try:
            self._row = lock(self._firm)
            known = STATES.current(plain(), self._firm, mark_in(self._row))
        except BaseException as error:
            self._end(type(error), error, error.__traceback__)
            raise
        self._loaded = Loaded(known.state, *known.mark)
        self._changed = False
        self._stand(at(known.state, instant_for(self._row)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            try:
                self._need_whole()
            except StateUnavailable as lost:
                self._end(type(lost), lost, lost.__traceback__)
                raise
        self._end(kind, error, trace)
        if kind is None and self._changed:
            forget_compared(self._loaded.state)
            STATES.put(self._firm, self._loaded)

    def _end(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The transaction; where it ended on the way and no other began, there is none to end."""
        if self._under_way:
            self._under_way = False
            self._atomic.__exit__(kind, error, trace)

    def breathe(self, kept: Callable[[], object]) -> None:
        """Between two changes: commit those before, and let others come, where they have waited for long.

        `kept` is called once those before are on disk. Raises `StateUnavailable` where what failed before has
        taken with it all that was not on disk, or the firm cannot be locked again.
        """
        self._need_whole()
        if time.monotonic() - self._begun > MOST_SECONDS:
            self.__exit__(None, None, None)
            kept()
            self.__enter__()

    def _need_whole(self) -> None:
        """Raises `StateUnavailable` where what was written may not be kept, or nothing more can be."""
        if self._closed:
            raise FirmClosed("the firm is on its way to another database")
        if self._broken:
            raise StateUnavailable("a change broke half way")
        need_whole()

    def change(
        self, name: str, commands: Sequence[Command], *, actor: Actor, known: LookedUp | None = None
    ) -> Change | None:
        """Carry the commands out as one entry of that name, whole or not at all; what it says.

        None for a single one that changes nothing. `known`: what was asked of members' words since the last
        change, for a single command. Raises `Refused` with nothing changed.
        """
        with span("command", {"command": name}):
            return self._change(name, commands, actor, known)

    def _change(
        self, name: str, commands: Sequence[Command], actor: Actor, known: LookedUp | None
    ) -> Change | None:
        before = at(self._loaded.state, instant_for(self._row))
        need(actor.refused(before))
        try:
            change, after = self._decided(before, name, commands, actor, known)
        except Refused as refused:
            if refused.refusal is Refusal.CONFLICT and len(commands) == 1:
                return None
            name_policies(refused, self._firm, before.state, actor.member)
            if actor.member is not None and refused.refusal in FOR_WANT_OF_A_RIGHT:
                note_refused(self._firm, member=actor.member, what=name)
            raise
        actor.need_fresh(before.state, after, change.events)
        worked_out = work_out(self._firm, actor.named(change), after=after, now=before.now)
        row = copy.copy(self._row)
        with self._whole_or_not(), gathered():
            loaded = record_and_seat(row, worked_out, command=name, actor=actor, now=before.now)
        # What failed has not moved the row on, in the table nor here.
        self._row = row
        self._loaded, self._changed = loaded, True
        self._stand(at(after, before.now))
        return change

    @contextmanager
    def _whole_or_not(self) -> Iterator[None]:
        if self._undoing:
            try:
                with transaction.atomic():
                    yield
            except Exception as error:
                self._closed = closes(error)
                raise
            return
        self._broken = True
        yield
        self._broken = False

    def _decided(
        self, before: Moment, name: str, commands: Sequence[Command], actor: Actor, known: LookedUp | None
    ) -> tuple[Change, State]:
        if len(commands) == 1:
            directory = TableDirectory(self._firm, known)
            return carry_out(before, directory, commands[0], actor=actor.member)
        try:
            done = carried_out(before, self._firm, Batch(name, tuple(commands)), actor)
        except ListRefused as refused:
            raise refused.refused from refused
        return done.change, done.after

    def _stand(self, moment: Moment) -> None:
        self.now = FirmNow(firm=self._firm, version=self._loaded.version, moment=moment)


@contextmanager
def series(firm: int, *, undoing: bool = False) -> Iterator[Series]:
    """The firm, locked until all that is changed in it is on disk; what is raised inside undoes all of it.

    `undoing`: for whoever goes on after a change that broke. Raises `FirmUnknown` and `StateUnavailable`.
    """
    with answering(), Series(firm, undoing=undoing) as found:
        yield found
