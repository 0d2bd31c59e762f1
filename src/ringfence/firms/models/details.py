"""What a firm keeps of a client beside its name, and the fields that it names for that.

No version ever changes; those of a client go when it is erased.
"""

from django.db import models

from ringfence.firms.fields import of_firm


class ClientDetails(models.Model):
    """The details of a client from `at` on: the version with the highest number is the present one."""

    pk = models.CompositePrimaryKey("firm_id", "client", "version")
    firm = of_firm(checked=False)
    client = models.IntegerField()
    version = models.IntegerField()
    values = models.JSONField()
    """Texts by field: of `access.client_details.FIXED`, and ``field-3`` for the firm's own field 3."""
    author = models.IntegerField()
    """The member's number."""
    at = models.BigIntegerField()
    """Microseconds since 1970 UTC."""


class DetailField(models.Model):
    """What the firm calls one of its own fields from `at` on; an empty name ends the field."""

    pk = models.CompositePrimaryKey("firm_id", "number", "version")
    firm = of_firm()
    number = models.IntegerField()
    version = models.IntegerField()
    name = models.CharField(max_length=100, blank=True)
    author = models.IntegerField()
    at = models.BigIntegerField()
