"""Of what each member was told, and what of it they want by mail: numbers, and no words of anybody."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ringfence.firms.fields import of_firm


class Notice(models.Model):
    """One member was told of one thing; the words are made when somebody reads it (`ringfence.notices`)."""

    pk = models.CompositePrimaryKey("firm_id", "member", "number")
    firm = of_firm(checked=False)
    member = models.IntegerField()
    number = models.IntegerField()
    """From 1 for each member."""
    kind = models.SmallIntegerField()
    """One of `access.notices.NoticeKind`."""
    at = models.BigIntegerField()
    """When it happened, microseconds since 1970 UTC."""
    entry = models.BigIntegerField(default=0)
    """The ledger entry that it tells of; 0 for what comes by the clock."""
    facts = models.JSONField(default=dict)
    """`access.notices.NoticeFacts`."""
    read = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            # Every page counts what its reader has not read.
            models.Index(fields=["firm", "member"], condition=Q(read=False), name="notice_unread"),
        ]


class NoticeChoice(models.Model):
    """Whether a member wants one kind of notices by mail from `at` on; the highest version counts."""

    pk = models.CompositePrimaryKey("firm_id", "member", "kind", "version")
    firm = of_firm()
    member = models.IntegerField()
    kind = models.SmallIntegerField()
    version = models.IntegerField()
    by_mail = models.BooleanField()
    at = models.BigIntegerField()
    """Microseconds since 1970 UTC."""
