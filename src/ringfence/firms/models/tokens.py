"""Tokens with which a firm's other software asks and acts. Their texts are nowhere."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ringfence.firms.fields import KeyField, of_firm


class Token(models.Model):
    """One token (rules.md 5, 7), also after it was revoked, so that its last use stays to be seen."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    member = models.IntegerField()
    """Whom it acts for."""
    name = models.CharField(max_length=50)
    name_key = KeyField()
    scopes = models.IntegerField()
    """`core.terms.Scope`."""
    digest = models.BinaryField(unique=True)
    """SHA-256 of its text."""
    beginning = models.CharField(max_length=20, blank=True)
    """The first characters of its text."""
    addresses = models.TextField(blank=True)
    """IP addresses and networks with spaces between, from which alone it is taken; empty for anywhere."""
    made = models.BigIntegerField()
    expires = models.BigIntegerField(null=True)
    revoked = models.BigIntegerField(null=True)
    """When somebody revoked it. Instants are microseconds since 1970 UTC."""
    used = models.BigIntegerField(null=True)
    """When it was used last, to a minute or so; in no entry of the ledger."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "name_key"], condition=Q(revoked=None), name="token_name")
        ]

    def __str__(self) -> str:
        return self.name
