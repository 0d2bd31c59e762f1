"""The daily digest: to each member who wants it, what happened at the clients that they see when it is sent.

It names clients and says what was done there and by whom, and nothing of what is in a record. Of which client
something happened is asked of `access.digest`, once for all readers of a firm.
"""

import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec
from django.urls import reverse

from ringfence.access import FirmNow, firm_state
from ringfence.access.digest.choices import DigestWish, wanted_by, wanted_by_all
from ringfence.access.digest.days import Stretch, goes_out
from ringfence.access.digest.happened import Happened, Happenings, happenings
from ringfence.access.digest.reader import DigestReader
from ringfence.access.digest.stop_links import stop_key
from ringfence.access.reading import client_names
from ringfence.notices.blocks import Hand, MailLink
from ringfence.notices.readers import FirmReader, reader_of
from ringfence.notices.sending import body_of, in_their_words, send
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .lines import DigestLines

MOST_CLIENTS = 25
"""Clients that a digest names; of more it says how many."""
MOST_LINES = 5
"""Lines about one client, likewise."""
MOST_AT_ONCE = 10
"""Lines about many clients at once, likewise."""


class ClientBlock(NamedTuple):
    """One client as the mail shows it."""

    heading: MailLink
    lines: tuple[str, ...]


def readers(stretch: Stretch) -> list[int]:
    """The members for whom there is something to tell now, by number."""
    now = firm_state(stretch.firm)
    if not goes_out(now.settings):
        return []
    happened, wanted = happenings(now, stretch), wanted_by_all(stretch.firm)
    everything = DigestWish()
    seen_by = now.seen_among(happened.clients, now.active_members)
    return [
        member
        for member, seen in seen_by
        if not DigestReader(now, member, seen, wanted.get(member, everything)).told(happened).nothing
    ]


def send_digest(stretch: Stretch, member: int) -> None:
    """Tell the member of what they may see and want now; of nothing, nothing is sent.

    Raises as `sending.send` does.
    """
    found = reader_of(stretch.firm, member)
    if found is None:
        return
    key = stop_key(stretch.firm, member)
    with in_their_words(found.recipient):
        values = digest_values(found, stretch)
        stop = MailLink(_("Stop the daily digest"), found.base + reverse("stop-digest", args=[key]))
    if values is None:
        return
    recipient = msgspec.structs.replace(
        found.recipient, choosing=found.link("your-digest"), unsubscribe=stop.address
    )
    send(recipient, "digest", stop=stop, **values)


def written_digest(found: FirmReader, stretch: Stretch, hand: Hand) -> str | None:
    """What the reader's digest of the stretch would say now, without how to stop it; None for nothing."""
    with in_their_words(found.recipient):
        values = digest_values(found, stretch)
    return None if values is None else body_of(found.recipient, "digest", hand, {**values, "stop": None})


def digest_values(found: FirmReader, stretch: Stretch) -> dict[str, object] | None:
    """What the templates are given, of what the reader may see and wants now; None where that is nothing."""
    if not goes_out(found.now.settings):
        return None
    happened = _HAPPENED.of(found.now, stretch)
    seen = dict(found.now.seen_among(happened.clients, [found.member])).get(found.member)
    if seen is None:
        return None
    reader = DigestReader(found.now, found.member, seen, wanted_by(stretch.firm, found.member))
    told = reader.told(happened)
    if told.nothing:
        return None
    shown = client_names(stretch.firm).page(told.clients, 0, MOST_CLIENTS)
    about = {client: reader.about(happened.to_one[client]) for client in shown}
    lines = DigestLines(found, shown, about.values(), told.many)
    return {
        "since": found.told_time(stretch.since),
        "until": found.told_time(stretch.until),
        "day": found.told_day(stretch.until),
        "clients": [_block(found, lines, client, about[client]) for client in shown],
        "more": _more_clients(len(told.clients) - len(shown)),
        "many": [*map(lines.of_many, told.many[:MOST_AT_ONCE]), *_more(len(told.many) - MOST_AT_ONCE)],
        "link": found.link("clients"),
    }


def _block(found: FirmReader, lines: DigestLines, client: int, about: Mapping[Happened, int]) -> ClientBlock:
    said = [lines.of_one(each, times) for each, times in about.items()]
    return ClientBlock(
        heading=MailLink(lines.client(client), found.link("client", client)),
        lines=(*said[:MOST_LINES], *_more(len(said) - MOST_LINES)),
    )


def _more(count: int) -> Iterator[str]:
    if count > 0:
        yield ngettext("and %(count)s more", "and %(count)s more", count) % {"count": f"{count:,}"}


def _more_clients(count: int) -> str:
    if count <= 0:
        return ""
    told = ngettext(
        "And something happened at %(count)s more [client].",
        "And something happened at %(count)s more [clients].",
        count,
    )
    return told % {"count": f"{count:,}"}


class _Kept:
    """What happened lately, kept for a few minutes: all mails of a firm's day are sent one after another."""

    SECONDS = 300.0
    MOST = 4

    def __init__(self) -> None:
        self._kept: dict[Stretch, tuple[float, Happenings]] = {}

    def of(self, now: FirmNow, stretch: Stretch) -> Happenings:
        """What happened in the stretch, as it was read a few minutes ago at the most."""
        read_at, found = self._kept.get(stretch, (0.0, None))
        if found is None or time.monotonic() - read_at > self.SECONDS:
            found = happenings(now, stretch)
            if len(self._kept) >= self.MOST:
                self._kept.clear()
            self._kept[stretch] = (time.monotonic(), found)
        return found


_HAPPENED = _Kept()
