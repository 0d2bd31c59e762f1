"""What of the ledger people are told by mail: which entries are not told yet, what self-access came to.

Each firm remembers the last entry that has been told (`Firm.told`), so each is told once, whatever road a
change came by. To whom a mail goes and what it says is for `ringfence.notices`.
"""

from collections.abc import Mapping
from functools import lru_cache

import msgspec
from django.db.models import F, Q
from pyroaring import BitMap

from ringfence.access.clock import clock
from ringfence.access.connection import answering
from ringfence.access.undoing import COMMAND
from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.acting import Acting
from ringfence.core.commands.invariants import self_given
from ringfence.core.decision.holders import owners_or_grantees
from ringfence.core.decision.moment import at
from ringfence.core.events import ControlTurned
from ringfence.core.terms import Instant
from ringfence.firms.models import Firm, LedgerEntry
from ringfence.store.body import decode_body

from .replay import replay

MAY_TURN_CONTROL = ("control.turn_on", "control.turn_off", COMMAND)
"""The commands of entries in which control may have been turned on or off; undoing an entry is one."""
_NOTABLE = Q(command__in=MAY_TURN_CONTROL) | Q(self_access=True)


class Notable(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that somebody is told of."""

    number: int
    at: Instant
    actor: int | None
    """The member who did it, None for the operator."""
    command: str
    turned: bool | None
    """Whether control was turned on, or off; None for neither."""
    self_access: bool


class SelfAccess(msgspec.Struct, frozen=True, kw_only=True):
    """What a self-access came to (rules.md 5)."""

    clients: BitMap
    """The clients that its actor sees, or may do more in, by it."""
    holders: Mapping[int, BitMap]
    """By member, those of which they were an Owner before, or where there was none a direct grantee."""


def firms_with_news() -> list[tuple[int, int, int]]:
    """Firms with entries beyond the last one told: each with the numbers of that one and of its last one."""
    with answering():
        return list(Firm.objects.filter(version__gt=F("told")).values_list("pk", "told", "version"))


def notable(firm: int, *, after: int, until: int) -> list[Notable]:
    """The entries above `after`, up to and with `until`, of which somebody is told; oldest first."""
    with answering():
        rows = LedgerEntry.objects.filter(_NOTABLE, firm=firm, number__gt=after, number__lte=until)
        found = map(_notable, rows.order_by("number"))
        return [each for each in found if each.turned is not None or each.self_access]


def _notable(row: LedgerEntry) -> Notable:
    events = decode_body(bytes(row.body)).events if row.command in MAY_TURN_CONTROL else ()
    turned = [event.on for event in events if isinstance(event, ControlTurned)]
    return Notable(
        number=row.number,
        at=Instant(row.at),
        actor=row.actor,
        command=row.command,
        turned=turned[-1] if turned else None,
        self_access=row.self_access,
    )


def entry_told(firm: int, number: int) -> Notable | None:
    """One such entry, None where there is none of that number."""
    return next(iter(notable(firm, after=number - 1, until=number)), None)


def note_told(firm: int, number: int) -> bool:
    """Remember that the entries up to and with `number` are told; whether nobody had done so before."""
    return bool(Firm.objects.filter(pk=firm, told__lt=number).update(told=number))


def nothing_to_tell() -> None:
    """Remember for every firm that all its entries are told: what a backup or the demo brings is no news."""
    Firm.objects.update(told=F("version"), digested=clock())


def self_access_of(firm: int, entry: int) -> SelfAccess:
    """What the self-access of an entry came to, worked out from the ledger; kept by the entry's hash."""
    with answering():
        proof = LedgerEntry.objects.filter(firm=firm, number=entry).values_list("hash", flat=True).get()
        return _self_access(firm, entry, bytes(proof))


@lru_cache(maxsize=8)
def _self_access(firm: int, entry: int, proof: bytes) -> SelfAccess:
    row = LedgerEntry.objects.get(firm=firm, number=entry)
    before = at(replay(firm, version=entry - 1).moment.state, Instant(row.at))
    after = apply_all(before.state, decode_body(bytes(row.body)).events)
    clients = after.register.clients_of(self_given(Acting(moment=before, actor=row.actor), after))
    holders = owners_or_grantees(before, clients)
    return SelfAccess(
        clients=clients, holders={member: those for member, those in holders.items() if member != row.actor}
    )
