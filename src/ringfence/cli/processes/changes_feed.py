"""The change feed: `GET /api/v1/changes`, answered at once or when there is something to tell.

Who waits holds no thread: an event loop does, and one thread asks a few times a second which of the watched
firms have moved. What is told is worked out in another thread, once for all who wait at the same place.
Nobody is answered by a token that no longer stands, however long they have waited.
"""

import asyncio
import logging
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

from ringfence.access import FirmMoved, FirmUnknown, StateUnavailable
from ringfence.access.changes import LedgerEnds, ToldEvents, keep_near, told_after
from ringfence.access.changes.versions import versions_of
from ringfence.access.moved import firm_moved
from ringfence.access.tokens import acting_token
from ringfence.core.terms import Capability, Scope
from ringfence.telemetry.request_ids import HEADER, answering_request, request_id

from .changes_answers import (
    PATH,
    FeedAnswer,
    FeedProblem,
    FeedQuestion,
    asked,
    events_answer,
    moved,
    no_token,
    unavailable,
)
from .environ import environ

LOG = logging.getLogger(__name__)

LOOK_SECONDS = 0.1
"""How often it is looked whether a watched firm has moved."""
MOST_WAITING = 2_000
"""Questions that one process lets wait; who comes then is answered at once."""
THREADS = 2
"""That work out what is told, and who asks."""

T = TypeVar("T")


