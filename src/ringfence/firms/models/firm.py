"""A firm, its members, groups, services and walls: the small tables, numbered per firm from 1."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from ringfence.firms.fields import KeyField, of_firm


class Firm(models.Model):
    """One silo (rules.md 1). Its row is what a writer locks, and where readers learn the version."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    name_key = KeyField()
    timezone = models.CharField(max_length=60, default="Europe/London")
    language = models.CharField(max_length=10, default="en")
    settings = models.JSONField()
    """`core.settings.Settings`, all of it."""
    names = models.JSONField(default=dict)
    """`core.values.SoftwareNames`, all of it."""
    successor = models.IntegerField(default=0)
    """The member who takes over where the directory deactivates whom the firm needs; 0 for nobody."""
    was_on = models.BooleanField(default=False)
    version = models.BigIntegerField(default=0)
    """The number of the last ledger entry."""
    head = models.BinaryField(default=bytes)
    """The hash of the last ledger entry."""
    changed_at = models.BigIntegerField(default=0)
    """The instant of the last ledger entry, microseconds since 1970 UTC."""
    indexed = models.BigIntegerField(default=0)
    """The last entry whose names are in the index (`access.ledger.mentions`)."""
    told = models.BigIntegerField(default=0)
    """The number of the last ledger entry that people were told of by mail (`access.ledger.telling`)."""
    digested = models.BigIntegerField(default=0)
    """Up to when daily digests have told what happened (`access.digest.days`), microseconds; 0 for never."""
    reminded = models.BigIntegerField(default=0)
    """Of requests opened up to this instant those who decide were reminded (`access.notices_due`)."""
    warned = models.BigIntegerField(default=0)
    """Of access that ends up to this instant those who have it were told (`access.notices_due`)."""
    logs_decisions = models.BooleanField(default=False)
    """Whether the decision service logs what it answers about the firm (`access.decision_log`)."""
    decision_days = models.IntegerField(default=30)
    """For how many days that log is kept."""
    sign_in = models.JSONField(default=dict)
    """`access.sign_in_policy.SignInPolicy`, all of it that is not as it is by itself."""
    last_member = models.IntegerField(default=0)
    last_group = models.IntegerField(default=0)
    last_service = models.IntegerField(default=0)
    last_wall = models.IntegerField(default=0)
    last_token = models.IntegerField(default=0)
    last_policy = models.IntegerField(default=0)
    last_review = models.IntegerField(default=0)
    last_client = models.IntegerField(default=0)
    last_engagement = models.IntegerField(default=0)
    """The highest numbers ever given; numbers are never used again."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["name_key"], name="firm_name")]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A user's place in one firm (rules.md 1). `user` is empty until somebody has taken the place."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="memberships"
    )
    name = models.CharField(max_length=200)
    sort_key = KeyField()
    email = models.CharField(max_length=254, blank=True)
    email_key = KeyField(blank=True)
    external = models.CharField(max_length=100, blank=True)
    """What the firm's other software calls them."""
    external_key = KeyField(blank=True)
    user_name = models.CharField(max_length=254, blank=True)
    """What the firm's directory calls them."""
    user_name_key = KeyField(blank=True)
    role = models.CharField(max_length=20)
    """A word of `core.terms.Role`."""
    access = models.BooleanField()
    manage_access = models.BooleanField()
    active = models.BooleanField(default=True)
    created_at = models.BigIntegerField(null=True)
    """When they were added, microseconds since 1970 UTC (with a list: when that was decided); null where the
    ledger's index did not say it of one who was there before."""
    unread = 0
    """How many notices they have not read, where `access.places` has counted them; no column."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "user"], name="member_once_in_firm"),
            models.UniqueConstraint(
                fields=["firm", "email_key"], condition=~Q(email_key=""), name="member_email"
            ),
            models.UniqueConstraint(
                fields=["firm", "external_key"], condition=~Q(external_key=""), name="member_external"
            ),
            models.UniqueConstraint(
                fields=["firm", "user_name_key"], condition=~Q(user_name_key=""), name="member_user_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """A named set of members. Number 1 is Everyone, whose members are not stored."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    name = models.CharField(max_length=200)
    name_key = KeyField()
    sort_key = KeyField()
    external = models.CharField(max_length=100, blank=True)
    """What the firm's directory calls it."""
    directory = models.BooleanField(default=False)
    """Whether the firm's directory keeps it, and says who is in it."""
    created_at = models.BigIntegerField(null=True)
    """When it was made, as of members."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["firm", "name_key"], name="group_name")]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """A member's place in a group other than Everyone."""

    pk = models.CompositePrimaryKey("firm_id", "group", "member")
    firm = of_firm(checked=False)
    group = models.IntegerField()
    member = models.IntegerField()


class Service(models.Model):
    """An entry of the firm's service catalogue. Number 1 is General."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    name = models.CharField(max_length=200)
    name_key = KeyField()
    sort_key = KeyField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["firm", "name_key"], name="service_name")]

    def __str__(self) -> str:
        return self.name


class Wall(models.Model):
    """An ethical wall (rules.md 1, 10); its two sides are numbered 0 and 1, times are instants."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    name = models.CharField(max_length=200)
    name_key = KeyField()
    reason = models.TextField(default="")
    starts = models.BigIntegerField(null=True)
    ends = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["firm", "name_key"], name="wall_name")]

    def __str__(self) -> str:
        return self.name


class WallMember(models.Model):
    """A member on one side of a wall."""

    pk = models.CompositePrimaryKey("firm_id", "wall", "side", "member")
    firm = of_firm()
    wall = models.IntegerField()
    side = models.SmallIntegerField()
    member = models.IntegerField()


class WallAcknowledgement(models.Model):
    """When a member on a side acknowledged what their sides are now (rules.md 10)."""

    pk = models.CompositePrimaryKey("firm_id", "wall", "member")
    firm = of_firm()
    wall = models.IntegerField()
    member = models.IntegerField()
    at = models.BigIntegerField()


class WallClient(models.Model):
    """A client on one side of a wall."""

    pk = models.CompositePrimaryKey("firm_id", "wall", "side", "client")
    firm = of_firm(checked=False)
    wall = models.IntegerField()
    side = models.SmallIntegerField()
    client = models.IntegerField()
