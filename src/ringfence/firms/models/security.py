"""The security log of a firm: who signed in or failed to, or changed how they do. Beside the ledger."""

from typing import ClassVar

from django.db import models

from ringfence.firms.fields import of_firm


class SecurityEvent(models.Model):
    """Something that happened to how a member signs in, once or several times (`access.security_log`)."""

    pk = models.CompositePrimaryKey("firm_id", "slot")
    firm = of_firm(checked=False)
    slot = models.BigIntegerField()
    """A random number; of what is counted, a digest of what is counted together."""
    member = models.IntegerField()
    """0 for nobody of the firm."""
    kind = models.CharField(max_length=30)
    """A word of `access.security_log.SecurityKind`."""
    count = models.IntegerField(default=1)
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    """Microseconds since 1970 UTC, like `first_at`; the same where it happened once."""
    address = models.CharField(max_length=45, blank=True)
    """The IP address that it came from; empty where none is known."""
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    details = models.TextField(blank=True)
    """JSON of words by words, empty for none."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["firm", "last_at"], name="security_latest"),
            models.Index(fields=["firm", "member", "last_at"], name="security_of_member"),
        ]
