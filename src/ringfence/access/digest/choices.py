"""Who wants the digest, and of which clients: all of those that one can open, without those switched off.

Each choice is kept (rules.md 7). Who chose nothing has no row.
"""

from collections.abc import Iterable

import msgspec
from django.db import transaction
from pyroaring import BitMap

from ringfence.access.clock import instant_for
from ringfence.access.connection import answering
from ringfence.access.door import lock
from ringfence.core.terms import Instant
from ringfence.firms.models import DigestChoice

WHOLE = 0
"""In the place of a client: the digest as a whole."""


class DigestWish(msgspec.Struct, frozen=True, kw_only=True):
    """What a member wants of the digest."""

    whole: bool = True
    """Whether they want it at all."""
    off: BitMap = msgspec.field(default_factory=BitMap)
    """The clients of which they want nothing."""

    def of(self, client: int) -> bool:
        """Whether they want it of the client."""
        return self.whole and client not in self.off


class DigestSwitch(msgspec.Struct, frozen=True, kw_only=True):
    """A choice about the digest as a whole, as it was made."""

    wanted: bool
    by_link: bool
    """Whether it was made by the link in a mail."""
    at: Instant


def wanted_by(firm: int, member: int) -> DigestWish:
    """What the member wants."""
    with answering():
        rows = DigestChoice.objects.filter(firm=firm, member=member).order_by("version")
        return _folded(rows.values_list("client", "wanted"))


def wanted_by_all(firm: int) -> dict[int, DigestWish]:
    """What the firm's members want; who chose nothing is left out."""
    by_member: dict[int, list[tuple[int, bool]]] = {}
    with answering():
        rows = DigestChoice.objects.filter(firm=firm).order_by("member", "version")
        for member, client, wanted in rows.values_list("member", "client", "wanted"):
            by_member.setdefault(member, []).append((client, wanted))
    return {member: _folded(choices) for member, choices in by_member.items()}


def _folded(choices: Iterable[tuple[int, bool]]) -> DigestWish:
    last = dict(choices)
    whole = last.pop(WHOLE, True)
    return DigestWish(whole=whole, off=BitMap([client for client, wanted in last.items() if not wanted]))


def choose(firm: int, member: int, *, wanted: bool, client: int = WHOLE, by_link: bool = False) -> bool:
    """Note what the member wants from now on; whether that is another than before.

    Whoever asks has made sure that the member may know of the client. Raises `FirmUnknown`,
    `StateUnavailable`.
    """
    with answering(), transaction.atomic(durable=True):
        row = lock(firm)
        before = wanted_by(firm, member)
        if wanted == (before.whole if client == WHOLE else client not in before.off):
            return False
        last = DigestChoice.objects.filter(firm=row, member=member).order_by("-version").first()
        DigestChoice.objects.create(
            firm=row,
            member=member,
            version=last.version + 1 if last is not None else 1,
            client=client,
            wanted=wanted,
            by_link=by_link,
            at=instant_for(row),
        )
    return True


def last_choice(firm: int, member: int) -> DigestSwitch | None:
    """The member's last choice about the digest as a whole; None where they made none."""
    with answering():
        rows = DigestChoice.objects.filter(firm=firm, member=member, client=WHOLE).order_by("-version")
        row = rows.first()
    return None if row is None else DigestSwitch(wanted=row.wanted, by_link=row.by_link, at=Instant(row.at))
