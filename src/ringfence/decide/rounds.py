"""Answering in rounds: all whose questions are there are answered by one reading (decision 100).

Whoever comes while a round is answered waits for the next, which reads anew: nobody is answered by what was
read before they asked (rules.md 2, end). What a question is, and over which connection, is not known here.
"""

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from ringfence.store.shared_marks import Round

from .app import CLOSE, TEXT, WAITING, DecisionService, WireAnswer
from .kept import REACHING_PAUSE, NotYet, Waiting

LOG = logging.getLogger(__name__)

TURNS = 2
"""Of the event loop that a round waits for those whose requests are being handed over: without any, two or
three are answered in one; with two, six or seven."""

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


Told = Callable[[WireAnswer | None], None]
"""Called with the answer; with None where the body is to be heard first."""


class Rounds:
    """Puts questions to the service. For one event loop, in whose thread they are answered."""

    def __init__(self, service: DecisionService, shared: Round) -> None:
        self.service = service
        self._round = shared
        self._asked: list[tuple[dict[str, Any], Told]] = []

    def ask(self, environ: dict[str, Any], told: Told) -> None:
        """Answer in the round that begins when what is on its way here has been taken in.

        Where it waits for a version, its body is read again in a later round.
        """
        environ.setdefault(WAITING, Waiting())
        if not self._asked:
            self._after(TURNS)
        self._asked.append((environ, told))

    def _after(self, turns: int) -> None:
        loop = asyncio.get_running_loop()
        if turns:
            loop.call_soon(self._after, turns - 1)
        else:
            loop.call_soon(self._answer)

    def _answer(self) -> None:
        asked, self._asked = self._asked, []
        self._round.begin()
        for environ, told in asked:
            self._round.next_request()
            try:
                answer = self._answered(environ)
            except NotYet:
                asyncio.get_running_loop().call_later(REACHING_PAUSE, self.ask, environ, told)
                continue
            try:
                told(answer)
            except Exception:
                LOG.exception("an answer could not be given")

    def _answered(self, environ: dict[str, Any]) -> WireAnswer | None:
        try:
            return self.service.answered(environ)
        except BodyWanted:
            return None
        except NotYet:
            raise
        except Exception:
            # The others of the round have their answers all the same.
            LOG.exception("a request could not be answered")
            return FAILED
