"""What of the ledger people are told: which entries are not told yet, and what an entry came to.

Each firm remembers the last entry that has been told (`Firm.told`), so each is told once, whatever road a
change came by. To whom a notice goes and what it says is for `ringfence.notices`.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec
from django.db.models import F
from pyroaring import BitMap

from ringfence.access.clock import clock
from ringfence.access.connection import answering
from ringfence.access.open_firms import open_only
from ringfence.access.past.states import state_after
from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.acting import Acting
from ringfence.core.commands.invariants import self_given
from ringfence.core.compare.both_sides import OnBothSides, newly_on_both_sides
from ringfence.core.compare.difference import difference
from ringfence.core.compare.left_to_nobody import left_to_nobody
from ringfence.core.compare.personal import Personal, concerned, personal
from ringfence.core.decision.holders import owners_or_grantees
from ringfence.core.decision.moment import at
from ringfence.core.terms import Instant, Level
from ringfence.core.values import RequestOutcome
from ringfence.firms.models import Firm, LedgerEntry

from .entries import Entry, entries, entries_numbered

MOVING = (
    e.MemberChanged
    | e.MemberDeactivated
    | e.MemberReactivated
    | e.GroupDeleted
    | e.GroupJoined
    | e.GroupLeft
    | e.GrantsSet
    | e.GrantsRemoved
    | e.ClientsExcluded
    | e.ClientsIncluded
    | e.DelegationSet
    | e.DelegationRemoved
)
"""What may give single members access or take it from them. Walls are not told of (rules.md 2), and what a
setting, control or a new client does is the firm's matter."""


AT_ONCE = 1_000_000
"""Microseconds."""


class RequestAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How a request ended."""

    client: int
    asker: int
    outcome: RequestOutcome
    level: Level | None = None
    expires: Instant | None = None
    """Of the grant that was made for it; both None where none was."""


class Notable(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that somebody is told of."""

    number: int
    at: Instant
    actor: int | None
    """The member who did it, None for the operator."""
    command: str
    reason: str
    turned: bool | None
    """Whether control was turned on, or off; None for neither."""
    self_access: bool
    opened: tuple[tuple[int, int], ...]
    """Requests that were opened, as client and asker."""
    answered: tuple[RequestAnswer, ...]
    emergencies: tuple[e.EmergencyOpened, ...]
    """Clients that were opened in an emergency."""
    reviews_started: tuple[int, ...]
    reviews_handed: tuple[tuple[int, int], ...]
    """Access reviews of which somebody got items handed over, and who."""
    reviews_closed: tuple[int, ...]
    demoted: frozenset[int]
    """Members who may have ceased to manage the firm: deactivated, or of another role."""
    moves: bool
    """Whether it may have given single members access, or taken it."""
    by_token: bool
    """Whether software did it: nobody was shown beforehand what it does."""


class SelfAccess(msgspec.Struct, frozen=True, kw_only=True):
    """What a self-access came to (rules.md 5)."""

    clients: BitMap
    """The clients that its actor sees, or may do more in, by it."""
    holders: Mapping[int, BitMap]
    """By member, those of which they were an Owner before, or where there was none a direct grantee."""


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """Whose access an entry moved."""

    members: Mapping[int, Personal]
    left: BitMap
    """The clients that somebody could open before and nobody can afterwards."""
    both_sides: tuple[OnBothSides, ...]
    """Who came to stand on both sides of a wall."""


def firms_with_news() -> list[tuple[int, int, int]]:
    """Firms with entries beyond the last one told: each with the numbers of that one and of its last one."""
    with answering():
        return list(
            open_only(Firm.objects.filter(version__gt=F("told")), "pk").values_list("pk", "told", "version")
        )


def notable(firm: int, *, after: int, until: int) -> list[Notable]:
    """The entries above `after`, up to and with `until`, of which somebody may be told; oldest first."""
    found = map(_notable, entries(firm, after=after, until=until, texts=False, noted=False))
    return [each for each in found if each is not None]


def as_changes(found: Sequence[Notable]) -> list[tuple[Notable, ...]]:
    """The entries in order, those together that are one change to people: as a list that was saved at once.

    They follow on one another without any other's between, of one actor, less than a second apart.
    """
    changes: list[list[Notable]] = []
    for entry in found:
        last = changes[-1][-1] if changes else None
        together = (
            last is not None
            and entry.actor == last.actor
            and entry.number == last.number + 1
            and entry.at - last.at < AT_ONCE
        )
        if together:
            changes[-1].append(entry)
        else:
            changes.append([entry])
    return [tuple(change) for change in changes]


def notable_numbered(firm: int, numbers: set[int]) -> dict[int, Notable]:
    """Those of these entries of which somebody may be told, with their reasons, by number."""
    found = map(_notable, entries_numbered(firm, numbers))
    return {each.number: each for each in found if each is not None}


