"""Users: people who can sign in, how they were let in, and where they are signed in.

What they may do in a firm is a member's matter, not theirs.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from ringfence.core.directory import unique_key
from ringfence.firms.fields import of_firm


class UserManager(BaseUserManager["User"]):
    """Makes users whose address is stored in the one form in which it is compared."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who signs in with `email`; without a password they must set one by mail first."""
        user = self.model(email=unique_key(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=unique_key(username or ""))


class User(AbstractBaseUser):
    """A person who can sign in, to one firm or several (rules.md 1)."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    """Empty: as the browser asks."""
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    let_in_by = models.IntegerField(null=True)
    """The firm whose administrator was shown the link at which the user first came in: nothing has proved
    their address, so they are seated in no other firm. None once a mail or the operator has."""
    sessions_ended = models.IntegerField(default=0)
    """How often the user has ended all their sessions; a session of before is none any more."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_session_auth_hash(self) -> str:
        """What a session holds of its user: another once they have ended all or changed password."""
        return self._with_what_was_ended(super().get_session_auth_hash(), settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same by secret keys of before, which are still accepted."""
        plain = super().get_session_auth_fallback_hash()
        for found, secret in zip(plain, settings.SECRET_KEY_FALLBACKS, strict=True):
            yield self._with_what_was_ended(found, secret)

    def _with_what_was_ended(self, plain: str, secret: str) -> str:
        if not self.sessions_ended:
            return plain
        salt = f"sessions ended {self.sessions_ended}"
        return salted_hmac(salt, plain, secret=secret, algorithm="sha256").hexdigest()


class SignIn(models.Model):
    """A session as its user is told of it: when it began, and in what kind of browser; no address."""

    session = models.CharField(max_length=40, primary_key=True)
    """The key of Django's session."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    began_at = models.DateTimeField()
    browser = models.CharField(max_length=20, blank=True)
    """A name such as ``Firefox``, empty for one that is not known."""
    system = models.CharField(max_length=20, blank=True)
    """A name such as ``Windows``, likewise."""


class Invitation(models.Model):
    """The last invitation of a member: a link at which they set their first password, once."""

    pk = models.CompositePrimaryKey("firm_id", "member")
    firm = of_firm()
    member = models.IntegerField()
    address = models.CharField(max_length=64)
    """The digest of the address that it is for: it is void once the member has another."""
    key = models.CharField(max_length=64, blank=True)
    """The digest of the link's key; empty until there is a link."""
    shown = models.BooleanField(default=False)
    """Whether that link is handed over by whoever invited, since no mail is sent."""
    by = models.IntegerField(null=True)
    """The member who invited; none for the operator."""
    invited_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class AddressChange(models.Model):
    """Another address that a user wants to sign in with, until its link is used or too old."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    address = models.EmailField()
    key = models.CharField(max_length=64, blank=True)
    """The digest of the link's key; empty until there is a link."""
    lapses_at = models.DateTimeField()


class Attempt(models.Model):
    """Something that is counted for a while, such as wrong passwords (`web/shell/attempts.py`)."""

    key = models.CharField(max_length=64, primary_key=True)
    """The digest of what is counted."""
    value = models.TextField()
    """JSON."""
    expires = models.FloatField(db_index=True)
    """Seconds since 1970 UTC."""

    class Meta:
        db_table = "firms_attempt"
