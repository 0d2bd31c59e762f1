"""Where a firm's events are sent, and what became of each attempt. No event lies here."""

from typing import ClassVar

from django.db import models

from ringfence.firms.fields import SealedField, of_firm


class Webhook(models.Model):
    """An address to which a firm's events are sent (`access.webhooks`). Times are microseconds."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    """From 1 for each firm, never given again."""
    address = models.CharField(max_length=1000)
    secret = SealedField(purpose="webhook", blank=True, default="")
    """With which events are signed; empty once it is removed."""
    earlier_secret = SealedField(purpose="webhook", blank=True, default="")
    """The secret before, which signs beside it until `earlier_until`."""
    earlier_until = models.BigIntegerField(default=0)
    families = models.JSONField(default=list)
    """What is sent (`access.changes.FAMILIES`); everything where it is empty."""
    state = models.CharField(max_length=10)
    """A word of `access.webhooks.WebhookState`."""
    made_at = models.BigIntegerField()
    entry = models.BigIntegerField()
    """Up to and with this entry all has been sent …"""
    events = models.IntegerField(default=0)
    """… and so many events of the next one."""
    attempts = models.IntegerField(default=0)
    """Made in vain for the event that is due."""
    failing_since = models.BigIntegerField(default=0)
    """When the first of them was made; 0 where there is none."""
    told = models.SmallIntegerField(default=0)
    """What administrators were told of it (`access.webhooks.warning`)."""
    next_attempt = models.BigIntegerField(default=0)
    leased_until = models.BigIntegerField(default=0)
    """Until when the process that sends has it for itself."""
    last_delivery = models.BigIntegerField(default=0)
    """The number of the last row of its log."""


class WebhookDelivery(models.Model):
    """One attempt to send one event: which, when, and what was answered."""

    pk = models.CompositePrimaryKey("firm_id", "webhook", "number")
    firm = of_firm(checked=False)
    webhook = models.IntegerField()
    number = models.BigIntegerField()
    entry = models.BigIntegerField()
    """The ledger's entry; 0 for a test."""
    part = models.IntegerField()
    """Which event of the entry."""
    type = models.CharField(max_length=60)
    at = models.BigIntegerField()
    milliseconds = models.IntegerField()
    status = models.SmallIntegerField(null=True)
    """What was answered; null where nothing was."""
    fault = models.CharField(max_length=20, blank=True)
    """Why nothing was (`access.webhooks.Fault`); empty where something was."""
    again = models.BooleanField(default=False)
    """Whether somebody asked for it, beside the order."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="delivery_at")]
