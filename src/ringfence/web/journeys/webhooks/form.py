"""The form of a webhook: its address, and what is sent there."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.webhooks import (
    MOST_WEBHOOKS,
    KeptWebhook,
    TooMany,
    UnfitAddress,
    add_webhook,
    change_webhook,
)
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.webhooks import PARTS, UNFIT

from .views import found


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """A box of the form."""

    value: str
    text: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookFormPage(Page):
    address: str
    address_error: str
    parts: tuple[PartRow, ...]
    parts_error: str
    submit: str
    private: bool
    """Whether addresses in networks of the operator's own are taken too."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def add(visit: Visit) -> HttpResponse:
    """A new webhook, to which is sent what happens from now on."""
    firm = visit.firm.pk
    if visit.request.method != "POST":
        return _page(visit, None, "", frozenset(PARTS))
    address, ticked = _given(visit)
    errors = _parts_error(ticked)
    if not errors:
        try:
            hook = add_webhook(
                firm,
                address,
                actor=visit.actor,
                families=_families(ticked),
                own=settings.WEBHOOK_NETWORKS,
            )
        except UnfitAddress as unfit:
            errors = {"address": str(UNFIT[unfit.why])}
        except TooMany:
            told = _("A firm has at most %(count)s webhooks: remove one first") % {"count": MOST_WEBHOOKS}
            errors = {"address": told}
        else:
            messages.success(visit.request, _("The webhook is added. Give the receiver this secret."))
            return redirect("webhook-secret", firm=firm, webhook=hook.number)
    return _page(visit, None, address, ticked, errors)


@needs(Capability.MANAGE, READS_AND_SENDS)
def change(visit: Visit, webhook: int) -> HttpResponse:
    """Another address, or other events; the secret stays."""
    hook = found(visit, webhook)
    if visit.request.method != "POST":
        ticked = frozenset(
            part
            for part, (_text, words) in PARTS.items()
            if not hook.families or hook.families.intersection(words)
        )
        return _page(visit, hook, hook.address, ticked)
    address, ticked = _given(visit)
    errors = _parts_error(ticked)
    if not errors:
        try:
            change_webhook(
                visit.firm.pk,
                webhook,
                address,
                actor=visit.actor,
                families=_families(ticked),
                own=settings.WEBHOOK_NETWORKS,
            )
        except UnfitAddress as unfit:
            errors = {"address": str(UNFIT[unfit.why])}
        except LookupError:
            return redirect("webhooks", firm=visit.firm.pk)
        else:
            messages.success(visit.request, _("The webhook is changed."))
            return redirect("webhook", firm=visit.firm.pk, webhook=webhook)
    return _page(visit, hook, address, ticked, errors)


def _given(visit: Visit) -> tuple[str, frozenset[str]]:
    post = visit.request.POST
    return post.get("address", ""), frozenset(PARTS).intersection(post.getlist("parts"))


def _parts_error(ticked: frozenset[str]) -> dict[str, str]:
    return {} if ticked else {"parts": _("Select what is sent")}


def _families(ticked: frozenset[str]) -> frozenset[str]:
    """What is sent; everything, also of kinds to come, where all is ticked."""
    if ticked == frozenset(PARTS):
        return frozenset()
    return frozenset(word for part in ticked for word in PARTS[part][1])


def _page(
    visit: Visit,
    hook: KeptWebhook | None,
    address: str,
    ticked: frozenset[str],
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    told, firm = errors or {}, visit.firm.pk
    back = reverse("webhooks", args=[firm])
    if hook is not None:
        back = reverse("webhook", args=[firm, hook.number])
    page = WebhookFormPage(
        frame=frame_for(visit, "manage"),
        title=_("Add a webhook") if hook is None else _("Change the webhook"),
        back=back,
        errors=tuple(ErrorLine(text=text, href=f"#{name}") for name, text in told.items()),
        address=showable(address),
        address_error=told.get("address", ""),
        parts=tuple(
            PartRow(value=value, text=str(text), checked=value in ticked)
            for value, (text, _words) in PARTS.items()
        ),
        parts_error=told.get("parts", ""),
        submit=_("Add the webhook") if hook is None else _("Save"),
        private=bool(settings.WEBHOOK_NETWORKS),
    )
    return show(visit.request, "webhooks/form.html", page)
