"""A firm's identity providers, and which sessions came by one. What they say of people does not lie here."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from ringfence.firms.fields import SealedField, of_firm


class SignInProvider(models.Model):
    """One provider of one firm (`access.providers`): where its people sign in instead of with a password."""

    pk = models.CompositePrimaryKey("firm_id", "number")
    firm = of_firm()
    number = models.IntegerField()
    """From 1 for each firm, never given again."""
    uid = models.CharField(max_length=40, unique=True)
    """In the addresses that the provider sends people back to, and that nobody guesses."""
    protocol = models.CharField(max_length=10)
    """A word of `access.providers.Protocol`."""
    kind = models.CharField(max_length=20)
    """A word of `access.providers.ProviderKind`."""
    name = models.CharField(max_length=50)
    """As people know it."""
    state = models.CharField(max_length=10)
    """A word of `access.providers.ProviderState`."""
    settings = models.JSONField(default=dict)
    """What its protocol needs to know, none of it secret (`access.providers.settings`)."""
    secrets = SealedField(purpose="provider", blank=True)
    """The secrets of its protocol, sealed; empty once it is removed."""


class ProviderSession(models.Model):
    """A session that began at a provider, which may end it from there (back-channel logout)."""

    session = models.CharField(max_length=40, primary_key=True)
    """The key of Django's session."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    firm = of_firm()
    provider = models.IntegerField()
    """The number of the firm's provider."""
    subject = models.CharField(max_length=64)
    """The digest of who it is at the provider."""
    theirs = models.CharField(max_length=64, blank=True)
    """The digest of the provider's own id of its session; empty where it told none."""
    began_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["firm", "provider", "subject"], name="provider_session_subject")
        ]
