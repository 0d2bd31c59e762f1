"""Sending what happens to webhooks: each in its own order, several at once, beside all other work.

How far each is lies in the database, so any number of processes may send; one at a time has each webhook.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from itertools import count

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction

from ringfence.access import StateUnavailable
from ringfence.access.changes import ChangeEvent, FeedPlace, LedgerEnds, event_numbered, told_after
from ringfence.access.clock import clock
from ringfence.access.webhooks import (
    KeptWebhook,
    Leased,
    Sent,
    WebhookWarning,
    delivery_numbered,
    due_webhooks,
    lease,
    let_go,
    note_sent,
    note_warned,
    untold,
    webhook_numbered,
)
from ringfence.access.webhooks.sending import log_attempt
from ringfence.notices import webhook_fails

from .enqueue import Track, job
from .posting import post
from .send_notice import tell

LOG = logging.getLogger(__name__)

SENDERS = 8
"""Webhooks to which one process sends at once: a receiver that is slow keeps no other waiting."""
AT_ONCE = 50
"""Events read at once."""
TURN_SECONDS = 30.0
"""After which a webhook with much to be sent gives way to others."""
TEST = "ringfence.webhook.test"

Post = Callable[[KeptWebhook, ChangeEvent], Sent]
Place = tuple[int, int]
"""Firm and number."""


def post_now(hook: KeptWebhook, event: ChangeEvent) -> Sent:
    """Send the event once, signed as of now."""
    now = datetime.fromtimestamp(clock() / 1_000_000, UTC)
    return post(hook, event, now=now, own=settings.WEBHOOK_NETWORKS)


class Webhooks:
    """What one process sends."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(SENDERS, thread_name_prefix="webhooks")
        self._lock = threading.Lock()
        self._busy: set[Place] = set()
        self._turns: dict[Place, int] = {}
        """By webhook, when it had its last turn here, counted in turns; also of who waits for nothing now.

        One that is being sent to is not among those that are due, and must not come back as if it had waited.
        """
        self._count = count(1)

    def send(self) -> None:
        """See that to all that are due is being sent; does not wait for it."""
        due = due_webhooks()
        for place in iter(partial(self._next, due), None):
            self._threads.submit(self._turn, place)

    def _next(self, due: Sequence[Place]) -> Place | None:
        """Whose turn it is, taken; None where nobody waits or all senders are busy.

        The firm with the fewest senders goes first, and of its webhooks the one that has waited longest: else
        one firm with many that lag would keep all senders from the others.
        """
        with self._lock:
            waiting = [place for place in due if place not in self._busy]
            if not waiting or len(self._busy) >= SENDERS:
                return None
            held = Counter(firm for firm, _number in self._busy)
            found = min(waiting, key=lambda place: (held[place[0]], self._turns.get(place, 0)))
            self._busy.add(found)
            self._turns[found] = next(self._count)
            return found

    def warn(self) -> None:
        """Tell administrators of webhooks that have failed for long.

        One of which that fails is a fault at the end: no other waits for it.
        """
        with ExitStack() as all_of_them:
            for firm, number, warning in untold():
                all_of_them.callback(_warn, firm, number, warning)

    def stop(self) -> None:
        """Returns once what was begun is written down."""
        self._threads.shutdown(cancel_futures=True)

    def _turn(self, place: Place) -> None:
        try:
            close_old_connections()
            send_due(*place)
        except (StateUnavailable, DatabaseError, InterfaceError) as problem:
            LOG.error("Webhook %d of firm %d waits: %s", place[1], place[0], type(problem).__name__)
        except BaseException:
            LOG.exception("Webhook %d of firm %d: a fault in sending", place[1], place[0])
            raise
        finally:
            connection.close()
            with self._lock:
                self._busy.discard(place)


def _warn(firm: int, number: int, warning: WebhookWarning) -> None:
    new = webhook_fails.told(firm, number, stopped=warning is WebhookWarning.STOPPED)
    with transaction.atomic():
        if note_warned(firm, number, warning):
            tell(firm, clock(), new)


def send_due(firm: int, number: int, post: Post = post_now) -> None:
    """Send to the webhook what it has not been sent, until it fails or its turn is over."""
    leased = lease(firm, number)
    if leased is None:
        return
    end = time.monotonic() + TURN_SECONDS
    while leased is not None:
        hook = leased.webhook
        try:
            told = told_after(firm, hook.place, limit=AT_ONCE, families=hook.families)
        except LedgerEnds:
            # The ledger is another one than that of which was sent: begun anew from here.
            let_go(leased, FeedPlace(hook.version))
            return
        for event in told.events:
            leased = note_sent(leased, event, post(hook, event))
            if leased is None:
                return
            if time.monotonic() > end:
                let_go(leased)
                return
        if not told.more:
            let_go(leased, told.next)
            return
        leased = _passed(leased, told.next)


def _passed(leased: Leased, place: FeedPlace) -> Leased | None:
    """The same webhook, with all up to the place sent or passed over."""
    hook = leased.webhook
    let_go(leased, place)
    return lease(hook.firm, hook.number)


@job(Track.WEBHOOK)
def send_again(firm: int, webhook: int, delivery: int) -> None:
    """Send the event of an earlier attempt once more, beside the order: because somebody asked for it."""
    hook, earlier = webhook_numbered(firm, webhook), delivery_numbered(firm, webhook, delivery)
    if hook is None or earlier is None:
        return
    event = event_numbered(firm, earlier.entry, earlier.part) if earlier.entry else _test_event(hook)
    if event is not None:
        _send_once(hook, event)


@job(Track.WEBHOOK)
def send_test(firm: int, webhook: int) -> None:
    """Send an event that tells of nothing, so that somebody sees whether it arrives."""
    hook = webhook_numbered(firm, webhook)
    if hook is not None:
        _send_once(hook, _test_event(hook))


def _send_once(hook: KeptWebhook, event: ChangeEvent) -> None:
    sent, at = post_now(hook, event), clock()
    with transaction.atomic():
        log_attempt(hook.firm, hook.number, event, sent, at=at, again=True)


def _test_event(hook: KeptWebhook) -> ChangeEvent:
    at = clock()
    return ChangeEvent(
        id=f"{hook.uid}/test/{at}",
        source=f"urn:uuid:{hook.uid}",
        type=TEST,
        subject=f"webhooks/{hook.number}",
        at=at,
        data={"version": hook.version},
        entry=0,
        part=0,
        done=hook.place,
    )
