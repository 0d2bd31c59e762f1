"""Answers of the API to requests that may come again. Outside the ledger, kept for a day."""

from typing import ClassVar

from django.db import models


class RepeatedAnswer(models.Model):
    """What one request of a token was answered, by the key that it came with."""

    firm = models.ForeignKey("firms.Firm", models.CASCADE, related_name="+", db_index=False)
    token = models.IntegerField()
    key = models.CharField(max_length=128)
    said = models.BinaryField()
    """SHA-256 of what was asked for: another request with the key is refused."""
    answer = models.JSONField()
    at = models.BigIntegerField()
    """Microseconds since 1970 UTC."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "token", "key"], name="repeated_key"),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="repeated_at")]
