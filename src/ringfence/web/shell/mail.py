"""Sending mail beside the pages: a page hands work over and answers at once, however slow the mail server is.

One thread of each process does the work, one piece after the other, with a connection to the database of its
own. What still waits when the process ends is lost: whoever asked for a mail asks again. No wording here.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from smtplib import SMTPException

from django.db import Error, connection

LOG = logging.getLogger(__name__)

WAITING = 100
"""Pieces of work that may wait; more than a slow mail server gets done are dropped."""

Work = Callable[[], None]


class Sender:
    """Does what it is handed in a thread that starts with the first piece of it."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._queue: queue.Queue[Work] = queue.Queue(waiting)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def hand_over(self, work: Work) -> None:
        """Returns at once; that there is no room is told in the log alone."""
        with self._starting:
            # Work that raised what nobody expects has ended the thread, and is told on stderr by Python.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
                self._thread.start()
        try:
            self._queue.put_nowait(work)
        except queue.Full:
            LOG.error("%d mails wait already: one more was not sent", self._queue.maxsize)

    def finish(self) -> None:
        """Wait until everything that was handed over is done."""
        self._queue.join()

    def _run(self) -> None:
        while True:
            work = self._queue.get()
            try:
                do(work)
            finally:
                connection.close()
                self._queue.task_done()


def do(work: Work) -> None:
    """Do it here and now; a mail server or database that fails is told in the log alone."""
    try:
        work()
    except (OSError, SMTPException):
        LOG.exception("A mail could not be sent: `ringfence doctor` asks the mail server")
    except Error:
        LOG.exception("A mail could not be sent: the database does not answer")


SENDER = Sender()
