"""Webhooks: where the firm's events are sent, what became of it, and the secret that signs them.

A webhook changes nobody's access; each change has its entry in the ledger, which a preview names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

from django.conf import settings
from django.http import Http404, HttpResponse
from ninja import Router
from ninja.params.functions import Body
from pydantic import BaseModel, Field

from ringfence.access.changes import FAMILIES
from ringfence.access.door import Decided
from ringfence.access.webhooks import (
    MOST_WEBHOOKS,
    KeptWebhook,
    TooMany,
    UnfitAddress,
    add_webhook,
    change_webhook,
    deliveries,
    delivery_numbered,
    pause_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
    secret_text,
    webhook_numbered,
    webhook_of,
    webhooks,
)
from ringfence.access.webhooks.log import delivery_count
from ringfence.api.bodies import BodyPart, Text, example
from ringfence.api.caller import Caller
from ringfence.api.foretelling import foretold, foretold_answer, register_foretold
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.problems import invalid_answer, limit_answer
from ringfence.api.repeating import Once, key_of
from ringfence.api.routes import number_in_path, read, told
from ringfence.api.writes import around, parameter
from ringfence.core.terms import Capability
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.webhooks import send_again, send_test
from ringfence.wording.saying import gettext as _
from ringfence.wording.webhooks import UNFIT

ROUTER = Router()


class WebhookBody(BodyPart):
    """Where events are sent, and which."""

    model_config = example(address="https://documents.example.org/ringfence", families=["access"])

    address: Annotated[Text, Field(description="An HTTPS address that is reached from everywhere.")]
    families: Annotated[
        list[str],
        Field(
            default_factory=list,
            max_length=len(FAMILIES),
            description=f"First words of what is sent; everything where left out. Of: {', '.join(FAMILIES)}.",
        ),
    ]


class ResumeBody(BodyPart):
    """How sending goes on."""

    model_config = example(skip=True)

    skip: Annotated[bool, Field(False, description="Only what happens from now on; else from where it was.")]


class WebhookAnswer(BaseModel):
    """One webhook as it stands."""

    id: int
    address: str
    families: Annotated[list[str], Field(description="What is sent; everything where it is empty.")]
    state: Annotated[str, Field(description="active, paused, failed, gone or restored.")]
    sent_until: Annotated[int, Field(description="The entry of the ledger up to which all was taken.")]
    behind: Annotated[int, Field(description="Entries that were not sent yet.")]
    attempts: Annotated[int, Field(description="How often the next one was tried without success.")]
    next_attempt: Annotated[int, Field(description="When it is tried again: microseconds; 0 for at once.")]


class SecretAnswer(WebhookAnswer):
    """A webhook with the secret by which its receiver knows our events."""

    secret: Annotated[str, Field(description="As Standard Webhooks has it: whsec_…")]


class DeliveryAnswer(BaseModel):
    """One attempt to send an event."""

    id: int
    type: str
    entry: Annotated[int, Field(description="Of the ledger; 0 for a test.")]
    at: Annotated[int, Field(description="When: microseconds since 1970-01-01T00:00:00Z.")]
    milliseconds: int
    status: Annotated[int | None, Field(description="What was answered; null for nothing.")]
    fault: Annotated[str, Field(description="Why nothing was answered.")]
    taken: bool


class Sending(BaseModel):
    """What is sent in a moment."""

    webhook: int


@read(
    ROUTER,
    "/webhooks",
    ListAnswer[WebhookAnswer],
    needs=Capability.READ_CONTROL,
    summary="Where events are sent",
)
def webhooks_list(caller: Caller, page: Pages) -> ListAnswer[WebhookAnswer]:
    """By id, without those that were removed."""
    found = {hook.number: hook for hook in webhooks(caller.firm)}
    part = part_of(sorted(found), page)
    items = [WebhookAnswer(**_facts(found[number])) for number in part.numbers]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(ROUTER, "/webhooks/{webhook}", WebhookAnswer, needs=Capability.READ_CONTROL, summary="One webhook")
def webhook_read(caller: Caller, webhook: int = number_in_path("webhook")) -> WebhookAnswer:
    """How it stands."""
    return WebhookAnswer(**_facts(_hook(caller, webhook)))


@read(
    ROUTER,
    "/webhooks/{webhook}/secret",
    SecretAnswer,
    needs=Capability.MANAGE,
    summary="The secret that signs its events",
)
def webhook_secret(caller: Caller, webhook: int = number_in_path("webhook")) -> SecretAnswer:
    """For whoever sets its receiver up."""
    return _with_secret(_hook(caller, webhook))


@read(
    ROUTER,
    "/webhooks/{webhook}/deliveries",
    ListAnswer[DeliveryAnswer],
    needs=Capability.READ_CONTROL,
    summary="What became of each attempt, of 30 days",
)
def webhook_deliveries(
    caller: Caller, page: Pages, webhook: int = number_in_path("webhook")
) -> ListAnswer[DeliveryAnswer]:
    """Newest first; `cursor` counts those that were shown."""
    _hook(caller, webhook)
    total, first = delivery_count(caller.firm, webhook), page.after
    shown = deliveries(caller.firm, webhook, first=first, count=page.limit)
    items = [
        DeliveryAnswer(
            id=each.number,
            type=each.type,
            entry=each.entry,
            at=each.at,
            milliseconds=each.milliseconds,
            status=each.status,
            fault=each.fault,
            taken=each.taken,
        )
        for each in shown
    ]
    then = first + len(shown)
    return ListAnswer(total=total, items=items, next=str(then) if then < total else None)


def webhook_add(caller: Caller, *, body: WebhookBody, **headers: Any) -> HttpResponse:
    """Add one, to which all is sent that happens from now on."""
    own = settings.WEBHOOK_NETWORKS
    do = partial(add_webhook, caller.firm, body.address, families=body.families, own=own)
    return _done(caller, "add", do, headers, body, answer=SecretAnswer, status=201)


def webhook_change(caller: Caller, *, webhook: int, body: WebhookBody, **headers: Any) -> HttpResponse:
    """Another address, or other events; the secret stays."""
    own = settings.WEBHOOK_NETWORKS
    do = partial(change_webhook, caller.firm, webhook, body.address, families=body.families, own=own)
    return _done(caller, f"change {webhook}", do, headers, body)


def webhook_pause(caller: Caller, *, webhook: int, **headers: Any) -> HttpResponse:
    """Nothing is sent until it is resumed, and nothing is lost."""
    return _done(caller, f"pause {webhook}", partial(pause_webhook, caller.firm, webhook), headers)


def webhook_resume(caller: Caller, *, webhook: int, body: ResumeBody, **headers: Any) -> HttpResponse:
    """Send again."""
    do = partial(resume_webhook, caller.firm, webhook, skip=body.skip)
    return _done(caller, f"resume {webhook}", do, headers, body)


def webhook_rotate(caller: Caller, *, webhook: int, **headers: Any) -> HttpResponse:
    """A new secret; for a day the one before signs beside it."""
    do = partial(rotate_secret, caller.firm, webhook)
    return _done(caller, f"rotate {webhook}", do, headers, answer=SecretAnswer)


def webhook_remove(caller: Caller, *, webhook: int, **headers: Any) -> HttpResponse:
    """Nothing is sent there any more."""
    return _done(caller, f"remove {webhook}", partial(remove_webhook, caller.firm, webhook), headers)


def webhook_test(caller: Caller, *, webhook: int, preview: bool) -> HttpResponse:
    """Send an event that says nothing: its attempt stands among the deliveries soon."""
    caller.need(Capability.MANAGE)
    _hook(caller, webhook)
    if preview:
        return foretold_answer(caller, Sending(webhook=webhook))
    enqueue(send_test, caller.firm, webhook)
    return told(caller, Sending(webhook=webhook), caller.now.version, status=202)


def webhook_send_again(caller: Caller, *, webhook: int, delivery: int, preview: bool) -> HttpResponse:
    """Send the event of an attempt once more."""
    caller.need(Capability.MANAGE)
    _hook(caller, webhook)
    if delivery_numbered(caller.firm, webhook, delivery) is None:
        raise Http404
    if preview:
        return foretold_answer(caller, Sending(webhook=webhook))
    enqueue(send_again, caller.firm, webhook, delivery)
    return told(caller, Sending(webhook=webhook), caller.now.version, status=202)


def _done(
    caller: Caller,
    what: str,
    do: Callable[..., KeptWebhook],
    headers: Mapping[str, Any],
    body: BodyPart | None = None,
    *,
    answer: type[WebhookAnswer] = WebhookAnswer,
    status: int = 200,
) -> HttpResponse:
    """What was done or would be, or why not. Refused under the firm's lock, whatever was true before it."""
    caller.need(Capability.MANAGE)
    do = partial(do, actor=caller.actor)

    def stands(decided: Decided | None) -> WebhookAnswer:
        # Never with the secret: another one would be made.
        if (
            decided is None
            or (hook := webhook_numbered(caller.firm, webhook_of(decided.change), removed=True)) is None
        ):
            raise Http404
        return WebhookAnswer(**_facts(hook))

    match, key = headers["if_match"] or "", key_of(headers["idempotency_key"] or "")
    said = {"webhook": what, "body": body.model_dump() if body is not None else None}
    once = Once(caller, match=match, key=key, said=said)
    try:
        if headers["preview"]:
            return foretold(caller, do, stands, headers)
        done = once.carried_out(
            lambda beside: do(beside=beside),
            lambda committed: {"webhook": webhook_of(committed.change), "version": committed.version},
        )
    except UnfitAddress as unfit:
        detail = str(UNFIT[unfit.why.value])
        return invalid_answer(detail, [{"in": "body", "field": "address", "detail": detail}])
    except TooMany:
        words = {"count": MOST_WEBHOOKS}
        return limit_answer(_("A firm has at most %(count)s webhooks: remove one first") % words)
    except LookupError as error:
        raise Http404 from error
    except ValueError as error:
        return invalid_answer(f"families: {error}.")
    # Kept is its number alone, never its secret: repeated, it is told as it stands now.
    hook = webhook_numbered(caller.firm, done.answer["webhook"], removed=True)
    if hook is None:
        raise Http404
    found = _with_secret(hook) if answer is SecretAnswer else answer(**_facts(hook))
    response = told(caller, found, done.answer["version"], status=status)
    if done.repeated:
        response["Idempotency-Replayed"] = "true"
    return response


