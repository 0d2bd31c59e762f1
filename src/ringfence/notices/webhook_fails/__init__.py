"""Events do not arrive where the firm has them sent, or are no longer sent there. To administrators."""

from urllib.parse import urlsplit

from ringfence.access import firm_state
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind
from ringfence.access.webhooks import KeptWebhook, WebhookState, webhook_numbered
from ringfence.core.terms import Capability
from ringfence.notices.readers import FirmReader, administrators

STOPPED = (WebhookState.FAILED, WebhookState.GONE)


def told(firm: int, webhook: int, *, stopped: bool) -> list[NewNotice]:
    """Who is told of it."""
    facts = NoticeFacts(webhook=webhook, stopped=stopped)
    return [
        NewNotice(member=member, kind=NoticeKind.WEBHOOK_FAILS, facts=facts)
        for member in administrators(firm_state(firm))
    ]


def about(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What its subject says; None where it arrives again, or for who manages the firm no more."""
    hook = webhook_numbered(reader.row.pk, notice.facts.webhook)
    if hook is None or not reader.may(Capability.MANAGE) or not _still(hook, notice):
        return None
    return {"host": urlsplit(hook.address).hostname or "", "stopped": notice.facts.stopped}


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says besides: since when, how much waits, and where to look."""
    found, hook = about(reader, notice), webhook_numbered(reader.row.pk, notice.facts.webhook)
    if found is None or hook is None:
        return None
    return {
        **found,
        "gone": hook.standing is WebhookState.GONE,
        "since": reader.told_time(hook.failing_since),
        "behind": hook.behind,
        "link": reader.link("webhook", hook.number),
    }


def _still(hook: KeptWebhook, notice: KeptNotice) -> bool:
    fails = not notice.facts.stopped and bool(hook.failing_since)
    return fails or hook.standing in STOPPED
