"""Proof for outsiders: the firm's public keys, its signed checkpoints, and how these are published.

It changes nobody's access; changing how it is published is an entry of the ledger, which a preview names.
"""

from __future__ import annotations

import base64
from functools import partial
from typing import Annotated, Any

from django.conf import settings
from django.http import Http404, HttpResponse
from ninja import Router
from ninja.params.functions import Body
from pydantic import BaseModel, Field, StrictBool, StrictInt

from ringfence.access.proof import (
    HowPublished,
    PublishedCheckpoint,
    UnfitPublishing,
    checkpoint_count,
    checkpoint_of,
    checkpoints_signed,
    how_published,
    keys_of,
    set_publishing,
)
from ringfence.access.proof.publishing import MOST_HOURS, MOST_MAILS
from ringfence.api.bodies import BodyPart, Text, example
from ringfence.api.caller import Caller
from ringfence.api.foretelling import foretold, foretold_answer, register_foretold
from ringfence.api.paging import ListAnswer, Pages
from ringfence.api.problems import invalid_answer
from ringfence.api.repeating import Once, key_of
from ringfence.api.routes import number_in_path, read, told
from ringfence.api.writes import around, parameter
from ringfence.core.terms import Capability
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.publish_checkpoints import publish_checkpoint
from ringfence.wording.proof import wrong_text

ROUTER = Router()


class PublishingBody(BodyPart):
    """How checkpoints are published from now on, whole: what is left out is not."""

    model_config = example(hours=24, mails=["auditor@example.org"])

    hours: Annotated[
        StrictInt, Field(ge=0, le=MOST_HOURS, description="Every how many hours; 0 for not by the clock.")
    ]
    folder: Annotated[StrictBool, Field(False, description="Into the folder that the operator has named.")]
    mails: Annotated[
        list[Text],
        Field(
            default_factory=list, max_length=MOST_MAILS, description="The mailboxes that they are sent to."
        ),
    ]
    address: Annotated[Text, Field("", description="Where they are sent over HTTPS; empty for nowhere.")]


class PublishingAnswer(BaseModel):
    """How checkpoints are published."""

    hours: Annotated[int, Field(description="Every how many hours; 0 for not by the clock.")]
    folder: bool
    mails: list[str]
    address: str


class ProofKeyAnswer(BaseModel):
    """The public half of a key of the firm."""

    number: int
    key: Annotated[str, Field(description="A verifier key, as signed notes have it.")]
    since: Annotated[int, Field(description="Microseconds since 1970-01-01T00:00:00Z.")]
    present: Annotated[bool, Field(description="Whether it signs now.")]


class ProofKeysAnswer(BaseModel):
    """All keys that the firm ever signed with."""

    items: Annotated[list[ProofKeyAnswer], Field(description="The present one first.")]


class CheckpointAnswer(BaseModel):
    """A signed checkpoint of the ledger."""

    entry: Annotated[int, Field(description="The last entry that it proves.")]
    at: Annotated[int, Field(description="When it was signed: microseconds since 1970-01-01T00:00:00Z.")]
    note: Annotated[str, Field(description="The signed note, byte for byte as it is published.")]
    stamp: Annotated[
        str | None, Field(description="An authority's answer (RFC 3161) as base64; null for none.")
    ]
    sent: Annotated[
        dict[str, str], Field(description="By folder, mail and webhook: empty for sent, else why it was not.")
    ]


class PublishingNow(BaseModel):
    """What is signed and published in a moment."""

    publishing: bool


@read(
    ROUTER,
    "/proof/keys",
    ProofKeysAnswer,
    needs=Capability.READ_CONTROL,
    summary="The public keys by which the firm signs",
)
def proof_keys(caller: Caller) -> ProofKeysAnswer:
    """None where nothing was signed yet."""
    keys = keys_of(caller.firm)
    items = [
        ProofKeyAnswer(number=key.number, key=str(key.verifier), since=key.since, present=key.present)
        for key in keys
    ]
    return ProofKeysAnswer(items=items)


