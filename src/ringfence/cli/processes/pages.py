"""The pages as granian calls them: a body is gathered first, then a thread of the request's lane answers.

An answer is handed to granian whole, so whoever reads it slowly holds no thread either. Which lane a request
takes is said in `ringfence.web.shell.lanes`.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from ringfence.web.shell.lanes import Lane
from ringfence.web.shell.refusing import REFUSAL

from .bodies import SHORT, Bodies, Limits, Unfit
from .environ import environ

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

THREADS: Mapping[Lane, int] = {
    Lane.READING: 3,
    Lane.WRITING: 6,
    Lane.PASSWORDS: 2,
    Lane.PROVIDERS: 6,
    # Changes of one directory that wait together are committed together (`access.together`).
    Lane.PROVISIONING: 6,
}
"""Of each process. One computes at a time anyway; those that wait for a lock must not be all there are."""

LARGE = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose bodies may be files."""
SESSION = "sessionid="
"""In the cookies of whoever may be signed in."""
TOKEN = "ringfence_"
"""In the header of whoever may have a token."""


class Pages:
    """The RSGI application over a WSGI one."""

    def __init__(
        self,
        application: Application,
        lane_of: Callable[[str, str], Lane],
        most_file_bytes: Callable[[str], int] = lambda _path: 0,
    ) -> None:
        """`lane_of` tells the lane of a method and path, `most_file_bytes` how large a file a path takes."""
        self._application = application
        self._lane_of = lane_of
        self._most_file_bytes = most_file_bytes
        self._bodies = Bodies()
        self._lanes: dict[Lane, ThreadPoolExecutor] = {}

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._lanes = {
            lane: ThreadPoolExecutor(count, thread_name_prefix=lane.name.lower())
            for lane, count in THREADS.items()
        }

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        for lane in self._lanes.values():
            # Granian has waited for what was at work; what waits still has nobody to answer to.
            lane.shutdown(cancel_futures=True)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        try:
            async with self._bodies.gathered(scope, protocol, self._limits(scope)) as body:
                lane = self._lane_of(scope.method, scope.path)
                await self._answered(lane, scope, protocol, body)
        except Unfit as unfit:
            await self._answered(Lane.READING, scope, protocol, b"", unfit.status)

    def _limits(self, scope: Any) -> Limits:
        """A file is taken at a few addresses alone, of who has signed in here or sends a token."""
        most = self._most_file_bytes(scope.path) if scope.method in LARGE else 0
        if not most:
            return SHORT
        signed_in = SESSION in (scope.headers.get("cookie") or "")
        token = TOKEN in (scope.headers.get("authorization") or "")
        return Limits.of_file(most) if signed_in or token else SHORT

    async def _answered(
        self, lane: Lane, scope: Any, protocol: Any, body: bytes, refusal: HTTPStatus | None = None
    ) -> None:
        """Have a thread of the lane answer, unless the one who asks has gone before it comes to that."""
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._lanes[lane], self._answer, scope, protocol, body, refusal)
        if lane is not Lane.PASSWORDS:
            await work
            return
        # Whoever has waited for long asks again, and is not to be checked twice.
        gone = asyncio.ensure_future(_gone(protocol))
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not work.done():
            work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    def _answer(self, scope: Any, protocol: Any, body: bytes, refusal: HTTPStatus | None) -> None:
        """In a thread of the lane. What is refused is still a page, of the application's making."""
        asked = environ(scope, body)
        if refusal is not None:
            asked[REFUSAL] = refusal
        status, headers, content = answered(self._application, asked)
        if refusal is not None:
            # What is left of the body must not be taken for the next request.
            headers = [*headers, ("Connection", "close")]
        if scope.method == "HEAD":
            protocol.response_empty(status, headers)
        else:
            protocol.response_bytes(status, headers, content)


async def _gone(protocol: Any) -> None:
    """Returns once the one who asks has closed the connection."""
    await protocol.client_disconnect()


def answered(application: Application, asked: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and content of the answer."""
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], problem: object = None) -> None:
        told.append((status, headers))

    answer = application(asked, start)
    try:
        content = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    status, headers = told[-1]
    return int(status.split(" ", 1)[0]), headers, content
