"""The ledger and the texts beside it, written by `ringfence.access` alone.

Nothing here ever changes but the `text` of a `LedgerText`: null once its person or client is erased.
"""

from typing import ClassVar

from django.db import models

from ringfence.firms.fields import of_firm


class LedgerEntry(models.Model):
    """One command that was carried out, numbered per firm from 1 without gaps."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.BigIntegerField()
    at = models.BigIntegerField()
    """Microseconds since 1970 UTC; never before the entry in front of it."""
    actor_kind = models.CharField(max_length=10)
    """``member`` or ``operator``."""
    actor = models.IntegerField(null=True)
    """The member's number, null for the operator."""
    command = models.CharField(max_length=40)
    self_access = models.BooleanField(default=False)
    """Gave its actor access (rules.md 5)."""
    previous = models.BinaryField()
    hash = models.BinaryField()
    body = models.BinaryField()
    """Canonical JSON: the events and the digests of the texts (`access.ledger.chain`)."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["firm", "at"], name="ledger_at")]


class LedgerText(models.Model):
    """Words that belong to an entry: names, references, addresses, reasons (`core.events.Text`)."""

    pk = models.CompositePrimaryKey("firm_id", "entry", "slot")
    firm = of_firm(checked=False)
    entry = models.BigIntegerField()
    slot = models.IntegerField()
    """The place of its digest in the entry's body, from 0."""
    thing = models.CharField(max_length=12)
    number = models.BigIntegerField()
    member = models.IntegerField(default=0)
    salt = models.BinaryField()
    text = models.TextField(null=True)
    """Canonical JSON of the fields, null once erased."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["firm", "thing", "number", "entry"], name="text_of_thing")]