@read(
    ROUTER,
    "/proof/checkpoints",
    ListAnswer[CheckpointAnswer],
    needs=Capability.READ_CONTROL,
    summary="Signed checkpoints of the ledger",
)
def checkpoints_list(caller: Caller, page: Pages) -> ListAnswer[CheckpointAnswer]:
    """Newest first; `cursor` counts those that were shown."""
    total, first = checkpoint_count(caller.firm), page.after
    shown = checkpoints_signed(caller.firm, page.limit, first)
    then = first + len(shown)
    return ListAnswer(
        total=total, items=[_facts(each) for each in shown], next=str(then) if then < total else None
    )


@read(
    ROUTER,
    "/proof/checkpoints/latest",
    CheckpointAnswer,
    needs=Capability.READ_CONTROL,
    summary="The newest signed checkpoint",
)
def checkpoint_latest(caller: Caller) -> CheckpointAnswer:
    """For whoever fetches it by the clock."""
    found = checkpoints_signed(caller.firm, 1)
    if not found:
        raise Http404
    return _facts(found[0])


@read(
    ROUTER,
    "/proof/checkpoints/{entry}",
    CheckpointAnswer,
    needs=Capability.READ_CONTROL,
    summary="The signed checkpoint of an entry",
)
def checkpoint_read(caller: Caller, entry: int = number_in_path("entry")) -> CheckpointAnswer:
    """Where one was signed at this entry."""
    found = checkpoint_of(caller.firm, entry)
    if found is None:
        raise Http404
    return _facts(found)


@read(
    ROUTER,
    "/proof/publishing",
    PublishingAnswer,
    needs=Capability.READ_CONTROL,
    summary="How checkpoints are published",
)
def publishing_read(caller: Caller) -> PublishingAnswer:
    """How often, and by which ways."""
    return _settings(caller)


def publishing_change(caller: Caller, *, body: PublishingBody, **headers: Any) -> HttpResponse:
    """Publish them so from now on; the answer is how it stands."""
    caller.need(Capability.MANAGE)
    match, key = headers["if_match"] or "", key_of(headers["idempotency_key"] or "")
    once = Once(caller, match=match, key=key, said={"publishing": body.model_dump()})
    how = HowPublished(hours=body.hours, folder=body.folder, mails=tuple(body.mails), address=body.address)
    do = partial(set_publishing, caller.firm, how, actor=caller.actor, own=settings.WEBHOOK_NETWORKS)
    try:
        if headers["preview"]:
            return foretold(caller, do, lambda _: _settings(caller), headers)
        done = once.carried_out(
            lambda beside: do(beside=beside), lambda committed: {"version": committed.version}
        )
    except UnfitPublishing as unfit:
        detail = wrong_text(unfit.field, unfit.why)
        return invalid_answer(detail, [{"in": "body", "field": unfit.field, "detail": detail}])
    # Where it stood so already nothing was written.
    response = told(caller, _settings(caller), done.answer.get("version", caller.now.version))
    if done.repeated:
        response["Idempotency-Replayed"] = "true"
    return response


def checkpoint_publish(caller: Caller, *, preview: bool) -> HttpResponse:
    """Sign where the ledger stands and publish it, soon: read the newest one for what came of it."""
    caller.need(Capability.MANAGE)
    if preview:
        return foretold_answer(caller, PublishingNow(publishing=True))
    enqueue(publish_checkpoint, caller.firm)
    return told(caller, PublishingNow(publishing=True), caller.now.version, status=202)


def _settings(caller: Caller) -> PublishingAnswer:
    how = how_published(caller.firm)
    return PublishingAnswer(hours=how.hours, folder=how.folder, mails=list(how.mails), address=how.address)


def _facts(each: PublishedCheckpoint) -> CheckpointAnswer:
    return CheckpointAnswer(
        entry=each.entry,
        at=each.at,
        note=each.note,
        stamp=base64.b64encode(each.stamp).decode() if each.stamp else None,
        sent=each.sent,
    )


register_foretold(
    ROUTER,
    "PUT",
    "/proof/publishing",
    publishing_change,
    answer=PublishingAnswer,
    summary="Change how checkpoints are published",
    parameters=(parameter("body", PublishingBody, Body(...)), *around()),
)
register_foretold(
    ROUTER,
    "POST",
    "/proof/checkpoints",
    checkpoint_publish,
    answer=PublishingNow,
    summary="Publish a checkpoint now",
    parameters=around()[:1],
    status=202,
)
