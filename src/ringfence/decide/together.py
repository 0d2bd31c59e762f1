"""The decision service as an RSGI application: who asks at the same time is answered in one round.

For databases where reading the version costs more than the answer (decision 100). The event loop gathers a
body, and only for a token that stood when it was last used; everybody else is answered first.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # its module re-exports it unsaid

from ringfence.store.shared_marks import Round

from .app import BODY_SECONDS, CLOSE, TEXT, DecisionService, WireAnswer
from .rounds import Rounds, Unheard, WholeBody
from .wire import MOST_BYTES

MOST_NAMES = 200
"""Names of headers that are kept."""
_NAMES: dict[str, str] = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
"""By a header's name as it is sent: what WSGI calls it; empty where it is not listened to."""
_UNHEARD = Unheard()
_TOO_SLOW = WireAnswer(408, [TEXT, CLOSE], b"The body did not come. Ask again.\n")


class DecisionsTogether:
    """What one process answers with. For one event loop."""

    def __init__(self, service: DecisionService, shared: Round) -> None:
        """`shared` is the service's own."""
        self._service, self._rounds = service, Rounds(service, shared)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        environ = _environ(scope)
        if not self._is_heard(environ):
            answer = await self._answer({**environ, "wsgi.input": _UNHEARD})
            if answer is not None:
                _tell(protocol, answer)
                return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                environ["wsgi.input"] = WholeBody(await protocol())
        except TimeoutError:
            _tell(protocol, _TOO_SLOW)
            return
        except ProtocolClosed:
            # Who has gone is told nothing.
            return
        answer = await self._answer(environ)
        assert answer is not None
        _tell(protocol, answer)

    def _is_heard(self, environ: Mapping[str, Any]) -> bool:
        """Whether a body may be gathered without another look at who sends it."""
        length = environ.get("CONTENT_LENGTH", "")
        return length.isdecimal() and int(length) <= MOST_BYTES and self._service.knows(environ)

    def _answer(self, environ: dict[str, Any]) -> "asyncio.Future[WireAnswer | None]":
        found: asyncio.Future[WireAnswer | None] = asyncio.get_running_loop().create_future()
        self._rounds.ask(environ, found.set_result)
        return found


def _tell(protocol: Any, answer: WireAnswer) -> None:
    protocol.response_bytes(answer.status, answer.headers, answer.body)


def _environ(scope: Any) -> dict[str, Any]:
    """What the service reads of a request; headers told several times are joined, as HTTP says."""
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path,
        "REMOTE_ADDR": _host(scope.client),
    }
    for name, value in scope.headers.items():
        key = _NAMES.get(name)
        if key is None:
            key = _named(name)
        if key:
            found[key] = f"{found[key]},{value}" if key in found else value
    return found


def _named(name: str) -> str:
    # With an underscore it would be taken for another one, which a proxy has set or taken away.
    key = "" if "_" in name else f"HTTP_{name.upper().replace('-', '_')}"
    if len(_NAMES) < MOST_NAMES:
        _NAMES[name] = key
    return key


def _host(client: str) -> str:
    """Its address; empty at a Unix socket, where there is none."""
    host, _, port = client.rpartition(":")
    return host.strip("[]") if port.isdecimal() else ""
