"""`AsyncRingfence`: the same questions for asyncio. Keep one for as long as the program runs."""

from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Any, Self

import httpx

from . import questions as asked
from .answers import (
    Client,
    Decision,
    Unavailable,
    Unfit,
    body_of,
    clients_of,
    decision_of,
    decisions_of,
    total_of,
)
from .client import TIMEOUT
from .questions import Question, Search


class AsyncRingfence:
    """One firm's decisions, for a token of that firm; see `Ringfence` for each call."""

    def __init__(
        self,
        address: str,
        token: str,
        *,
        timeout: float = TIMEOUT,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=address,
            headers=asked.bearer(token),
            timeout=timeout,
            transport=transport or httpx.AsyncHTTPTransport(retries=1),
        )

    async def check(
        self,
        user: str,
        client: str,
        action: str = "view",
        *,
        kind: str = "client",
        language: str | None = None,
        at_least: int | None = None,
        max_age: int | None = None,
    ) -> Decision:
        headers = asked.headers(at_least, max_age)
        if language:
            headers["Accept-Language"] = language
        question = Question(user, client, action, kind)
        return decision_of(await self._ask(asked.EVALUATION, asked.evaluation(question), headers))

    async def check_many(
        self, questions: Iterable[Question], *, at_least: int | None = None, max_age: int | None = None
    ) -> list[Decision]:
        headers = asked.headers(at_least, max_age)
        return [
            decision
            for body in asked.evaluations(questions)
            for decision in decisions_of(
                await self._ask(asked.EVALUATIONS, body, headers), asked=len(body["evaluations"])
            )
        ]

    async def visible_clients(
        self, user: str, action: str = "view", *, text: str = "", service: str = "", sort: str = "name"
    ) -> AsyncIterator[Client]:
        search, token = Search(user, action, text, service, sort), ""
        while True:
            body = await self._ask(asked.CLIENTS, search.page(token), {})
            for client in clients_of(body):
                yield client
            token = asked.next_token(body)
            if not token:
                return

    async def count_clients(
        self, user: str, action: str = "view", *, text: str = "", service: str = ""
    ) -> int:
        search = Search(user, action, text, service)
        return total_of(await self._ask(asked.CLIENTS, search.page(limit=1), {}))

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _ask(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        try:
            return body_of(await self._http.post(path, json=body, headers=headers))
        except httpx.HTTPError as error:
            raise Unavailable(f"Ringfence does not answer: {error}") from error
        except UnicodeEncodeError as error:
            raise Unfit("The question holds half a character, which is no text in UTF-8.") from error
