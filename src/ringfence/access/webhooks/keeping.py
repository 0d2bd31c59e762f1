"""Adding, changing and removing a webhook: each with its entry in the firm's ledger, in one transaction.

Administrators and principals do it (rules.md 5, settings). Each function raises `Refused` where the actor may
not, `UnfitAddress`, `LookupError` where there is no such webhook, and `StateUnavailable`; `beside` is done in
the same transaction.
"""

from collections.abc import Callable, Collection, Iterable

from ringfence.access.actor import Actor
from ringfence.access.changes import FAMILIES
from ringfence.access.clock import clock
from ringfence.access.door import Beside
from ringfence.access.firm_now import FirmNow
from ringfence.access.ledger.noting import note
from ringfence.core.events import Change, Text, WebhookNoted
from ringfence.core.refusals import Problem, Refusal, Refused
from ringfence.core.terms import Capability, Thing, WebhookStep
from ringfence.firms.models import Webhook

from .addresses import Network, fitting_address
from .reading import KeptWebhook, WebhookState, kept
from .secrets import new_secret

MOST_WEBHOOKS = 20
"""Of one firm."""
OVERLAP = 24 * 3600 * 1_000_000
"""Microseconds for which the secret before signs beside a new one."""


class TooMany(ValueError):
    """The firm has as many webhooks as a firm may have."""


def add_webhook(
    firm: int,
    address: str,
    *,
    actor: Actor,
    families: Collection[str] = (),
    own: Iterable[Network] = (),
    beside: Beside | None = None,
) -> KeptWebhook:
    """A new one, to which all is sent that happens from now on; `TooMany` where there are enough."""
    fitting, chosen = fitting_address(address, own), _chosen(families)

    def add(number: int, now: FirmNow) -> None:
        if Webhook.objects.filter(firm=firm).exclude(state=WebhookState.REMOVED).count() >= MOST_WEBHOOKS:
            raise TooMany
        Webhook.objects.create(
            firm_id=firm,
            number=number,
            address=fitting,
            secret=new_secret(),
            families=chosen,
            state=WebhookState.ACTIVE,
            made_at=now.now,
            # That it was added is the first that it is told.
            entry=now.version,
        )

    return _noted(firm, None, WebhookStep.ADDED, actor, add, address=fitting, beside=beside)


def change_webhook(
    firm: int,
    number: int,
    address: str,
    *,
    actor: Actor,
    families: Collection[str] = (),
    own: Iterable[Network] = (),
    beside: Beside | None = None,
) -> KeptWebhook:
    """Another address, or other events from now on; what was to be sent is sent there."""
    fitting, chosen = fitting_address(address, own), _chosen(families)

    def change(number: int, _now: FirmNow) -> None:
        # Whoever is sending goes on no more: with the address that was read before, and what was chosen then.
        _update(firm, number, address=fitting, families=chosen, next_attempt=0, leased_until=0)

    return _noted(firm, number, WebhookStep.CHANGED, actor, change, address=fitting, beside=beside)


def rotate_secret(firm: int, number: int, *, actor: Actor, beside: Beside | None = None) -> KeptWebhook:
    """A new secret; for a day the one before signs beside it."""

    def rotate(number: int, _now: FirmNow) -> None:
        (before,) = Webhook.objects.filter(firm=firm, number=number).values_list("secret", flat=True)
        until = clock() + OVERLAP
        _update(firm, number, secret=new_secret(), earlier_secret=before, earlier_until=until, leased_until=0)

    return _noted(firm, number, WebhookStep.ROTATED, actor, rotate, beside=beside)


def pause_webhook(
    firm: int,
    number: int,
    *,
    actor: Actor,
    state: WebhookState = WebhookState.PAUSED,
    beside: Beside | None = None,
) -> KeptWebhook:
    """Nothing is sent until it is resumed, and nothing is lost."""

    def pause(number: int, _now: FirmNow) -> None:
        _update(firm, number, state=state, leased_until=0)

    return _noted(firm, number, WebhookStep.PAUSED, actor, pause, beside=beside)


def resume_webhook(
    firm: int, number: int, *, actor: Actor, skip: bool = False, beside: Beside | None = None
) -> KeptWebhook:
    """Send again, from where it was; with `skip` only what happens from now on."""

    def resume(number: int, now: FirmNow) -> None:
        place = {"entry": now.version, "events": 0} if skip else {}
        nothing = {"attempts": 0, "failing_since": 0, "next_attempt": 0, "told": 0}
        _update(firm, number, state=WebhookState.ACTIVE, **nothing, **place)

    return _noted(firm, number, WebhookStep.RESUMED, actor, resume, beside=beside)


def remove_webhook(firm: int, number: int, *, actor: Actor, beside: Beside | None = None) -> KeptWebhook:
    """Nothing is sent there any more."""

    def remove(number: int, _now: FirmNow) -> None:
        nothing = {"secret": "", "earlier_secret": "", "leased_until": 0}
        _update(firm, number, state=WebhookState.REMOVED, **nothing)

    return _noted(firm, number, WebhookStep.REMOVED, actor, remove, beside=beside)


def webhook_of(change: Change) -> int:
    """The number of the webhook that one of these changes is made to."""
    (number,) = (event.webhook for event in change.events if isinstance(event, WebhookNoted))
    return number


def _noted(
    firm: int,
    number: int | None,
    did: WebhookStep,
    actor: Actor,
    write: Callable[[int, FirmNow], None],
    *,
    address: str | None = None,
    beside: Beside | None = None,
) -> KeptWebhook:
    """Do it and note it. Without a number it is a new one's."""
    done = number or 0
    texts = []

    def noted(now: FirmNow) -> WebhookNoted:
        nonlocal done
        if not now.may(actor.member, Capability.MANAGE):
            raise Refused(Refusal.NOT_PERMITTED, Problem.ONLY_ADMINISTRATORS)
        rows = Webhook.objects.filter(firm=firm)
        if number is None:
            done = (rows.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        elif not rows.filter(number=number).exclude(state=WebhookState.REMOVED).exists():
            raise LookupError(number)
        if address is not None:
            texts.append(Text(thing=Thing.WEBHOOK, number=done, fields={"address": address}))
        write(done, now)
        return WebhookNoted(webhook=done, did=did)

    note(firm, noted, actor, texts=lambda: tuple(texts), beside=beside)
    return kept(Webhook.objects.select_related("firm").get(firm=firm, number=done))


def _update(firm: int, number: int, **columns: object) -> None:
    Webhook.objects.filter(firm=firm, number=number).update(**columns)


def _chosen(families: Collection[str]) -> list[str]:
    """What is sent, in one order; everything where all are chosen. Raises `ValueError` for an unknown one."""
    if unknown := set(families).difference(FAMILIES):
        raise ValueError(f"there is no {min(unknown)!r}")
    return [] if set(families) == set(FAMILIES) else [each for each in FAMILIES if each in families]
