"""Which sessions began at a provider, and ending them: from there, or with the provider. Decides no access.

A session is a row that every process reads at each request, so one that is deleted has ended on all of them.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ringfence.firms.models import ProviderSession, SignIn


def digest(text: str) -> str:
    """What is kept of a subject, and of the provider's own id of a session."""
    return sha256(text.encode()).hexdigest()


def note_session(
    session: str, *, user: int, firm: int, provider: int, subject: str, theirs: str = ""
) -> None:
    """Note that the session of Django's key began at the provider."""
    ProviderSession.objects.create(
        session=session,
        user_id=user,
        firm_id=firm,
        provider=provider,
        subject=digest(subject),
        theirs=digest(theirs) if theirs else "",
        began_at=timezone.now(),
    )


def forget_sessions() -> None:
    """Forget those that are over, since none lasts so long."""
    longest = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    ProviderSession.objects.filter(began_at__lte=longest).delete()


def end_sessions_of_provider(firm: int, provider: int, *, user: int | None = None) -> int:
    """End all that the provider has signed in, or one user's; how many."""
    rows = ProviderSession.objects.filter(firm=firm, provider=provider)
    return _end(rows if user is None else rows.filter(user=user))


def end_sessions_from_there(firm: int, provider: int, *, subject: str = "", theirs: str = "") -> int:
    """End what the provider says has ended: one session of its own, or all of a subject; how many.

    With both, the session must be the subject's. A session of which the provider told no id ends with its
    subject's.
    """
    rows = ProviderSession.objects.filter(firm=firm, provider=provider)
    if subject:
        rows = rows.filter(subject=digest(subject))
    if theirs:
        rows = (
            rows.filter(Q(theirs=digest(theirs)) | Q(theirs=""))
            if subject
            else rows.filter(theirs=digest(theirs))
        )
    return _end(rows) if subject or theirs else 0


def _end(rows: QuerySet[ProviderSession]) -> int:
    with transaction.atomic():
        keys = list(rows.values_list("session", flat=True))
        if keys:
            Session.objects.filter(session_key__in=keys).delete()
            SignIn.objects.filter(session__in=keys).delete()
            ProviderSession.objects.filter(session__in=keys).delete()
    return len(keys)
