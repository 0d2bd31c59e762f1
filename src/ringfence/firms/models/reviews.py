"""Access reviews (rules.md 10), scheduled, open and closed. Who decided what, and when, is in the ledger."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ringfence.firms.fields import KeyField, of_firm


class Review(models.Model):
    """One review. What `core.review_values` has as sets lies here as bytes."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    name = models.CharField(max_length=80)
    name_key = KeyField()
    started = models.BigIntegerField()
    due = models.BigIntegerField()
    """As it was extended last. Instants are microseconds since 1970 UTC."""
    closed = models.BigIntegerField(null=True)
    terms = models.BinaryField()
    """`ReviewTerms`: scope, reviewers and every item as it stood at the start."""
    progress = models.BinaryField()
    """`ReviewProgress`, as long as it is open."""
    outcome = models.BinaryField(null=True)
    """`ReviewOutcome`, once it is closed."""

    schedule = models.BinaryField(null=True)
    """`ScheduledReview` in the row of one that begins again and again, which has no terms: `due` is when the
    next one begins, `closed` when it was stopped. Each that has begun is a row of its own without."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "name_key"], condition=Q(closed=None), name="review_name")
        ]

    def __str__(self) -> str:
        return self.name
