"""Of what members were told: handing notices down, reading them, and who wants which of them by mail.

A notice is numbers. Its words, and what its reader may know of it then, are for `ringfence.notices`.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import IntEnum

import msgspec
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from pyroaring import BitMap

from ringfence.core.terms import Instant, Level
from ringfence.firms.models import Member, Notice, NoticeChoice

from .clock import clock
from .open_firms import open_only

MOST_KEPT = 1_000
"""Clients of a notice whose numbers are kept; of more their count."""


class NoticeKind(IntEnum):
    """What a notice is about. Stored: never given another meaning."""

    CONTROL_TURNED = 1
    SELF_ACCESS = 2
    REQUEST_OPENED = 3
    REQUEST_WAITS = 4
    REQUEST_ANSWERED = 5
    ACCESS_CHANGED = 6
    ACCESS_ENDS = 7
    LEFT_TO_NOBODY = 8
    WEBHOOK_FAILS = 9
    KEPT_PASSWORD = 10
    DOMAIN_LOST = 11
    DIRECTORY_STOPS = 13
    POLICIES_NOTED = 20
    EMERGENCY_OPENED = 21
    REVIEW_ASKED = 22
    REVIEW_DUE = 23
    REVIEW_CLOSED = 24
    WALL_ASKED = 25
    LEDGER_REWRITTEN = 26
    SIGN_IN_ONLY = 27
    BOTH_SIDES = 28


EndKey = tuple[str, int, int]
"""Access that ends: the kind and number of what a grant is on, or `delegation` and who gives; and when."""


class Some(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A set of clients as a notice keeps it."""

    count: int = 0
    numbers: tuple[int, ...] = ()
    """All of them, or none where they are more than are kept."""

    @staticmethod
    def of(clients: BitMap) -> "Some":
        return Some(count=len(clients), numbers=tuple(clients) if len(clients) <= MOST_KEPT else ())

    @property
    def clients(self) -> BitMap | None:
        """The set; None where only its count is known."""
        return BitMap(self.numbers) if len(self.numbers) == self.count else None


class ToldCrossing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who came to stand on both sides of a wall (`core.compare.both_sides`)."""

    wall: int
    member: int
    road: str
    by: int = 0
    clients: Some = Some()


class ToldShift(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Clients on which the level was one and became another."""

    before: Level
    after: Level
    clients: Some = Some()


class NoticeFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a notice the ledger does not say by itself."""

    client: int = 0
    """The client of a request."""
    asker: int = 0
    """The member who asked for access."""
    several: bool = False
    """Whether it tells of several entries as one change; the notice names the last one."""
    lapsed: bool = False
    """Whether a request ended because nobody answered it."""
    gained: Some = Some()
    lost: Some = Some()
    shifted: Some = Some()
    """Clients on which the level is another."""
    shifts: tuple[ToldShift, ...] = ()
    """The same by the levels before and after; none of a notice that was kept before these were."""
    held: Some = Some()
    """Of a self-access, those of its clients that the reader held."""
    since: Instant = Instant(0)
    until: Instant = Instant(0)
    """Between these instants ends what is told to end."""
    webhook: int = 0
    """The number of a webhook that fails."""
    stopped: bool = False
    """Whether it was paused for it."""
    words: str = ""
    """A domain."""
    who: int = 0
    """The member of whom it tells."""
    broken: tuple[int, ...] = ()
    mended: tuple[int, ...] = ()
    """Policies that were found broken, and to hold again."""
    review: int = 0
    """The number of an access review."""
    entry: int = 0
    fits: int = 0
    """Entries of checkpoints: the first that the ledger does not fit, the newest that it fits."""
    crossings: tuple[ToldCrossing, ...] = ()
    """The first of those who came to stand on both sides of a wall."""
    ends: tuple[EndKey, ...] = ()
    """What that is; nothing where it is more than is kept."""


class NewNotice(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is to be told."""

    member: int
    kind: NoticeKind
    facts: NoticeFacts = NoticeFacts()


class KeptNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it is kept."""

    member: int
    number: int
    kind: NoticeKind
    at: Instant
    entry: int
    facts: NoticeFacts
    read: bool


def hand_down(firm: int, at: int, new: Iterable[NewNotice], *, entry: int = 0) -> list[KeptNotice]:
    """Keep the notices, within the caller's transaction, which holds the firm's row.

    `at`: when it happened, microseconds since 1970 UTC.
    """
    wanted = list(new)
    if not wanted:
        return []
    rows = Notice.objects.filter(firm=firm, member__in={each.member for each in wanted})
    last: dict[int, int] = dict(rows.order_by().values_list("member").annotate(last=Max("number")))
    made = []
    for each in wanted:
        last[each.member] = last.get(each.member, 0) + 1
        facts = msgspec.to_builtins(each.facts)
        made.append(
            Notice(
                firm_id=firm,
                member=each.member,
                number=last[each.member],
                kind=int(each.kind),
                at=at,
                entry=entry,
                facts=facts,
            )
        )
    return [_kept(row) for row in Notice.objects.bulk_create(made)]


def _kept(row: Notice) -> KeptNotice:
    return KeptNotice(
        member=row.member,
        number=row.number,
        kind=NoticeKind(row.kind),
        at=Instant(row.at),
        entry=row.entry,
        facts=msgspec.convert(row.facts, NoticeFacts),
        read=row.read,
    )


def kept_notice(firm: int, member: int, number: int) -> KeptNotice | None:
    """One notice of the member, None where there is none of that number."""
    row = Notice.objects.filter(firm=firm, member=member, number=number).first()
    return _kept(row) if row is not None else None


def kept_notices(firm: int, member: int, *, first: int, count: int) -> list[KeptNotice]:
    """Some of the member's notices, newest first; `first` counts from 0."""
    rows = Notice.objects.filter(firm=firm, member=member).order_by("-number")
    return [_kept(row) for row in rows[first : first + count]]


def notices_of_kind(
    firm: int, members: Iterable[int], kind: NoticeKind, *, since: Instant
) -> list[KeptNotice]:
    """The notices of a kind that these members got from `since` on."""
    rows = Notice.objects.filter(firm=firm, member__in=list(members), kind=int(kind), at__gte=since)
    return [_kept(row) for row in rows]


def forget_notices(kept: timedelta) -> None:
    """Remove what was told longer ago than that, in all firms; the last of each member keeps their count."""
    until = clock() - kept // timedelta(microseconds=1)
    later = Notice.objects.filter(
        firm=OuterRef("firm"), member=OuterRef("member"), number__gt=OuterRef("number")
    )
    open_only(Notice.objects.filter(Exists(later), at__lt=until)).delete()


def notice_counts(firm: int, member: int) -> tuple[int, int]:
    """How many notices the member has, and how many of them are unread."""
    rows = Notice.objects.filter(firm=firm, member=member)
    found = rows.aggregate(all=Count("number"), unread=Count("number", filter=Q(read=False)))
    return found["all"], found["unread"]


def mark_read(firm: int, member: int, number: int | None = None) -> None:
    """Remember that the member has read the notice; without a number, all of them."""
    rows = Notice.objects.filter(firm=firm, member=member, read=False)
    (rows if number is None else rows.filter(number=number)).update(read=True)


def not_by_mail(firm: int, members: Iterable[int]) -> set[tuple[int, NoticeKind]]:
    """Of these members, who does not want which kind by mail."""
    rows = NoticeChoice.objects.filter(firm=firm, member__in=list(members)).order_by("version")
    found = {(row.member, NoticeKind(row.kind)): row.by_mail for row in rows}
    return {who for who, by_mail in found.items() if not by_mail}


def choose_by_mail(firm: int, member: int, chosen: Mapping[NoticeKind, bool], *, at: Instant) -> None:
    """Keep what the member wants by mail; kinds that stay as they were get no new version."""
    with transaction.atomic():
        # Who sends the form twice waits here, and then finds nothing to change.
        Member.objects.select_for_update().filter(firm=firm, number=member).first()
        rows = NoticeChoice.objects.filter(firm=firm, member=member).order_by("version")
        present = {row.kind: row for row in rows}
        for kind, by_mail in chosen.items():
            row = present.get(int(kind))
            if by_mail == (row.by_mail if row else True):
                continue
            version = row.version + 1 if row else 1
            NoticeChoice.objects.create(
                firm_id=firm, member=member, kind=int(kind), version=version, by_mail=by_mail, at=at
            )