def _hook(caller: Caller, number: int) -> KeptWebhook:
    found = webhook_numbered(caller.firm, number)
    if found is None:
        raise Http404
    return found


def _facts(hook: KeptWebhook) -> dict[str, Any]:
    return {
        "id": hook.number,
        "address": hook.address,
        "families": sorted(hook.families),
        "state": hook.standing.value,
        "sent_until": hook.place.entry,
        "behind": hook.behind,
        "attempts": hook.attempts,
        "next_attempt": hook.next_attempt,
    }


def _with_secret(hook: KeptWebhook) -> SecretAnswer:
    return SecretAnswer(**_facts(hook), secret=secret_text(hook))


def _declare(
    method: str,
    path: str,
    asked: Callable[..., HttpResponse],
    answer: type[BaseModel],
    summary: str,
    body: type[BodyPart] | None = None,
    status: int = 200,
    *,
    once: bool = True,
) -> None:
    named = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    found = [parameter(name, int, number_in_path(name)) for name in named]
    if body is not None:
        required = any(each.is_required() for each in body.model_fields.values())
        found.append(parameter("body", body, Body(...) if required else Body(default_factory=body)))
    found += around() if once else around()[:1]
    register_foretold(
        ROUTER,
        method,
        path,
        asked,
        answer=answer,
        summary=summary,
        parameters=found,
        status=status,
        stands=Sending if answer is Sending else WebhookAnswer,
    )


ONE = "/webhooks/{webhook}"
_declare("POST", "/webhooks", webhook_add, SecretAnswer, "Send events somewhere", WebhookBody, 201)
_declare("PUT", ONE, webhook_change, WebhookAnswer, "Change a webhook", WebhookBody)
_declare("DELETE", ONE, webhook_remove, WebhookAnswer, "Remove a webhook")
_declare("POST", f"{ONE}/pause", webhook_pause, WebhookAnswer, "Pause a webhook")
_declare("POST", f"{ONE}/resume", webhook_resume, WebhookAnswer, "Go on sending", ResumeBody)
_declare("POST", f"{ONE}/rotate", webhook_rotate, SecretAnswer, "Give a webhook a new secret")
_declare("POST", f"{ONE}/test", webhook_test, Sending, "Send a test", None, 202, once=False)
_declare(
    "POST",
    ONE + "/deliveries/{delivery}/resend",
    webhook_send_again,
    Sending,
    "Send an event once more",
    None,
    202,
    once=False,
)
