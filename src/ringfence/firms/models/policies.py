"""The firm's own policies as they stand; what they were before is in the ledger."""

from typing import ClassVar

from django.db import models

from ringfence.firms.fields import KeyField, of_firm


class Policy(models.Model):
    """One policy (rules.md 10)."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    name = models.CharField(max_length=200)
    name_key = KeyField()
    text = models.TextField(blank=True)
    """As it was written; empty where it came in no text."""
    mode = models.CharField(max_length=10)
    statements = models.TextField()
    """All of them as JSON (`core.statements`)."""
    version = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["firm", "name_key"], name="policy_name")]

    def __str__(self) -> str:
        return self.name


class PolicyBreach(models.Model):
    """A policy that is known to be broken, as the ledger notes it; no row once it holds again."""

    pk = models.CompositePrimaryKey("firm_id", "policy")
    firm = of_firm()
    policy = models.IntegerField()
    since = models.BigIntegerField()
    """From when on it is known to be so, microseconds since 1970 UTC."""
    entry = models.BigIntegerField()
    """The ledger entry that notes it."""
