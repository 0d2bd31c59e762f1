"""Clients, their engagements and the documents on these. Numbered per firm from 1, never used again."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from ringfence.firms.fields import KeyField, of_firm


class Client(models.Model):
    """A person or organisation the firm serves. A removed one keeps its row and its reference."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm(checked=False)
    number = models.IntegerField()
    name = models.CharField(max_length=200)
    sort_key = KeyField()
    reference = models.CharField(max_length=200, blank=True)
    reference_key = KeyField(null=True)
    """Null where the client has no reference."""
    kind = models.CharField(max_length=100, blank=True)
    confidential = models.BooleanField(default=False)
    removed_at = models.BigIntegerField(null=True)
    """When it was removed, microseconds since 1970 UTC."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "reference_key"], name="client_reference"),
        ]

    def __str__(self) -> str:
        return self.name


class Engagement(models.Model):
    """One service provided to one client. `ended` ones were removed on their own, for good."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm(checked=False)
    number = models.IntegerField()
    client = models.IntegerField()
    service = models.IntegerField()
    reference = models.CharField(max_length=200, blank=True)
    reference_key = KeyField(null=True)
    """Null where there is no tax reference."""
    ended = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "service", "reference_key"],
                condition=Q(ended=False, reference_key__isnull=False),
                name="engagement_reference",
            ),
        ]


class Document(models.Model):
    """A text on an engagement (rules.md 1); its versions hold the words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    firm = models.ForeignKey("firms.Firm", models.CASCADE, related_name="+", db_index=False)
    engagement = models.IntegerField()
    kind = models.CharField(max_length=40, default="note")
    removed_at = models.BigIntegerField(null=True)
    removed_by = models.IntegerField(null=True)
    """The member's number."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["firm", "engagement"], name="document_engagement")]


class DocumentVersion(models.Model):
    """What a document said from `at` on, and who wrote it. The firm is the document's."""

    firm = of_firm(checked=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="versions", db_index=False)
    number = models.IntegerField()
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    author = models.IntegerField()
    """The member's number."""
    at = models.BigIntegerField()
    """Microseconds since 1970 UTC."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version"),
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "at"], name="document_written")]


class ApplicationLine(models.Model):
    """A line of a finalised application form: who gets what of its commission, as it was then."""

    pk = models.CompositePrimaryKey("firm_id", "document_id", "place")
    firm = of_firm(checked=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="+", db_index=False)
    place = models.IntegerField()
    """From 1, in the order of the form."""
    member = models.IntegerField()
    name = models.CharField(max_length=200, blank=True)
    """The member's name at that time."""
    split = models.IntegerField()
    """Hundredths of a per cent."""
    commission = models.BigIntegerField()
    """Pence."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["firm", "member"], name="application_member")]
