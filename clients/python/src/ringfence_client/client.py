"""`Ringfence`: asks and waits. Safe for threads; keep one for as long as the program runs."""

from collections.abc import Iterable, Iterator
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
from .questions import Question, Search

TIMEOUT = 5.0
"""Seconds after which there is no answer."""


class Ringfence:
    """One firm's decisions, for a token of that firm."""

    def __init__(
        self,
        address: str,
        token: str,
        *,
        timeout: float = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`address`: where the decision service answers, such as ``https://access.example.org``."""
        self._http = httpx.Client(
            base_url=address,
            headers=asked.bearer(token),
            timeout=timeout,
            # A connection that was closed while it lay idle is no reason to refuse anybody.
            transport=transport or httpx.HTTPTransport(retries=1),
        )

    def check(
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
        """May the user do this to the client? `language`: of the message, such as ``cy``."""
        headers = asked.headers(at_least, max_age)
        if language:
            headers["Accept-Language"] = language
        question = Question(user, client, action, kind)
        return decision_of(self._ask(asked.EVALUATION, asked.evaluation(question), headers))

    def check_many(
        self, questions: Iterable[Question], *, at_least: int | None = None, max_age: int | None = None
    ) -> list[Decision]:
        """One decision for each question, in their order."""
        headers = asked.headers(at_least, max_age)
        return [
            decision
            for body in asked.evaluations(questions)
            for decision in decisions_of(
                self._ask(asked.EVALUATIONS, body, headers), asked=len(body["evaluations"])
            )
        ]

    def visible_clients(
        self, user: str, action: str = "view", *, text: str = "", service: str = "", sort: str = "name"
    ) -> Iterator[Client]:
        """All clients of which the user may do this, page after page."""
        search, token = Search(user, action, text, service, sort), ""
        while True:
            body = self._ask(asked.CLIENTS, search.page(token), {})
            yield from clients_of(body)
            token = asked.next_token(body)
            if not token:
                return

    def count_clients(self, user: str, action: str = "view", *, text: str = "", service: str = "") -> int:
        """How many clients that are, exactly."""
        search = Search(user, action, text, service)
        return total_of(self._ask(asked.CLIENTS, search.page(limit=1), {}))

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        try:
            return body_of(self._http.post(path, json=body, headers=headers))
        except httpx.HTTPError as error:
            raise Unavailable(f"Ringfence does not answer: {error}") from error
        except UnicodeEncodeError as error:
            raise Unfit("The question holds half a character, which is no text in UTF-8.") from error
