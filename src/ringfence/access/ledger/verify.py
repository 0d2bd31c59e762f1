"""Proving a firm's ledger: the chain whole, its texts untouched, and the tables what the ledger says.

Eight parts, each a plain comparison. The entries are walked once from the first and replayed; a text without
words must be named by a later erasure (docs/decisions/0101); the index must name what they name; each
checkpoint must hold the state that the replay has come to there; the replayed state must equal the one loaded
from the tables; every name in the tables must be the last one that the texts gave; in each member's place
must sit the user whom the ledger names last; and what was gathered of use must say when each client was
opened last. Checkpoints shorten none of it. Of a large firm the words are proved by processes of their own.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import groupby, islice
from typing import Generic, TypeVar

import msgspec

from ringfence.access.beside import ProcessBeside, once, room_beside
from ringfence.access.clock import future_text
from ringfence.access.connection import answering, going_through, plain
from ringfence.core.apply.apply import apply_all
from ringfence.core.events import Described, Event, UserSeated
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Thing
from ringfence.firms.models import Firm, LedgerEntry, Member
from ringfence.proof.chain import FIRST, Head, entry_hash, user_digest
from ringfence.store.body import decode_parts
from ringfence.store.loading import load
from ringfence.store.sources import FirmUnknown

from .mentions import Mention, mentions_of, stored_mentions
from .verify_checkpoints import CheckpointsBeside
from .verify_names import NamesInBulk, names_that_differ
from .verify_texts import TextsProved
from .verify_use import UseProved
from .verify_words import pages, texts_fit, words_fit

LARGE = 100_000
"""Clients and engagements from which on a proof is worth three processes."""
MEMBER_ERASED = "member.erase"
"""The command after which a place has no user any more."""
_SENSELESS = (msgspec.MsgspecError, LookupError, ValueError, TypeError, ArithmeticError, AssertionError)
"""What reading raises of rows that Ringfence has never written so: whoever wrote them, it is to be said."""
MOST_PROBLEMS = 100
"""Problems after which looking stops: a broken chain breaks at every entry that follows."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What `verify` found. Whole where `problems` is empty; each problem is one English sentence."""

    firm: int
    entries: int
    texts: int
    erased: int
    checkpoints: int
    """Those that hold what the ledger gives."""
    unused: int
    """Checkpoints that another version or another installation made: they are made anew."""
    head: bytes
    at: Instant
    """The time of the last entry."""
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.problems

    @property
    def future(self) -> str:
        """What is to be said where the last entry is dated in the future. No fault of the ledger."""
        return future_text(self.at)


def verify(firm: int, *, beside: bool = False) -> Report:
    """Prove the firm's ledger against itself and against the tables, all of one moment.

    With `beside`, a large one by three processes where there is room, for which the connections of this one
    are closed: who holds a lock by one of them leaves it out.

    Raises `FirmUnknown`, and `StateUnavailable` where the database does not answer.
    """
    with answering(), _collecting_seldom():
        row = Firm.objects.filter(pk=firm).first()
        if row is None:
            raise FirmUnknown(f"no firm has the id {firm}")
        worth = beside and row.last_client + row.last_engagement >= LARGE
        found = _in_three_processes(firm) if worth and room_beside() else None
        return found or _in_order(firm)


def _in_order(firm: int) -> Report:
    """The proof of everything, entry by entry."""
    with going_through():
        proof = _Proof(Firm.objects.get(pk=firm))
        proof.walk()
        if not proof.problems:
            proof.compare_state()
        if not proof.problems:
            proof.compare_names()
            proof.compare_seats()
            proof.compare_use()
    return proof.report()