def _notable(entry: Entry) -> Notable | None:
    turned = [event.on for event in entry.events if isinstance(event, e.ControlTurned)]
    found = Notable(
        number=entry.number,
        at=entry.at,
        actor=entry.actor.member,
        command=entry.command,
        reason=entry.reason,
        turned=turned[-1] if turned else None,
        self_access=entry.self_access,
        opened=tuple((ev.client, ev.member) for ev in entry.events if isinstance(ev, e.RequestOpened)),
        answered=tuple(_answer(ev, entry) for ev in entry.events if isinstance(ev, e.RequestClosed)),
        emergencies=tuple(ev for ev in entry.events if isinstance(ev, e.EmergencyOpened)),
        reviews_started=tuple(ev.review for ev in entry.events if isinstance(ev, e.ReviewStarted)),
        reviews_handed=tuple((ev.review, ev.member) for ev in entry.events if isinstance(ev, e.ReviewHanded)),
        reviews_closed=tuple(ev.review for ev in entry.events if isinstance(ev, e.ReviewClosed)),
        demoted=frozenset(
            ev.member for ev in entry.events if isinstance(ev, e.MemberDeactivated | e.MemberChanged)
        ),
        moves=any(isinstance(event, MOVING) for event in entry.events),
        by_token=any(isinstance(event, e.ByToken) for event in entry.events),
    )
    parts = (found.self_access, found.opened, found.answered, found.emergencies, found.moves)
    reviews = (found.reviews_started, found.reviews_handed, found.reviews_closed)
    return found if found.turned is not None or any((*parts, *reviews)) else None


def _answer(closed: e.RequestClosed, entry: Entry) -> RequestAnswer:
    given = [
        event
        for event in entry.events
        if isinstance(event, e.GrantsSet)
        and event.kind == "client"
        and (event.subject.kind, event.subject.number) == ("member", closed.member)
        and closed.client in event.targets
    ]
    granted = given[-1] if given and closed.outcome == "granted" else None
    return RequestAnswer(
        client=closed.client,
        asker=closed.member,
        outcome=closed.outcome,
        level=granted.level if granted else None,
        expires=granted.expires if granted else None,
    )


def note_told(firm: int, number: int, *, first: int | None = None) -> bool:
    """Remember that the entries up to and with `number` are told; whether nobody had done so before.

    `first`: the first of several that are told as one. Where somebody has told it already, nothing is noted,
    also where others of them are yet to be told.
    """
    untold = Firm.objects.filter(pk=firm, told__lt=number if first is None else first)
    return bool(untold.update(told=number))


def nothing_to_tell(firm: int = 0) -> None:
    """Remember for the firm, or all, that its entries are told: a backup or the demo brings no news."""
    firms = Firm.objects.filter(pk=firm) if firm else Firm.objects.all()
    firms.update(told=F("version"), digested=clock())


def self_access_of(firm: int, entry: int) -> SelfAccess:
    """What the self-access of an entry came to, worked out from the ledger; kept by the entry's hash."""
    return _self_access(firm, entry, _proof(firm, entry))


def moved_by(firm: int, first: int, last: int) -> Moved:
    """Whose access these entries moved all in all, from the ledger; kept by the last one's hash."""
    return _moved(firm, first, last, _proof(firm, last))


def _proof(firm: int, entry: int) -> bytes:
    with answering():
        found = LedgerEntry.objects.filter(firm=firm, number=entry).values_list("hash", flat=True).get()
    return bytes(found)


@lru_cache(maxsize=8)
def _self_access(firm: int, entry: int, proof: bytes) -> SelfAccess:
    (row,) = entries_numbered(firm, [entry])
    before = at(state_after(firm, entry - 1), row.at)
    after = apply_all(before.state, row.events)
    clients = after.register.clients_of(self_given(Acting(moment=before, actor=row.actor.member), after))
    holders = owners_or_grantees(before, clients)
    holders.pop(row.actor.member or 0, None)
    return SelfAccess(clients=clients, holders=holders)


@lru_cache(maxsize=2)
def _moved(firm: int, first: int, last: int, proof: bytes) -> Moved:
    before = state_after(firm, first - 1)
    events: list[e.Event] = []
    for row in entries(firm, after=first - 1, until=last, texts=False, noted=False):
        events += row.events
        now = row.at
    after = apply_all(before, events)
    found = difference(before, after, events, now)
    members = {member: personal(found, member) for member in concerned(found) & after.everyone}
    return Moved(
        members={member: moved for member, moved in members.items() if moved},
        left=left_to_nobody(at(after, now), found.lost.clients),
        both_sides=newly_on_both_sides(at(before, now), after, events),
    )
