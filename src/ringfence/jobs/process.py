"""The threads of a jobs process: one for each track, and one that signs, puts back and sets timers.

Any number of such processes may work at once, on any number of machines. One that is told to stop lets its
tasks be finished; what a killed one had taken is put back by another.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import Error, close_old_connections, connection
from django.utils.crypto import get_random_string

from ringfence.access import StateUnavailable
from ringfence.telemetry.counts import READY

from .endings import note_all_endings
from .enqueue import Track
from .hand_out_digests import set_digests
from .policies import Policies
from .running import AtWork, bring_near, count_waiting, do_next, put_back_lost, sign
from .schedule import set_timers
from .tell_changes import Ledgers
from .webhooks import Webhooks

LOG = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""How often a track without work looks for some."""
KEEPING_SECONDS = 20.0
"""How often a process signs for what it does; far more often than `running.LOST`."""
RESTART_SECONDS = 5.0
"""How long what broke off waits."""
LONGEST_SECONDS = {Track.MAIL: 10 * 60, Track.WEBHOOK: 10 * 60, Track.SHORT: 15 * 60, Track.LONG: 2 * 3600}
"""A task that takes longer hangs: the process ends, and another one does its work."""
HANGS = 70
"""The exit code of such a process."""


class JobsProcess:
    """Does tasks until told to stop."""

    def __init__(self) -> None:
        self.worker = get_random_string(12)
        self.at_work = AtWork()
        self._ledgers = Ledgers()
        self._policies = Policies()
        self._webhooks = Webhooks()
        self._looks: dict[Track, tuple[Callable[[], None], ...]] = {
            Track.SHORT: (note_all_endings, self._ledgers.tell, self._policies.look),
            Track.WEBHOOK: (self._webhooks.warn, self._webhooks.send),
        }
        self._again: dict[Callable[[], None], float] = {}
        """When one of them that failed is begun again."""
        self._stopping = threading.Event()
        self._due = dict.fromkeys(Track, 0.0)
        """When a track that broke off begins again."""

    def stop(self) -> None:
        """Take nothing more; `run` returns once what was begun is done."""
        self._stopping.set()

    def run(self, ready: Callable[[], None]) -> None:
        """Work until stopped. `ready` is called once the database was asked, also where it cannot be written.

        Pages are read meanwhile, and what waits is done once it can be.
        """
        tracks: dict[Track, Future[None]] = {}
        due, first = 0.0, True
        with ThreadPoolExecutor(len(Track), thread_name_prefix="jobs") as threads:
            while not self._stopping.is_set():
                for track in Track:
                    self._look_after(track, tracks, threads)
                if time.monotonic() >= due:
                    due = time.monotonic() + (KEEPING_SECONDS if self._keep_house() else RESTART_SECONDS)
                    if first:
                        ready()
                        first = False
                self._end_where_it_hangs()
                self._stopping.wait(LOOK_SECONDS)
            self._webhooks.stop()

    def _look_after(
        self, track: Track, tracks: dict[Track, Future[None]], threads: ThreadPoolExecutor
    ) -> None:
        """Start the track, and anew after what nobody expected, or the database, has ended it."""
        present = tracks.get(track)
        if present is not None:
            if not present.done():
                return
            del tracks[track]
            self._due[track] = time.monotonic() + RESTART_SECONDS
            _tell(track, present.exception())
        if time.monotonic() >= self._due[track]:
            tracks[track] = threads.submit(self._work, track)

    def _work(self, track: Track) -> None:
        try:
            while not self._stopping.is_set():
                close_old_connections()
                done = do_next(track, self.worker, self.at_work)
                for look in self._looks.get(track, ()):
                    self._look(track, look)
                if not done:
                    self._stopping.wait(LOOK_SECONDS)
        finally:
            connection.close()

    def _look(self, track: Track, look: Callable[[], None]) -> None:
        """Look for what is not handed over. A fault in it, as in one firm, keeps nothing else waiting."""
        if time.monotonic() < self._again.get(look, 0.0):
            return
        try:
            look()
        except Exception as problem:  # noqa: BLE001  # it is told, and whatever comes beside it goes on
            self._again[look] = time.monotonic() + RESTART_SECONDS
            _tell(track, problem)

    def _keep_house(self) -> bool:
        """Whether the database let us."""
        close_old_connections()
        try:
            sign(self.at_work)
            put_back_lost()
            bring_near()
            set_timers()
            set_digests()
            count_waiting()
        except (Error, StateUnavailable) as problem:
            LOG.error("Background work waits, the database does not answer: %s", type(problem).__name__)
            READY.of("jobs").set(0)
            return False
        READY.of("jobs").set(1)
        return True

    def _end_where_it_hangs(self) -> None:
        for track, most in LONGEST_SECONDS.items():
            if self.at_work.seconds(track) > most:
                LOG.error("A task of %s has taken more than %d s: its process ends", track.name, most)
                os._exit(HANGS)


def _tell(track: Track, problem: BaseException | None) -> None:
    if isinstance(problem, Error | StateUnavailable):
        LOG.error("%s: the database does not answer: %s", track.name, type(problem).__name__)
    elif problem is not None:
        LOG.error("%s: a fault", track.name, exc_info=problem)
