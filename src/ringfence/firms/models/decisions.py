"""The log of decisions of firms that have it on: blocks of entries that lie beside the ledger."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ringfence.firms.fields import of_firm


class DecisionBlock(models.Model):
    """What one process answered within a second or so (`store.decision_log`): numbers, no words of people."""

    pk = models.CompositePrimaryKey("firm_id", "ended", "tag")
    firm = of_firm(checked=False)
    ended = models.BigIntegerField()
    """The time of its last answer, microseconds since 1970 UTC."""
    tag = models.BigIntegerField()
    """A random number: several processes write at once."""
    began = models.BigIntegerField()
    """The time of its first answer."""
    entries = models.IntegerField()
    lost = models.IntegerField(default=0)
    """How many answers came too fast to be kept, before these."""
    body = models.BinaryField()
    folded = models.BooleanField(db_default=False)
    """Whether its answers are in `ClientUse`; whoever writes a block says nothing of it."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["firm"], condition=Q(folded=False), name="decisions_to_fold"),
            # Few have any, and their sum stands above the log.
            models.Index(fields=["firm"], condition=Q(lost__gt=0), name="decisions_lost"),
        ]
