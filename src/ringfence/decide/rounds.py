"""Answering in rounds: all whose questions are there are answered by one reading (decision 100).

Whoever comes while a round is answered waits for the next, which reads anew: nobody is answered by what was
read before they asked (rules.md 2, end). What a question is, and over which connection, is not known here.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from ringfence.store.shared_marks import Round

from .app import CLOSE, TEXT, WAITING, DecisionService, WireAnswer
from .kept import REACHING_PAUSE, NotYet, Waiting

LOG = logging.getLogger(__name__)

FAILED = WireAnswer(HTTPStatus.INTERNAL_SERVER_ERROR, [TEXT, CLOSE], b"This went wrong here. Ask again.\n")


class BodyWanted(Exception):
    """Nothing is wrong with a request so far: its body is to be heard."""


class WholeBody:
    """The body of a request, which can be read again."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self) -> bytes:
        return self._body


class Unheard:
    """The body of a request that may not deserve to be heard."""

    def read(self) -> bytes:
        raise BodyWanted


UNHEARD = Unheard()
Told = Callable[[WireAnswer | None], None]
"""Called with the answer; with None where the body is to be heard first."""


def answered(service: DecisionService, environ: dict[str, Any]) -> WireAnswer | None:
    """What the service says, whatever happens; None where the body is to be heard first. Raises `NotYet`."""
    try:
        return service.answered(environ)
    except BodyWanted:
        return None
    except NotYet:
        raise
    except Exception:
        # The others of the round have their answers all the same.
        LOG.exception("a request could not be answered")
        return FAILED


class AtOnce:
    """Puts each request to the service in the thread that brings it."""

    def __init__(self, service: DecisionService) -> None:
        self._service = service
        self.ended = False
        """Whether nobody is answered any more: never."""

    def ask(self, environ: dict[str, Any], told: Told) -> None:
        """Answer it."""
        told(answered(self._service, environ))

    def look(self, environ: dict[str, Any]) -> WireAnswer | None:
        """The answer where there is one without the body; None where that is to be heard first."""
        return answered(self._service, {**environ, "wsgi.input": UNHEARD})


class _Request(NamedTuple):
    """One request that is to be answered."""

    environ: dict[str, Any]
    told: Told


class Rounds:
    """Puts requests to the service, all in the one thread that calls `go_on`."""

    def __init__(self, service: DecisionService, shared: Round) -> None:
        """`shared` is the service's own."""
        self._service, self._round = service, shared
        self._asked: SimpleQueue[_Request] = SimpleQueue()
        self._later: list[_Request] = []
        """Those that wait for a version, by the monotonic clock until `_again_at`."""
        self._again_at = 0.0
        self.ended = False
        """Whether nobody is answered any more: what is no `Exception` has ended the thread of the rounds."""

    def ask(self, environ: dict[str, Any], told: Told) -> None:
        """Answer in the next round that begins. For any thread; `told` is called in that of the rounds.

        Where it waits for a version, its body is read again in a later round.
        """
        environ[WAITING] = Waiting()
        self._asked.put(_Request(environ, told))

    def look(self, environ: dict[str, Any]) -> WireAnswer | None:
        """The answer where there is one without the body; None where that is to be heard first."""
        told: SimpleQueue[WireAnswer | None] = SimpleQueue()
        self._asked.put(_Request({**environ, "wsgi.input": UNHEARD}, told.put))
        return told.get()

    def go_on(self) -> None:
        """Answer round after round, without end."""
        try:
            while True:
                self.answer()
        finally:
            self.ended = True

    def answer(self) -> None:
        """Answer all who are there, once somebody is."""
        requests = self._gathered()
        self._round.begin()
        for request in requests:
            self._round.next_request()
            try:
                answer = answered(self._service, request.environ)
            except NotYet:
                self._put_off(request)
                continue
            try:
                request.told(answer)
            except Exception:
                LOG.exception("an answer could not be given")

    def _gathered(self) -> list[_Request]:
        asked, found = self._asked, []
        with suppress(Empty):
            found.append(asked.get(timeout=REACHING_PAUSE if self._later else None))
        # Nobody else takes from it.
        while not asked.empty():
            found.append(asked.get())
        if self._later and time.monotonic() >= self._again_at:
            found += self._later
            self._later = []
        return found

    def _put_off(self, request: _Request) -> None:
        if not self._later:
            self._again_at = time.monotonic() + REACHING_PAUSE
        self._later.append(request)
