"""Who wants the daily digest, and of which clients: what members chose, beside the ledger (rules.md 7).

No choice ever changes; a later one replaces it. Who chose nothing gets the digest of all clients.
"""

from django.db import models

from ringfence.firms.fields import of_firm


class DigestChoice(models.Model):
    """One choice of one member; of those about the same, the one with the highest version is in force."""

    pk = models.CompositePrimaryKey("firm_id", "member", "version")
    firm = of_firm()
    member = models.IntegerField()
    version = models.IntegerField()
    """Counts the member's choices from 1."""
    client = models.IntegerField(default=0)
    """What it is about: one client, or the digest as a whole where 0."""
    wanted = models.BooleanField()
    by_link = models.BooleanField(default=False)
    """Whether it was chosen by the link in a mail, without signing in."""
    at = models.BigIntegerField()
    """Microseconds since 1970 UTC."""
