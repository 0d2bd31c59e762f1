"""The firm's webhooks: the list, one with its log, and its secret."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.webhooks import (
    Delivery,
    KeptWebhook,
    deliveries,
    delivery_numbered,
    secret_text,
    webhook_numbered,
    webhooks,
)
from ringfence.access.webhooks.log import KEPT_DAYS, delivery_count
from ringfence.firms.sealing import Unsealable
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.webhooks import send_again, send_test
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text, second_text
from ringfence.wording.webhooks import STATES, answered_text, parts_text

SIZE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRow:
    """One webhook in the list."""

    address: str
    href: str
    state: str
    active: bool
    sent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhooksPage(Page):
    rows: tuple[WebhookRow, ...]
    add: str
    """Empty for who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """One attempt in the log."""

    number: int
    what: str
    entry: str
    entry_href: str
    when: str
    answer: str
    taken: bool
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPage(Page):
    state: str
    active: bool
    facts: tuple[tuple[str, str], ...]
    links: tuple[Link, ...]
    manages: bool
    heading: str
    kept_days: int
    rows: tuple[AttemptRow, ...]
    paging: Paging


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecretPage(Page):
    caption: str
    secret: str
    rotate: str
    earlier_until: str
    """Until when the secret before signs as well; empty where it does not."""


@needs(Capability.READ_CONTROL)
def listing(visit: Visit) -> HttpResponse:
    """All of them, with how each stands."""
    firm = visit.firm.pk
    page = WebhooksPage(
        frame=frame_for(visit, "manage"),
        title=_("Webhooks"),
        back=reverse("manage", args=[firm]),
        rows=tuple(
            WebhookRow(
                address=hook.address,
                href=reverse("webhook", args=[firm, hook.number]),
                state=str(STATES[hook.standing]),
                active=hook.active,
                sent=parts_text(hook.families),
            )
            for hook in webhooks(firm)
        ),
        add=reverse("add-webhook", args=[firm]) if visit.can(Capability.MANAGE) else "",
    )
    return show(visit.request, "webhooks/list.html", page)


@needs(Capability.READ_CONTROL, READS_AND_SENDS)
def one(visit: Visit, webhook: int) -> HttpResponse:
    """One webhook; its forms send a test, or an event of the log once more."""
    hook = found(visit, webhook)
    if visit.request.method == "POST":
        return _sent(visit, hook)
    firm, manages = visit.firm.pk, visit.can(Capability.MANAGE)
    here = reverse("webhook", args=[firm, hook.number])
    total = delivery_count(firm, hook.number)
    paging = Paging(
        total=total, number=asked_page(visit.request.GET, total, SIZE), size=SIZE, path=here, query={}
    )
    attempts = deliveries(firm, hook.number, first=paging.offset, count=SIZE)
    words = ngettext("%(count)s attempt", "%(count)s attempts", total) % {"count": figure(total)}
    page = WebhookPage(
        frame=frame_for(visit, "manage"),
        title=hook.address,
        back=reverse("webhooks", args=[firm]),
        state=str(STATES[hook.standing]),
        active=hook.active,
        facts=tuple(_facts(visit, hook)),
        links=tuple(_links(firm, hook)) if manages else (),
        manages=manages,
        heading=words if total else _("Nothing was sent yet"),
        kept_days=KEPT_DAYS,
        rows=tuple(_row(visit, each) for each in attempts),
        paging=paging,
    )
    return show(visit.request, "webhooks/one.html", page)


@needs(Capability.MANAGE)
def secret(visit: Visit, webhook: int) -> HttpResponse:
    """The secret with which the receiver verifies what it gets."""
    hook, firm = found(visit, webhook), visit.firm.pk
    overlaps = bool(hook.earlier_secret) and hook.earlier_until > visit.firm_now.now
    page = WebhookSecretPage(
        frame=frame_for(visit, "manage"),
        title=_("Secret of the webhook"),
        caption=hook.address,
        back=reverse("webhook", args=[firm, hook.number]),
        secret=_readable_secret(hook),
        rotate=reverse("rotate-webhook", args=[firm, hook.number]),
        earlier_until=moment_text(hook.earlier_until, visit.zone) if overlaps else "",
    )
    return show(visit.request, "webhooks/secret.html", page)


def _readable_secret(hook: KeptWebhook) -> str:
    """Empty where the server has another secret key than that which sealed it."""
    try:
        return secret_text(hook)
    except Unsealable:
        return ""


def found(visit: Visit, webhook: int) -> KeptWebhook:
    """The webhook of the visitor's firm; raises `Http404`."""
    hook = webhook_numbered(visit.firm.pk, webhook)
    if hook is None:
        raise Http404
    return hook


def _sent(visit: Visit, hook: KeptWebhook) -> HttpResponse:
    if not visit.can(Capability.MANAGE):
        raise PermissionDenied
    firm, number = visit.firm.pk, number_in(visit.request.POST.get("again", ""))
    if not number:
        enqueue(send_test, firm, hook.number)
        told = _("A test is on its way. Load this page again to see what was answered.")
        messages.success(visit.request, told)
    elif delivery_numbered(firm, hook.number, number) is not None:
        enqueue(send_again, firm, hook.number, number)
        told = _("The event is on its way once more. Load this page again to see what was answered.")
        messages.success(visit.request, told)
    return redirect("webhook", firm=firm, webhook=hook.number)


def _facts(visit: Visit, hook: KeptWebhook) -> list[tuple[str, str]]:
    zone = visit.zone
    facts = [
        (_("What is sent"), parts_text(hook.families)),
        (_("Added"), moment_text(hook.made_at, zone)),
    ]
    if hook.failing_since:
        facts.append((_("Nothing arrives since"), moment_text(hook.failing_since, zone)))
    if hook.active and hook.attempts:
        facts.append((_("Next attempt"), second_text(hook.next_attempt, zone)))
    if hook.behind:
        facts.append((_("Changes that wait"), figure(hook.behind)))
    return facts


def _links(firm: int, hook: KeptWebhook) -> list[Link]:
    def link(text: str, route: str) -> Link:
        return Link(text=text, href=reverse(route, args=[firm, hook.number]))

    return [
        link(_("See the secret"), "webhook-secret"),
        link(_("Change the address or what is sent"), "change-webhook"),
        link(_("Pause it"), "pause-webhook") if hook.active else link(_("Resume it"), "resume-webhook"),
        link(_("Remove it"), "remove-webhook"),
    ]


def _row(visit: Visit, each: Delivery) -> AttemptRow:
    firm = visit.firm.pk
    return AttemptRow(
        number=each.number,
        what=each.type,
        entry=_("Entry %(number)s") % {"number": figure(each.entry)} if each.entry else _("Test"),
        entry_href=reverse("ledger-entry", args=[firm, each.entry]) if each.entry else "",
        when=second_text(each.at, visit.zone),
        answer=answered_text(each.status, each.fault),
        taken=each.taken,
        again=each.again,
    )
