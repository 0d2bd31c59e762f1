"""Requests as granian's threads bring them: each is taken in whole, and told its answer when there is one.

Whoever reads a body waits in granian, which nothing can end. So a body is read only for a token that stood
when it was last used; everybody else is answered first, or proved. A process in which all threads have waited
too long is of no use any more, nor is one whose rounds have ended (`Gathering.stuck`).
"""

import threading
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from .app import DecisionService, WireAnswer
from .rounds import AtOnce, Rounds, WholeBody
from .wire import MOST_BYTES

BODY_SECONDS = 5.0
"""How long a body may take, once it is waited for."""


class Gathering:
    """What granian calls with each request, in so many threads."""

    def __init__(self, service: DecisionService, answering: Rounds | AtOnce, threads: int) -> None:
        self._service, self._answering, self._threads = service, answering, threads
        self._reading: dict[int, float] = {}
        """By thread: since when it waits for a body, by the monotonic clock."""

    def take(self, protocol: Any, environ: dict[str, Any]) -> None:
        """Have a request answered, and granian's `protocol` told so, perhaps later.

        Its body can be read until this returns.
        """
        if not self._is_heard(environ):
            answer = self._answering.look(environ)
            if answer is not None:
                _tell(protocol, answer)
                return
        environ["wsgi.input"] = WholeBody(self._body(environ))
        self._answering.ask(environ, partial(_tell, protocol))

    def stuck(self) -> bool:
        """Whether nobody can be answered.

        Every thread has waited for a body so long that nothing else will free it, or the rounds have ended.
        """
        if self._answering.ended:
            return True
        since = time.monotonic() - BODY_SECONDS
        return sum(began < since for began in list(self._reading.values())) >= self._threads

    def _is_heard(self, environ: dict[str, Any]) -> bool:
        """Whether a body may be read without another look at who sends it."""
        length = environ.get("CONTENT_LENGTH", "")
        return length.isdecimal() and int(length) <= MOST_BYTES and self._service.knows(environ)

    def _body(self, environ: Mapping[str, Any]) -> bytes:
        thread = threading.get_ident()
        self._reading[thread] = time.monotonic()
        try:
            body: bytes = environ["wsgi.input"].read()
        finally:
            del self._reading[thread]
        return body


def _tell(protocol: Any, answer: WireAnswer | None) -> None:
    assert answer is not None
    protocol.response_bytes(answer.status, answer.headers, answer.body)
