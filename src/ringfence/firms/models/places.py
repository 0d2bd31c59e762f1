"""Firms on their way between the databases of a deployment, and those that have left this one.

Neither is a firm's own: both stay when the firm has gone.
"""

from django.db import models


class FirmMove(models.Model):
    """A firm that is leaving this database or coming into it, closed meanwhile; or one that has left."""

    number = models.IntegerField(primary_key=True)
    """The firm's, which it keeps."""
    state = models.CharField(max_length=10)
    """A word of `access.moving.MoveState`."""
    place = models.CharField(max_length=30)
    """What the other database is called: `RINGFENCE_DATABASES`."""
    at = models.BigIntegerField()
    """Since when, microseconds since 1970 UTC."""
    proof = models.BinaryField(default=bytes)
    """Of one that is coming: the digest of all of its rows where it comes from."""


class MovedKey(models.Model):
    """What somebody may come with who looks for a firm that has left: they are told where it is.

    A token of the firm, the key of an invitation's link, the id of its provider; a session in which a member
    was signed in, or the account of one who is in another firm here (`access.moved`).
    """

    digest = models.BinaryField(primary_key=True)
    """SHA-256."""
    number = models.IntegerField(db_index=True)
    """The firm's."""
