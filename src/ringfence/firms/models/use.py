"""When members last used clients, gathered from the ledger and the log of decisions (`ringfence.access.use`).

Nothing here decides anything. It can be gathered again as far as both go back.
"""

from django.db import models

from ringfence.firms.fields import of_firm


class ClientUse(models.Model):
    """When one member last used one client: microseconds since 1970 UTC, 0 for what is not known."""

    pk = models.CompositePrimaryKey("firm_id", "client", "member")
    firm = of_firm(checked=False)
    client = models.IntegerField()
    member = models.IntegerField()
    opened = models.BigIntegerField(default=0)
    """Opened its record."""
    decided = models.BigIntegerField(default=0)
    """Was let in by other software: an allowed answer of the decision service."""
    acted = models.BigIntegerField(default=0)
    """Did, or was allowed by other software, what takes more than reading."""
    delegated = models.BigIntegerField(default=0)
    """Opened it, or was let in, by what somebody delegated."""


class UseMark(models.Model):
    """How far a firm's use is gathered; while its row is locked nobody else gathers."""

    firm = models.OneToOneField("firms.Firm", models.CASCADE, primary_key=True, related_name="+")
    entry = models.BigIntegerField(default=0)
    """The last ledger entry that is in `ClientUse`. Of blocks of decisions, each says so itself."""
    decisions_from = models.BigIntegerField()
    """From when on decisions were gathered, where the firm had them logged then."""