def _in_three_processes(firm: int) -> Report | None:
    """The same, the words beside the rest; None where anything is not right, or one was overtaken.

    What is wrong is said by `_in_order`, which comes upon it in the order of the entries.
    """
    try:
        with (
            ProcessBeside(partial(once, partial(texts_fit, firm))) as texts,
            ProcessBeside(partial(once, partial(words_fit, firm))) as words,
            going_through(),
        ):
            proof = _Proof(Firm.objects.get(pk=firm), words=False)
            proof.walk()
            if not proof.problems:
                proof.compare_state()
                proof.compare_seats()
                proof.compare_use()
            if proof.problems or (fit := texts.result()) is None:
                return None
            # Nobody wrote between the three beginnings: what each of them read is of one moment.
            whole = proof.head == fit.head == words.result()
            report = proof.report()
    except EOFError:
        return None
    return msgspec.structs.replace(report, texts=fit.texts, erased=fit.erased) if whole else None


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Rows by the million make no circles, and looking for such is a tenth of the work."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Proof:
    def __init__(self, firm: Firm, *, words: bool = True) -> None:
        """`words=False`: those beside the ledger are left to others."""
        self.firm = firm
        self.problems: list[str] = []
        self.state = State.empty()
        self.number = 0
        self.at = Instant(0)
        self.head = FIRST
        self.names = NamesInBulk(firm.pk)
        self.texts = TextsProved(firm.pk, self.names.said) if words else None
        self.checkpoints = CheckpointsBeside(firm)
        self.use = UseProved(firm.pk)
        self.seats: dict[int, bytes] = {}
        """By member, the digest of the user who has the place."""
        self.seated = False
        """Whether the ledger has said of anybody who that is."""

    def report(self) -> Report:
        return Report(
            firm=self.firm.pk,
            entries=self.number,
            texts=self.texts.count if self.texts else 0,
            erased=self.texts.erased if self.texts else 0,
            checkpoints=self.checkpoints.proved,
            unused=self.checkpoints.unused,
            head=self.head,
            at=self.at,
            problems=tuple(self.problems),
        )

    def problem(self, sentence: str) -> None:
        self.problems.append(sentence)

    # --- The chain

    def walk(self) -> None:
        """Every entry in order: its place, its hash, its texts; and its events applied."""
        index = _Beside(stored_mentions(self.firm.pk))
        for row in self._rows():
            self._check_place(row)
            try:
                events, digests = decode_parts(bytes(row.body))
                self.state = apply_all(self.state, events)
            except _SENSELESS:
                self.problem(f"Entry {row.number} makes no sense: nothing after it was looked at.")
                return
            if self.texts is not None:
                self.problems += self.texts.differing(row.number, digests)
                self.texts.account(row.command, events)
            self._take_seats(row.command, events)
            self.use.take(row, events)
            if row.number <= self.firm.indexed:
                self._check_index(row.number, events, index.of(row.number))
            self.problems += self.checkpoints.differing(row.number, bytes(row.hash), self.state)
            self.number, self.at, self.head = row.number, Instant(row.at), bytes(row.hash)
            if len(self.problems) >= MOST_PROBLEMS:
                return
        if (self.number, self.head) != (self.firm.version, bytes(self.firm.head)):
            self.problem(
                f"The firm's row names entry {self.firm.version} as the last; the ledger ends with entry"
                f" {self.number}, or with another hash."
            )
        if self.texts is not None:
            self.problems += self.texts.left()
        if self.firm.indexed < self.firm.version:
            self.problem("The index of the ledger does not reach to its end: run `ringfence migrate`.")
        elif index.left():
            self.problem("The index of the ledger names entries that the ledger does not have.")
        self.problems += self.checkpoints.left()

    def _rows(self) -> Iterator[LedgerEntry]:
        for entries in pages(self.firm.pk):
            yield from entries

    def _check_place(self, row: LedgerEntry) -> None:
        if row.number != self.number + 1:
            self.problem(f"Entry {self.number + 1} is missing: entry {row.number} comes next.")
        if row.at < self.at:
            self.problem(f"Entry {row.number} is dated before the entry in front of it.")
        if bytes(row.previous) != self.head:
            self.problem(f"Entry {row.number} does not follow on the entry in front of it.")
        head = Head(
            previous=bytes(row.previous),
            firm=self.firm.uid,
            number=row.number,
            at=Instant(row.at),
            actor_kind=row.actor_kind,
            actor=row.actor,
            command=row.command,
            self_access=row.self_access,
        )
        if entry_hash(head, bytes(row.body)) != bytes(row.hash):
            self.problem(f"Entry {row.number} was changed: its hash does not fit what it says.")

    def _check_index(self, entry: int, events: tuple[Event, ...], stored: list[Mention]) -> None:
        expected = mentions_of(events, self.state.register)
        if sorted(expected, key=_place) != stored:
            self.problem(f"The index of the ledger does not name what entry {entry} names.")

    def _take_seats(self, command: str, events: tuple[Event, ...]) -> None:
        for event in events:
            match event:
                case UserSeated():
                    self.seated = True
                    self.seats[event.member] = event.user
                case Described(thing=Thing.MEMBER) if command == MEMBER_ERASED:
                    self.seats.pop(event.number, None)

    # --- The tables

    def compare_state(self) -> None:
        """The replayed state against the one that the tables hold."""
        try:
            stored = load(plain(), self.firm.pk, like=self.state.register).state
        except _SENSELESS as error:
            self.problem(f"The tables make no sense ({type(error).__name__}: {str(error)[:100]}).")
            return
        for name in State.__struct_fields__:
            if name != "memo" and getattr(stored, name) != getattr(self.state, name):
                self.problem(f"The tables differ from the ledger in: {name}.")

    def compare_names(self) -> None:
        """Names, references and addresses in the tables against the last texts about each thing."""
        differing = names_that_differ(self.firm.pk, self.names.left_over())
        for sentence in islice(differing, MOST_PROBLEMS):
            self.problem(sentence)

    def compare_seats(self) -> None:
        """Who sits in which place, which the ledger says by a digest."""
        rows = Member.objects.filter(firm=self.firm, user__isnull=False).values_list("number", "user_id")
        there = {number: user_digest(self.firm.uid, user) for number, user in rows}
        if there and not self.seated:
            self.problem("The ledger does not say yet who sits in which place: run `ringfence migrate`.")
            return
        for number in sorted({*there, *self.seats}):
            if there.get(number) != self.seats.get(number):
                self.problem(f"In the place of member {number} sits another user than the ledger says.")

    def compare_use(self) -> None:
        """When clients were opened last, as it was gathered, against the openings."""
        for sentence in islice(self.use.differing(), MOST_PROBLEMS):
            self.problem(sentence)


T = TypeVar("T")


def _place(mention: Mention) -> tuple[str, int]:
    return mention.thing, mention.first


class _Beside(Generic[T]):
    """What lies beside the entries of a firm, entry by entry, read in one pass."""

    def __init__(self, rows: Iterator[tuple[int, T]]) -> None:
        self._entries = groupby(rows, key=lambda row: row[0])
        self._next: tuple[int, list[T]] | None = None
        self._passed_over = False

    def of(self, entry: int) -> list[T]:
        """What lies beside the entry; ask in order of the entries."""
        while (found := self._peek()) is not None and found[0] < entry:
            self._next, self._passed_over = None, True
        if found is None or found[0] > entry:
            return []
        self._next = None
        return found[1]

    def left(self) -> bool:
        """Whether something lies beside entries that were never asked for."""
        return self._passed_over or self._peek() is not None

    def _peek(self) -> tuple[int, list[T]] | None:
        if self._next is None:
            for entry, rows in self._entries:
                self._next = (entry, [row[1] for row in rows])
                break
        return self._next
