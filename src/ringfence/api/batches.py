"""Several commands as one change (rules.md 9, lists): done whole or refused whole, previewed together.

Rights are judged at its start, names and guards at its end. Each run of one command is one ledger entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from ninja.params.functions import Body
from pydantic import Field

from ringfence.access import Batch, FirmNow, ListRefused, Overtaken, Rehearsal, firm_state, rehearse, save
from ringfence.access.asking_in_words import BadArgument, NamedWord, command_in_words
from ringfence.access.reading import added_by, names_added
from ringfence.core.commands.definitions import Command, command_name

from .bodies import BodyPart, CommandBody, Text, example
from .caller import Caller
from .policy_refusals import said_in_full
from .previews import Foreseen, preview_answer
from .problems import ApiProblem
from .repeating import AnsweredBefore, Once, key_of
from .routes import register, told
from .writes import COMMANDS, Done, around, parameter

ROUTER = Router()
MOST = 500
"""Commands of one batch."""
TRIES = 3
"""Where others change the firm meanwhile and nobody asked that they must not."""


class OneCommand(BodyPart):
    """A command as scenario files have it."""

    do: Annotated[Text, Field(description="The command's name, such as grant.set.")]
    arguments: Annotated[
        dict[str, Any], Field(default_factory=dict, alias="with", description="Its arguments by name.")
    ]


class BatchBody(CommandBody):
    model_config = example(
        commands=[
            {"do": "group.add_members", "with": {"group": "Team A", "members": ["susan@example.org"]}},
            {"do": "grant.remove", "with": {"to": "susan@example.org", "on": "ACM001"}},
        ]
    )

    commands: Annotated[list[OneCommand], Field(min_length=1, max_length=MOST)]


def batch_save(
    caller: Caller,
    *,
    body: BatchBody,
    preview: bool = False,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> HttpResponse:
    """Carry the commands out as one change; what one of them adds, no other can name."""
    once = Once(caller, match=if_match or "", key=key_of(idempotency_key or ""), said=body.model_dump())
    commands: list[Command] = []
    words: list[list[NamedWord]] = []

    def rehearsed(now: FirmNow) -> Rehearsal:
        if not commands:
            commands.extend(_read(caller, body, words))
        return rehearse(caller.firm, _runs(commands), actor=caller.actor, version=now.version)

    with said_in_full(caller, commands, words):
        return carried_out_as_one(caller, once, "batch", rehearsed, only_preview=preview)


def carried_out_as_one(
    caller: Caller, once: Once, name: str, rehearsed: Callable[[FirmNow], Rehearsal], *, only_preview: bool
) -> HttpResponse:
    """Save what is rehearsed on the firm as it is, as one change and not twice, or say what it would do.

    Raises as rehearsing and saving do, `ApiProblem` where the firm changes faster than it is rehearsed.
    """
    if not only_preview and (known := once.answered()) is not None:
        return _answer(caller, known, repeated=True)
    once.need_unchanged(caller.now.version)
    for _ in range(TRIES):
        now = firm_state(caller.firm)
        once.need_unchanged(now.version)
        try:
            rehearsal = rehearsed(now)
            if only_preview:
                foreseen = preview_answer(caller, name, _foreseen(now, rehearsal))
                return told(caller, foreseen, rehearsal.version)
            return _answer(caller, _saved(now, rehearsal, once, name))
        except AnsweredBefore as before:
            return _answer(caller, before.answer, repeated=True)
        except (Overtaken, ListRefused) as stopped:
            # Whoever was quicker may have been this very request, sent twice.
            if (known := once.answered()) is not None:
                return _answer(caller, known, repeated=True)
            if isinstance(stopped, ListRefused):
                raise
    raise ApiProblem("changed_meanwhile")


def _read(caller: Caller, body: BatchBody, words: list[list[NamedWord]]) -> list[Command]:
    """The commands; what each names is put into `words`."""
    found: list[Command] = []
    words[:] = [[] for _ in body.commands]
    for place, each in enumerate(body.commands):
        arguments: Mapping[str, Any] = each.arguments
        if body.reason and "reason" not in arguments:
            arguments = {**arguments, "reason": body.reason}
        try:
            if each.do not in COMMANDS:
                raise BadArgument(
                    f"there is no command {each.do!r} here; choose one of: {', '.join(COMMANDS)}"
                )
            found.append(command_in_words(caller.now, each.do, arguments, words[place]))
        except BadArgument as wrong:
            raise BadArgument(f"commands.{place}: {wrong}") from wrong
    return found


def _runs(commands: Sequence[Command]) -> list[Batch]:
    return [Batch(name, tuple(run)) for name, run in groupby(commands, command_name)]


def _saved(now: FirmNow, rehearsal: Rehearsal, once: Once, name: str) -> dict[str, Any]:
    added = added_by((each.change for each in rehearsal.done), now)
    answer: dict[str, Any] = {"command": name, "added": added}

    def alongside(version: int) -> None:
        answer["version"], answer["at"] = version, int(rehearsal.before.now)
        once.keep(answer)

    save(rehearsal, alongside=alongside)
    return answer


def _answer(caller: Caller, answer: dict[str, Any], *, repeated: bool = False) -> HttpResponse:
    found = told(caller, Done.model_validate(answer), answer["version"])
    if repeated:
        found["Idempotency-Replayed"] = "true"
    return found


def _foreseen(now: FirmNow, rehearsal: Rehearsal) -> Foreseen:
    return Foreseen(
        version=rehearsal.version,
        difference=rehearsal.difference(),
        ownerless=rehearsal.ownerless(),
        breaks=rehearsal.breaks(),
        both_sides=rehearsal.both_sides(),
        self_access=rehearsal.self_access,
        once_on=rehearsal.difference_once_on(),
        added=names_added(rehearsal.texts, now),
    )


register(
    ROUTER,
    "POST",
    "/batches",
    batch_save,
    batch_save,
    answer=Done,
    summary="Carry out several commands as one change",
    parameters={each.name: each for each in [parameter("body", BatchBody, Body(...)), *around()]},
    extra={"x-command": "batch"},
)
