"""`?preview=true` of what is a firm's but opens no client: webhooks, invitations, how proof is published.

It is done whole in its transaction, is looked at there, and is undone. Commands are in `previews.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Generic, NoReturn, TypeVar

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from ringfence.access.door import Decided

from .caller import Caller
from .repeating import Once
from .routes import register, told

Stands = TypeVar("Stands", bound=BaseModel)


class Foretold(BaseModel, Generic[Stands]):
    """What a write would do to the firm at `version`; nothing was changed, and nobody's access would be."""

    command: Annotated[
        str | None, Field(description="Of the entry that the ledger would get; null where it would get none.")
    ]
    version: int
    stands: Annotated[Stands, Field(description="How it would stand.")]


def register_foretold(
    router: Router,
    method: str,
    path: str,
    asked: Callable[..., HttpResponse],
    *,
    answer: Any,
    summary: str,
    parameters: Iterable[inspect.Parameter],
    status: int = 200,
    stands: Any = None,
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Declare a write that is no command of rules.md 7, for which `asked` is called.

    Its preview tells how `answer` would stand, or `stands` where that is another value. `extra` goes into
    the description of the API.
    """
    register(
        router,
        method,
        path,
        asked,
        asked,
        answer=answer,
        summary=summary,
        parameters={each.name: each for each in parameters},
        extra={"x-write": True, **(extra or {})},
        status=status,
        foretold=Foretold[stands or answer],  # type: ignore[misc]
    )


class _Foreseen(Exception):
    """What would have been done: it undoes the transaction that it is raised in."""

    def __init__(self, command: str, stands: BaseModel) -> None:
        super().__init__(command)
        self.command, self.stands = command, stands


class _Rehearsed(Once):
    """What is done beside a change that is to be foreseen alone: it ends before its entry is written."""

    def __init__(self, caller: Caller, match: str, stands: Callable[[Decided | None], BaseModel]) -> None:
        super().__init__(caller, match=match, key="", said={})
        self._stands = stands

    def decided(self, decided: Decided) -> NoReturn:
        """What stands in the tables now, before they are as they were."""
        raise _Foreseen(decided.command, self._stands(decided))


def foretold(
    caller: Caller,
    do: Callable[..., Any],
    stands: Callable[[Decided | None], BaseModel],
    headers: Mapping[str, str | None],
) -> HttpResponse:
    """What `do` would change, which takes `beside`; raises as it does.

    `stands` says how things stand then, of what was decided; without one nothing is to be done.
    """
    rehearsed = _Rehearsed(caller, headers["if_match"] or "", stands)
    rehearsed.need_unchanged(caller.now.version)
    try:
        do(beside=rehearsed)
    except _Foreseen as found:
        return foretold_answer(caller, found.stands, command=found.command)
    return foretold_answer(caller, stands(None))


def foretold_answer(caller: Caller, stands: BaseModel, *, command: str | None = None) -> HttpResponse:
    """The answer to a preview, with the command of the entry that there would be."""
    found = Foretold[type(stands)](command=command, version=caller.now.version, stands=stands)  # type: ignore[misc, operator]
    return told(caller, found, caller.now.version)
