"""Undoing an entry of a firm's ledger: rehearsed as the opposite commands, to be shown and then saved.

What undoes it is the core's matter (`core.undoing`); here are what stood before, by replay, the names of that
time, and the later entries that stand against it. The entry that undoes names the one that is undone.
"""

from collections.abc import Mapping
from functools import cache

import msgspec
from pyroaring import BitMap

from ringfence.core.apply.apply import apply_all
from ringfence.core.commands.lists import ListRefused
from ringfence.core.events import EntryUndone, Event, SettingsChanged, Text
from ringfence.core.refusals import Refused
from ringfence.core.state.state import State
from ringfence.core.terms import Thing
from ringfence.core.texts import clean_reason
from ringfence.core.undoing.changed import engagements_in, facts_of, made_by
from ringfence.core.undoing.facts import Fact, GrantsOf, Joined, Places, Present, Provided
from ringfence.core.undoing.opposite import Opposite, opposite
from ringfence.core.undoing.why import UNDONE_OTHERWISE, CannotUndo, Left, Why

from .actor import Actor
from .batches.rehearse import Batch, Rehearsal, rehearse
from .door import firm_state
from .firm_now import FirmNow
from .ledger.entries import Entry, entries, entries_numbered, words_at
from .ledger.finding import Sought, find_entries
from .ledger.mentions import entries_naming
from .past.states import WayThere, place_of_last_change
from .past.working import Working, asked
from .sql import among_numbers, numbers_parameter, rows_of
from .writing.directory import TableDirectory

__all__ = [
    "UNDONE_OTHERWISE",
    "StandsAgainst",
    "Undoing",
    "ask_undoing",
    "names_undone",
    "stays_undone",
    "undone_by",
]

COMMAND = "entry.undo"
"""The name of an entry that undoes another one."""


