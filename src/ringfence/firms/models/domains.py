"""Domains of e-mail addresses that are a firm's, once it has proved them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ringfence.firms.fields import of_firm


class FirmDomain(models.Model):
    """A domain that a firm says is its own (`access.domains`). Times are microseconds, 0 for never."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    """From 1 for each firm."""
    domain = models.CharField(max_length=253)
    """As DNS asks for it: in A-labels, lower case."""
    token = models.CharField(max_length=64)
    """What the TXT record has to say. No secret: everybody can read DNS."""
    added_at = models.BigIntegerField()
    added_by = models.IntegerField(null=True)
    """The member; none for the operator, here and below."""
    proved_at = models.BigIntegerField(default=0)
    proved_by = models.IntegerField(null=True)
    vouched = models.BooleanField(default=False)
    """Whether the operator has said so, and no record is looked for."""
    checked_at = models.BigIntegerField(default=0)
    """When DNS last said anything of it."""
    missing_since = models.BigIntegerField(default=0)
    """Since when DNS says that the record of a proved domain is not there."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "domain"], name="domain_once_in_firm"),
            models.UniqueConstraint(
                fields=["domain"], condition=Q(proved_at__gt=0), name="domain_of_one_firm"
            ),
        ]
