"""The ledger, what lies beside it (texts, index, checkpoints), written by `ringfence.access` alone.

Nothing here ever changes but the `text` of a `LedgerText`: null once its person or client is erased. Index
and checkpoints can be made again from the entries.
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
    """Canonical JSON: the events and the digests of the texts (`proof.chain`)."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["firm", "at"], name="ledger_at"),
            models.Index(fields=["firm", "actor", "number"], name="ledger_by_actor"),
            models.Index(fields=["firm", "command", "number"], name="ledger_by_command"),
        ]


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


class LedgerBlock(models.Model):
    """Neighbouring texts of one entry about things of one kind, in one row (`access.ledger.texts`)."""

    pk = models.CompositePrimaryKey("firm_id", "entry", "slot")
    firm = of_firm(checked=False)
    entry = models.BigIntegerField()
    slot = models.IntegerField()
    """Of the first text; the others follow without gaps."""
    thing = models.CharField(max_length=12)
    first = models.BigIntegerField()
    """The number of the first thing, which is the lowest."""
    last = models.BigIntegerField()
    content = models.BinaryField()
    """Numbers, salts and words, one of each for each text."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["firm", "thing", "first", "last"], name="block_of_thing")]


class LedgerMention(models.Model):
    """That an entry names a member, client or group, or many of them (`access.ledger.mentions`)."""

    pk = models.CompositePrimaryKey("firm_id", "thing", "first", "entry")
    firm = of_firm(checked=False)
    thing = models.CharField(max_length=12)
    first = models.IntegerField()
    """The lowest number that is named."""
    last = models.IntegerField()
    """The highest; with `first` the only one, or all between where `numbers` is null."""
    entry = models.BigIntegerField()
    numbers = models.BinaryField(null=True)
    """Which of them, as a serialised bitmap, where it is not all."""

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["firm", "thing", "last", "first"],
                name="mention_of_many",
                condition=models.Q(last__gt=models.F("first")),
            ),
            models.Index(fields=["firm", "entry"], name="mention_by_entry"),
        ]


class ImportedList(models.Model):
    """The file of a list that was brought in, beside the entries that it became (`access.imported_lists`)."""

    pk = models.CompositePrimaryKey("firm_id", "last")
    firm = of_firm()
    first = models.BigIntegerField()
    """The first entry that it became."""
    last = models.BigIntegerField()
    """The last one; all between are its as well."""
    kind = models.CharField(max_length=10)
    """``clients``, ``members`` or ``access``."""
    name = models.CharField(max_length=255)
    """The file's name, empty once it was let go of."""
    size = models.BigIntegerField()
    """Bytes, as it was sent."""
    rows = models.IntegerField()
    """Rows below its header."""
    state = models.CharField(max_length=10)
    """``kept``, ``too_large`` or ``let_go``."""
    content = models.BinaryField(null=True)
    """The bytes, compressed by zlib, where it is kept."""


class Checkpoint(models.Model):
    """The firm's state just after an entry, as bytes (`store.frozen`, `access.ledger.checkpoints`)."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.BigIntegerField()
    """The entry."""
    entry = models.BinaryField()
    """The entry's hash."""
    form_of = models.CharField(max_length=40)
    """Who wrote it and can read it (`access.ledger.checkpoints.FORM_OF`)."""
    form = models.BinaryField()
    """The state, but for its parts; compressed by zlib."""
    digest = models.BinaryField()
    """Over all of the above."""
    seal = models.BinaryField()
    """Over the digest, with this installation's secret key."""


class CheckpointPart(models.Model):
    """What is large in the states of checkpoints, each part once."""

    pk = models.CompositePrimaryKey("firm_id", "name")
    firm = of_firm()
    name = models.BinaryField()
    """SHA-256 of the content."""
    content = models.BinaryField()
