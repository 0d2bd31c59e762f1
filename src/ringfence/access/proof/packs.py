"""Auditors' packs as they are kept: asked for, made in the background, taken, and let go of after a week.

Whoever reads the control side asks for one and takes any of the firm's (rules.md 5); taking it is an entry of
the ledger. What is in a pack is for whoever makes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import IO

import msgspec
from django.db import transaction
from django.db.models import Max, QuerySet

from ringfence.access.clock import clock
from ringfence.access.connection import answering
from ringfence.access.open_firms import open_only
from ringfence.core.terms import Instant
from ringfence.firms.models import AuditPack, AuditPackPart, Firm

KEPT_DAYS = 7
DAY = 24 * 3600 * 1_000_000
"""Microseconds."""
MOST_PACKS = 10
"""Of one firm at a time."""
CHUNK = 1024 * 1024
"""Bytes of one piece."""


class PackState(StrEnum):
    """How far a pack has got."""

    WAITS = "waits"
    THERE = "there"
    FAILED = "failed"


class TooManyPacks(ValueError):
    """The firm has as many as it may have at a time; they are let go of after a week."""


class PackAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: the changes from `since` up to `until`, and who could open what at `until`."""

    since: Instant
    """0 for all from the beginning."""
    until: Instant
    language: str


class KeptPack(msgspec.Struct, frozen=True, kw_only=True):
    """One pack of a firm."""

    firm: int
    number: int
    member: int
    asked: PackAsked
    state: PackState
    doing: str
    done: int
    count: int
    entry: int
    size: int
    at: Instant

    @property
    def waits(self) -> bool:
        """Whether nobody has made it yet."""
        return self.state is PackState.WAITS

    @property
    def there(self) -> bool:
        """Whether it can be taken."""
        return self.state is PackState.THERE

    @property
    def stands(self) -> PackState:
        """How far it has got."""
        return self.state


def ask_pack(firm: int, member: int, asked: PackAsked) -> int:
    """Keep that it was asked for; its number. `member` is 0 for whoever runs Ringfence.

    Raises `TooManyPacks`, `StateUnavailable`.
    """
    with answering(), transaction.atomic():
        # The firm's row, not the packs': of two who ask for the first one there is none to wait at.
        Firm.objects.select_for_update().only("pk").get(pk=firm)
        rows = AuditPack.objects.filter(firm=firm)
        if rows.count() >= MOST_PACKS:
            raise TooManyPacks
        number = int(rows.aggregate(last=Max("number"))["last"] or 0) + 1
        AuditPack.objects.create(
            firm_id=firm,
            number=number,
            member=member,
            asked=msgspec.to_builtins(asked),
            state=PackState.WAITS.value,
            made_at=clock(),
            changed_at=clock(),
        )
    return number


def packs_of(firm: int) -> list[KeptPack]:
    """The firm's packs, the newest first. Raises `StateUnavailable`."""
    with answering():
        return [_read(row) for row in AuditPack.objects.filter(firm=firm).order_by("-number")]


def pack_numbered(firm: int, number: int) -> KeptPack | None:
    """One of them. Raises `StateUnavailable`."""
    with answering():
        row = AuditPack.objects.filter(firm=firm, number=number).first()
    return _read(row) if row is not None else None


def tell_pack(pack: KeptPack, doing: str, done: int, count: int) -> None:
    """Say how far it has got."""
    with answering():
        _waiting(pack).update(changed_at=clock(), doing=doing, done=done, count=count)


def fail_pack(pack: KeptPack) -> None:
    """Say that it could not be made; of one that somebody else has made meanwhile nothing is said."""
    with answering():
        _waiting(pack).update(changed_at=clock(), state=PackState.FAILED.value, doing="")


def keep_pack(pack: KeptPack, content: IO[bytes], entry: int) -> None:
    """Keep the file of a pack that waits; nothing is kept of one that was let go of meanwhile."""
    with answering(), transaction.atomic():
        rows = _waiting(pack)
        if not rows.select_for_update().exists():
            return
        AuditPackPart.objects.filter(firm=pack.firm, pack=pack.number).delete()
        size = 0
        for part, piece in enumerate(iter(lambda: content.read(CHUNK), b"")):
            AuditPackPart.objects.create(firm_id=pack.firm, pack=pack.number, part=part, content=piece)
            size += len(piece)
        rows.update(state=PackState.THERE.value, doing="", size=size, entry=entry, changed_at=clock())


def pack_pieces(firm: int, number: int) -> Iterator[bytes]:
    """The file of a pack, piece by piece; nothing where it was let go of."""
    part = 0
    while True:
        with answering():
            rows = AuditPackPart.objects.filter(firm=firm, pack=number, part=part)
            piece = rows.values_list("content", flat=True).first()
        if piece is None:
            return
        yield bytes(piece)
        part += 1


def forget_packs() -> None:
    """Let go of those that were asked for more than a week ago."""
    with answering(), transaction.atomic():
        rows = open_only(AuditPack.objects.filter(made_at__lt=clock() - KEPT_DAYS * DAY))
        old = list(rows.values_list("firm", "number"))
        for firm, number in old:
            AuditPackPart.objects.filter(firm=firm, pack=number).delete()
            AuditPack.objects.filter(firm=firm, number=number).delete()


def _waiting(pack: KeptPack) -> QuerySet[AuditPack]:
    """Its row while it waits: none of one that was let go of, though another has its number by now."""
    return AuditPack.objects.filter(
        firm=pack.firm, number=pack.number, made_at=pack.at, state=PackState.WAITS.value
    )


def _read(row: AuditPack) -> KeptPack:
    return KeptPack(
        firm=row.firm_id,
        number=row.number,
        member=row.member,
        asked=msgspec.convert(row.asked, PackAsked),
        state=PackState(row.state),
        doing=row.doing,
        done=row.done,
        count=row.count,
        entry=row.entry,
        size=row.size,
        at=Instant(row.made_at),
    )
