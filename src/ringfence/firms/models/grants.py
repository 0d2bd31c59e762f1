"""Who has what: grants, exclusions, delegations, requests, defaults. The access part of the tables.

Kinds are codes of `ringfence.firms.codes`, levels are `core.terms.Level`, times are
microseconds since 1970 UTC.
"""

from typing import ClassVar

from django.db import models

from ringfence.firms.fields import of_firm


class Grant(models.Model):
    """One subject's grant on one target (rules.md 1). The target is 0 for all clients."""

    pk = models.CompositePrimaryKey("firm_id", "subject_kind", "subject", "target_kind", "target")
    firm = of_firm(checked=False)
    subject_kind = models.SmallIntegerField()
    subject = models.IntegerField()
    target_kind = models.SmallIntegerField()
    target = models.IntegerField()
    level = models.SmallIntegerField()
    expires = models.BigIntegerField(null=True)
    fee_split = models.SmallIntegerField(null=True)
    """Hundredths of a per cent, 0 to 10,000."""

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["firm", "expires"],
                name="grant_expires",
                condition=models.Q(expires__isnull=False),
            )
        ]


class Exclusion(models.Model):
    """A client that a group's grant on a service leaves out."""

    pk = models.CompositePrimaryKey("firm_id", "group", "service", "client")
    firm = of_firm(checked=False)
    group = models.IntegerField()
    service = models.IntegerField()
    client = models.IntegerField()


class Delegation(models.Model):
    """What one member passes on to another (rules.md 1)."""

    pk = models.CompositePrimaryKey("firm_id", "delegator", "delegate")
    firm = of_firm()
    delegator = models.IntegerField()
    delegate = models.IntegerField()
    cap = models.SmallIntegerField()
    expires = models.BigIntegerField(null=True)
    cascades = models.BooleanField()


class Request(models.Model):
    """A member's open request for a client. Answered ones are in the ledger alone."""

    pk = models.CompositePrimaryKey("firm_id", "client", "member")
    firm = of_firm()
    client = models.IntegerField()
    member = models.IntegerField()
    level = models.SmallIntegerField()
    expires = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    opened_at = models.BigIntegerField()


class Emergency(models.Model):
    """A member's emergency access to a client, until it has ended and is acknowledged (rules.md 10)."""

    pk = models.CompositePrimaryKey("firm_id", "client", "member")
    firm = of_firm()
    client = models.IntegerField()
    member = models.IntegerField()
    level = models.SmallIntegerField()
    opened = models.BigIntegerField()
    expires = models.BigIntegerField()
    stands = models.BooleanField()
    acknowledged = models.BooleanField()


class DefaultGrant(models.Model):
    """A grant that a member's new clients start with, in the member's own order."""

    pk = models.CompositePrimaryKey("firm_id", "member", "position")
    firm = of_firm()
    member = models.IntegerField()
    position = models.SmallIntegerField()
    subject_kind = models.SmallIntegerField()
    subject = models.IntegerField()
    level = models.SmallIntegerField()