class Undoing(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What undoing an entry would do; `batches.save` saves exactly that."""

    command: str
    """The name of the entry that would be undone."""
    rehearsal: Rehearsal
    left: frozenset[Left]
    """What it does not give back."""

    @property
    def turns_off(self) -> bool:
        """Whether it turns access control off, which pages ask for more than yes."""
        return self.rehearsal.before.state.settings.control and not self.rehearsal.after.settings.control

    @property
    def removes_clients(self) -> bool:
        """Whether what it closes are clients that it removes again."""
        return Left.RESTORABLE in self.left

    @property
    def changes_settings(self) -> bool:
        """Whether it changes settings back too, besides turning access control on or off."""
        events = (event for each in self.rehearsal.done for event in each.change.events)
        return any(isinstance(event, SettingsChanged) for event in events)


class StandsAgainst(Exception):
    """The entry cannot be undone; `later` are the entries that stand against it, where any do."""

    def __init__(self, why: Why, later: BitMap | None = None) -> None:
        super().__init__(why.value)
        self.why = why
        self.later = later if later is not None else BitMap()


def ask_undoing(firm: int, number: int, *, actor: Actor, reason: str = "") -> Undoing | Working | None:
    """What undoing the entry would do to the firm as it is now; None where there is no such entry.

    Where that takes long, how far the past before the entry has been worked out. Raises `StandsAgainst`,
    and as commands do: `ListRefused`, `Overtaken`, `FirmUnknown`, `StateUnavailable`.
    """
    found = next(entries(firm, after=number - 1, until=number, texts=False), None)
    if found is None:
        return None
    way = WayThere(firm, number - 1)
    before = asked(("before", firm, number, found.previous), way.still_to_replay(), way.state)
    if isinstance(before, Working):
        return before
    now = firm_state(firm)
    return asked(
        # Records that are opened meanwhile are no reason to begin anew.
        ("undo", place_of_last_change(firm), number, actor, reason),
        # An import of a hundred thousand clients is as many removals.
        len(made_by(found.events)["client"]),
        lambda _told: _rehearsed(now, found, before, actor, reason),
        holds=lambda undoing: undoing.rehearsal.since <= now.now < undoing.rehearsal.until,
    )


def _rehearsed(now: FirmNow, entry: Entry, before: State, actor: Actor, reason: str) -> Undoing:
    after = apply_all(before, entry.events)
    _need_nothing_since(now, entry)
    try:
        found = opposite(entry.command, entry.events, before, after, now.moment, _Words(now, entry.number))
    except CannotUndo as cannot:
        later = _changing(now, entry, after, cannot.changed) if cannot.why is Why.CHANGED_SINCE else None
        raise StandsAgainst(cannot.why, later) from cannot
    try:
        reason = clean_reason(reason)
    except Refused as refused:
        raise ListRefused(0, refused) from refused
    rehearsal = rehearse(now.firm, [Batch(COMMAND, found.commands)], actor=actor, version=now.version)
    return _exact(rehearsal, found, before, entry, reason)


def _exact(rehearsal: Rehearsal, found: Opposite, before: State, entry: Entry, reason: str) -> Undoing:
    """The rehearsal, told of which entry it undoes and why; refused where it would leave something else."""
    if not found.is_exact(before, rehearsal.after):
        raise StandsAgainst(Why.NOT_EXACT)
    (done,) = rehearsal.done
    events, texts = (EntryUndone(entry=entry.number), *done.change.events), done.change.texts
    if reason:
        # No command is given it: a wall would take it for its own (rules.md 10).
        said = Text(thing=Thing.ENTRY, number=0, fields={"reason": reason})
        texts = (*(text for text in texts if text.thing is not Thing.ENTRY), said)
    change = msgspec.structs.replace(done.change, events=events, texts=texts)
    named = msgspec.structs.replace(done, change=change)
    return Undoing(
        command=entry.command, rehearsal=msgspec.structs.replace(rehearsal, done=(named,)), left=found.left
    )


def _need_nothing_since(now: FirmNow, entry: Entry) -> None:
    """Refuses where a later change names what the entry added, or notes were written about it."""
    made = made_by(entry.events)
    added, since = made.pop("engagement"), BitMap(range(entry.number + 1, now.version + 1))
    later = BitMap()
    for thing, numbers in made.items():
        later |= entries_naming(now.firm, Thing(thing), numbers)
    later = (later & since) | _naming_engagements(now, added, since)
    if later and (changes := later & find_entries(now.firm, now.version, Sought())):
        raise StandsAgainst(Why.CHANGED_SINCE, changes)
    engagements = now.engagements_of_all(made["client"]) | added
    if engagements and _noted(now.firm, engagements):
        raise StandsAgainst(Why.NOTES_SINCE)


def _noted(firm: int, engagements: BitMap) -> bool:
    """Whether notes were written about one of these, removed ones too. There may be hundreds of thousands."""
    asked = f"SELECT 1 FROM firms_document WHERE firm_id = %s AND {among_numbers('engagement')} LIMIT 1"
    return bool(rows_of(asked, firm, numbers_parameter(engagements)))


def _naming_engagements(now: FirmNow, engagements: BitMap, since: BitMap) -> BitMap:
    """The entries among those `since` that name one of these: the index names their clients alone."""
    clients = now.moment.state.register.clients_of(engagements)
    if not clients:
        return BitMap()
    about = entries_naming(now.firm, Thing.CLIENT, clients) & since
    found = entries_numbered(now.firm, about & find_entries(now.firm, now.version, Sought())) if about else ()
    return BitMap(each.number for each in found if engagements_in(each.events) & engagements)


def _changing(now: FirmNow, entry: Entry, state: State, changed: tuple[Fact, ...]) -> BitMap:
    """The later entries that changed one of these facts, as far as they can be told by what they touch."""
    found = BitMap()
    for later in entries(now.firm, after=entry.number, until=now.version, texts=False, noted=False):
        touched = facts_of(later.events, state)
        if any(_meet(one, other) for one in changed for other in touched):
            found.add(later.number)
        state = apply_all(state, later.events)
    return found


def _meet(one: Fact, other: Fact) -> bool:
    """Whether two facts are about the same thing, or about some of the same."""
    if one.about != other.about:
        # What is done to a whole group is done to its places.
        return {type(one), type(other)} == {Joined, Places} and _group(one) == _group(other)
    match one, other:
        case GrantsOf(), GrantsOf():
            return bool(one.targets.intersect(other.targets))
        case Joined(), Joined():
            return bool(one.members.intersect(other.members))
        case Present(), Present():
            return bool(one.clients.intersect(other.clients))
        case Provided(), Provided():
            return bool(one.engagements.intersect(other.engagements))
    return True


def _group(fact: Fact) -> int:
    assert isinstance(fact, Joined | Places)
    return fact.group


class _Words:
    """Names around the entry, and as the tables have them now."""

    def __init__(self, now: FirmNow, entry: int) -> None:
        self._firm, self._entry = now.firm, entry
        self._directory = TableDirectory(now.firm)
        self.before = cache(self._before)
        self.after = cache(self._after)

    def _before(self, thing: Thing, number: int) -> Mapping[str, str]:
        return words_at(self._firm, thing, [number], self._entry - 1).get(number, {})

    def _after(self, thing: Thing, number: int) -> Mapping[str, str]:
        return words_at(self._firm, thing, [number], self._entry).get(number, {})

    def now(self, thing: Thing, number: int, field: str) -> str:
        return self._directory.text(thing, number, field)


def undone_by(firm: int, number: int) -> int | None:
    """The last entry that undid this one; None where none did."""
    rows = find_entries(firm, 2**32 - 2, Sought(commands=(COMMAND,)))
    for entry in reversed(entries_numbered(firm, rows)):
        if EntryUndone(entry=number) in entry.events:
            return entry.number
    return None


def stays_undone(firm: int, by: int | None) -> bool:
    """Whether what the entry `by` undid is not done again: by undoing that. None undid nothing."""
    return by is not None and not stays_undone(firm, undone_by(firm, by))


def names_undone(events: tuple[Event, ...]) -> int | None:
    """The entry that an entry with these events undid; None where it undid none."""
    return next((event.entry for event in events if isinstance(event, EntryUndone)), None)
