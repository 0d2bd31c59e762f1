"""The daily digest: to each member who wants it, what happened at the clients that they see when it is sent.

It names clients and says what was done there and by whom, and nothing of what is in a record. Of which client
something happened is asked of `access.digest`, once for all readers of a firm.
"""

import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.urls import reverse

from ringfence.access import FirmNow, firm_state
from ringfence.access.digest.choices import DigestWish, wanted_by, wanted_by_all
from ringfence.access.digest.days import Stretch, goes_out
from ringfence.access.digest.happened import Happened, Happenings, happenings
from ringfence.access.digest.reader import DigestReader
from ringfence.access.digest.stop_links import stop_key
from ringfence.access.reading import client_names
from ringfence.notices.blocks import MailLink
from ringfence.notices.readers import FirmReader, reader_of
from ringfence.notices.sending import Recipient, in_their_words, send
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
    if found is None or not goes_out(found.now.settings):
        return
    happened = _HAPPENED.of(found.now, stretch)
    seen = dict(found.now.seen_among(happened.clients, [member])).get(member)
    if seen is None:
        return
    reader = DigestReader(found.now, member, seen, wanted_by(stretch.firm, member))
    told = reader.told(happened)
    if told.nothing:
        return
    shown = client_names(stretch.firm).page(told.clients, 0, MOST_CLIENTS)
    with in_their_words(found.recipient):
        about = {client: reader.about(happened.to_one[client]) for client in shown}
        lines = DigestLines(found, shown, about.values(), told.many)
        values = {
            "since": found.told_time(stretch.since),
            "until": found.told_time(stretch.until),
            "day": found.told_day(stretch.until),
            "clients": [_block(found, lines, client, about[client]) for client in shown],
            "more": _more_clients(len(told.clients) - len(shown)),
            "many": [*map(lines.of_many, told.many[:MOST_AT_ONCE]), *_more(len(told.many) - MOST_AT_ONCE)],
        }
    link = settings.ADDRESS + reverse("clients", args=[stretch.firm])
    recipient = _with_links(found, stretch.firm)
    with in_their_words(recipient):
        stop = MailLink(_("Stop the daily digest"), recipient.unsubscribe)
    send(recipient, "digest", link=link, stop=stop, **values)


def _block(found: FirmReader, lines: DigestLines, client: int, about: Mapping[Happened, int]) -> ClientBlock:
    address = settings.ADDRESS + reverse("client", args=[found.now.firm, client])
    said = [lines.of_one(each, times) for each, times in about.items()]
    return ClientBlock(
        heading=MailLink(lines.client(client), address),
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


def _with_links(found: FirmReader, firm: int) -> Recipient:
    """The recipient, with where they say what they want and what stops the digest at once."""
    stop = settings.ADDRESS + reverse("stop-digest", args=[stop_key(firm, found.member)])
    choosing = settings.ADDRESS + reverse("your-digest", args=[firm])
    return msgspec.structs.replace(found.recipient, choosing=choosing, unsubscribe=stop)


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
