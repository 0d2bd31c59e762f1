"""Undoing an entry of the ledger, with its preview: the opposite of what it did, as one change."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from ninja import Router
from ninja.params.functions import Body

from ringfence.access import FirmNow, Rehearsal
from ringfence.access.past.working import Working
from ringfence.access.undoing import COMMAND, StandsAgainst, ask_undoing
from ringfence.api.batches import carried_out_as_one
from ringfence.api.bodies import NothingBody
from ringfence.api.caller import Caller
from ringfence.api.problems import ApiProblem, stands_against_answer
from ringfence.api.repeating import Once, key_of
from ringfence.api.routes import number_in_path, register
from ringfence.api.writes import Done, around, parameter
from ringfence.core.terms import Capability
from ringfence.wording.undoing import cannot_text

ROUTER = Router()
WORKING_SECONDS = "2"
"""After which the past before the entry may have been worked out."""


def ledger_undo(
    caller: Caller,
    *,
    entry: int,
    body: NothingBody,
    preview: bool = False,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> HttpResponse:
    """Undo the entry, or say what that would do."""
    caller.need(Capability.MANAGE)
    said = {"undo": entry, "reason": body.reason}
    once = Once(caller, match=if_match or "", key=key_of(idempotency_key or ""), said=said)

    def rehearsed(_now: FirmNow) -> Rehearsal:
        found = ask_undoing(caller.firm, entry, actor=caller.actor, reason=body.reason or "")
        if found is None:
            raise Http404
        if isinstance(found, Working):
            raise ApiProblem("unavailable", headers={"Retry-After": WORKING_SECONDS})
        return found.rehearsal

    try:
        return carried_out_as_one(caller, once, COMMAND, rehearsed, only_preview=preview)
    except StandsAgainst as against:
        return stands_against_answer(cannot_text(against.why), against.why.value, list(against.later))


register(
    ROUTER,
    "POST",
    "/ledger/{entry}/undo",
    ledger_undo,
    ledger_undo,
    answer=Done,
    summary="Undo what an entry did, as one change",
    parameters={
        each.name: each
        for each in [
            parameter("entry", int, number_in_path("entry")),
            parameter("body", NothingBody, Body(default_factory=NothingBody)),
            *around(),
        ]
    },
    extra={"x-command": COMMAND},
)
