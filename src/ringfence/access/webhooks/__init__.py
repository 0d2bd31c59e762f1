"""Webhooks: where a firm's events are sent, in what order, and what became of each attempt.

What an event says is `access.changes`; who speaks HTTP is the jobs process.
"""

from .addresses import Network, UnfitAddress, WhyUnfit, fitting_address, own_networks, public
from .keeping import (
    MOST_WEBHOOKS,
    TooMany,
    add_webhook,
    change_webhook,
    pause_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
    webhook_of,
)
from .log import Delivery, deliveries, delivery_numbered, forget_deliveries
from .reading import KeptWebhook, WebhookState, webhook_numbered, webhooks
from .secrets import secret_text, signing_secrets
from .sending import Leased, SendFault, Sent, due_webhooks, lease, let_go, note_sent, pause_restored
from .warning import WebhookWarning, note_warned, untold

__all__ = [
    "MOST_WEBHOOKS",
    "Delivery",
    "KeptWebhook",
    "Leased",
    "Network",
    "SendFault",
    "Sent",
    "TooMany",
    "UnfitAddress",
    "WebhookState",
    "WebhookWarning",
    "WhyUnfit",
    "add_webhook",
    "change_webhook",
    "deliveries",
    "delivery_numbered",
    "due_webhooks",
    "fitting_address",
    "forget_deliveries",
    "lease",
    "let_go",
    "note_sent",
    "note_warned",
    "own_networks",
    "pause_restored",
    "pause_webhook",
    "public",
    "remove_webhook",
    "resume_webhook",
    "rotate_secret",
    "secret_text",
    "signing_secrets",
    "untold",
    "webhook_numbered",
    "webhook_of",
    "webhooks",
]