class _Watched:
    """A firm for whose next entry somebody waits."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.moved = asyncio.Event()
        self.waiting = 0


class ChangeFeed:
    """The RSGI application."""

    def __init__(self) -> None:
        self._work = ThreadPoolExecutor(THREADS, thread_name_prefix="changes")
        self._look = ThreadPoolExecutor(1, thread_name_prefix="versions")
        self._watched: dict[int, _Watched] = {}
        self._present: dict[Hashable, asyncio.Future[Any]] = {}
        """What is being worked out."""
        self._coming: dict[Hashable, asyncio.Future[Any]] = {}
        """What will be once that is done, for all who have come meanwhile."""
        self._waiting = 0
        self._watching: asyncio.Task[None] | None = None

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        for threads in (self._work, self._look):
            threads.shutdown(cancel_futures=True)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """FeedAnswer one request."""
        name = request_id(scope.headers.get(HEADER.lower()))
        with answering_request(name):
            answer = await self._answer_or_problem(scope, protocol)
        if answer is not None:
            headers = [("content-type", answer.kind), ("cache-control", "no-store"), (HEADER, name)]
            protocol.response_bytes(answer.status.value, [*headers, *answer.headers], answer.body)

    async def _answer_or_problem(self, scope: Any, protocol: Any) -> FeedAnswer | None:
        try:
            return await self._answer(scope, protocol)
        except FeedProblem as problem:
            return problem.answer
        except FirmMoved as to:
            return moved(to).answer
        except (StateUnavailable, DatabaseError, InterfaceError) as problem:
            LOG.error("The change feed: the database does not answer: %s", type(problem).__name__)
            return unavailable().answer

    async def _answer(self, scope: Any, protocol: Any) -> FeedAnswer | None:
        """None where the one who asked has gone."""
        if scope.path == "/healthz":
            return FeedAnswer(HTTPStatus.OK, b"ok\n", "text/plain")
        if scope.path == "/readyz":
            await asyncio.get_running_loop().run_in_executor(self._look, _versions, [0])
            return FeedAnswer(HTTPStatus.OK, b"ready\n", "text/plain")
        if scope.path.rstrip("/") != PATH:
            raise FeedProblem(HTTPStatus.NOT_FOUND, "no_such_address", f"Ask at {PATH}.")
        if scope.method != "GET":
            allowed = (("Allow", "GET"),)
            raise FeedProblem(HTTPStatus.METHOD_NOT_ALLOWED, "wrong_method", "Use GET.", headers=allowed)
        header, address = _caller(scope)
        firm = await self._together(_who, header, address)
        question = asked(scope.query_string)
        told = await self._together(_told, firm, question)
        if told.events or not question.wait or self._waiting >= MOST_WAITING:
            return events_answer(told)
        self._waiting += 1
        try:
            waited = await self._wait(protocol, firm, question, told)
        finally:
            self._waiting -= 1
        if waited is None:
            return None
        # What was revoked while they waited lets nobody in any more.
        await self._together(_who, header, address)
        return events_answer(waited)

    async def _wait(
        self, protocol: Any, firm: int, question: FeedQuestion, told: ToldEvents
    ) -> ToldEvents | None:
        """What there is to tell once there is, or nothing when the time is over.

        None where the one who asked has gone.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + question.wait
        gone = asyncio.ensure_future(protocol.client_disconnect())
        try:
            while not told.events:
                if not told.more:
                    moved = await self._moved(firm, told.version, until - loop.time(), gone)
                    if gone.done():
                        return None
                    if moved is None:
                        break
                told = await self._together(_told, firm, question._replace(place=told.next))
            return told
        finally:
            gone.cancel()

    async def _moved(
        self, firm: int, version: int, seconds: float, gone: "asyncio.Future[None]"
    ) -> int | None:
        """The firm's version once it is beyond that one; None when the time is over, or they have gone."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        watched = self._watched.setdefault(firm, _Watched(version))
        watched.waiting += 1
        self._see_that_somebody_looks()
        try:
            while watched.version <= version and not gone.done() and (left := until - loop.time()) > 0:
                moving = asyncio.ensure_future(watched.moved.wait())
                either: set[asyncio.Future[Any]] = {moving, gone}
                await asyncio.wait(either, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                moving.cancel()
            return watched.version if watched.version > version else None
        finally:
            watched.waiting -= 1
            if not watched.waiting and self._watched.get(firm) is watched:
                del self._watched[firm]

    def _see_that_somebody_looks(self) -> None:
        if self._watching is None or self._watching.done():
            self._watching = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        """Look which firms have moved, as long as anybody waits."""
        loop, failing = asyncio.get_running_loop(), False
        while self._watched:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                found = await loop.run_in_executor(self._look, _versions, list(self._watched))
                failing = False
            except (StateUnavailable, DatabaseError, InterfaceError) as problem:
                if not failing:
                    LOG.error(
                        "The change feed waits, the database does not answer: %s", type(problem).__name__
                    )
                failing = True
                continue
            for firm, watched in list(self._watched.items()):
                # A firm that is no longer there, or behind, is looked at anew: whoever waits is told.
                version = found.get(firm, watched.version + 1)
                if version != watched.version:
                    watched.version = max(version, watched.version + 1)
                    watched.moved.set()
                    watched.moved = asyncio.Event()

    async def _together(self, work: Callable[..., T], *arguments: Any) -> T:
        """The same for all who ask the same at once: nobody shares a round that began before they came."""
        key = (work, arguments)
        coming = self._coming.get(key)
        if coming is None:
            coming = self._coming[key] = asyncio.ensure_future(self._round(key, work, arguments))
        # Whoever goes away must not take the answer from the others.
        return await asyncio.shield(coming)

    async def _round(self, key: Hashable, work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
        if (present := self._present.get(key)) is not None:
            await asyncio.wait({present})
        mine = self._coming.pop(key)
        self._present[key] = mine
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._work, _with_database, work, *arguments
            )
        finally:
            if self._present.get(key) is mine:
                del self._present[key]


def _caller(scope: Any) -> tuple[str, str]:
    """The header that says who asks, and from which address."""
    request = environ(scope, b"")
    address = request["REMOTE_ADDR"]
    if settings.BEHIND_TLS:
        address = request.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    return request.get("HTTP_AUTHORIZATION", ""), address


def _with_database(work: Callable[..., T], *arguments: Any) -> T:
    close_old_connections()
    return work(*arguments)


def _who(header: str, address: str) -> int:
    """The firm whose changes the token may read; raises `FeedProblem`."""
    token = acting_token(header, address)
    if token is None:
        raise no_token()
    if Scope.CHANGES not in token.token.scopes:
        raise FeedProblem(
            HTTPStatus.FORBIDDEN,
            "scope_missing",
            "The token was made for other purposes: ask an administrator for one with the scope changes.",
            headers=(("WWW-Authenticate", 'Bearer realm="Ringfence", error="insufficient_scope"'),),
        )
    if not token.now.may(token.token.member, Capability.READ_CONTROL):
        raise FeedProblem(
            HTTPStatus.FORBIDDEN,
            "not_permitted",
            "What happens in the firm is told to those who read its ledger: use a token of an administrator,"
            " a principal or an auditor.",
        )
    return token.firm


def _told(firm: int, question: FeedQuestion) -> ToldEvents:
    try:
        told = told_after(firm, question.place, limit=question.limit, families=question.families)
    except LedgerEnds as ends:
        raise FeedProblem(
            HTTPStatus.CONFLICT,
            "place_unknown",
            "The ledger does not reach there: it was restored from a backup, or this is another firm. Read"
            " all that you keep anew, and go on after the version that the answers name.",
            field="after",
        ) from ends
    except FirmUnknown as unknown:
        raise (firm_moved(firm) or no_token()) from unknown
    if not told.events and question.wait:
        keep_near(firm)
    return told


def _versions(firms: list[int]) -> dict[int, int]:
    close_old_connections()
    return versions_of(firms)
