"""What members tried and were refused: counted by day, so that nobody floods it."""

from typing import ClassVar

from django.db import models

from ringfence.firms.fields import of_firm


class RefusedAttempt(models.Model):
    """How often one member was refused one kind of thing on one day."""

    firm = of_firm(checked=False)
    day = models.IntegerField()
    """Days since 1970 UTC."""
    member = models.IntegerField()
    what = models.CharField(max_length=40)
    """The command, or one of `access.refused_attempts.What`."""
    count = models.IntegerField(default=0)
    last_at = models.BigIntegerField()
    """Microseconds since 1970 UTC."""
    clients = models.BinaryField(default=bytes)
    """The firm's clients that it was about, a Roaring bitmap; empty where it was about none."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "day", "member", "what"], name="refused_attempt_of_day"),
        ]
