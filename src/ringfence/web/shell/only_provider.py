"""Who enters a firm that lets its people in by its own provider alone: by that, or as who keeps a password.

Held where a firm is entered (`sign_in_rules`), whatever a session began with: a password, a link at which one
was set, a passkey. Other firms of the same person are not touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.providers import provider_numbered
from ringfence.access.security_log import SecurityKind, note
from ringfence.access.sign_in_only import keeps_password
from ringfence.access.sign_in_policy import SignInPolicy
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.tell_kept_password import tell_kept_password
from ringfence.wording.saying import gettext as _

from .came_by import came_by
from .security_noting import source_of

if TYPE_CHECKING:
    from .visit import Visit

TOLD = "kept_password_used"
"""The session's key for the firms whose administrators were told that it came in with a kept password."""


def stopped_by_provider(visit: Visit, policy: SignInPolicy) -> HttpResponse | None:
    """Leads to the firm's provider whoever did not come by it; None for who may go on."""
    required = policy.only_provider
    if not required:
        return None
    firm, came = visit.firm.pk, came_by(visit.request)
    if came is not None and (came.firm, came.number) == (firm, required):
        return None
    if keeps_password(policy, visit.row):
        _tell_once(visit)
        return None
    provider = provider_numbered(firm, required)
    name = provider.name if provider is not None else ""
    why = _("%(firm)s opens to its people by %(provider)s alone. Sign in there.")
    messages.info(visit.request, why % {"firm": visit.firm.name, "provider": name})
    if provider is None:
        return redirect("account_login")
    asked = urlencode({"next": visit.request.get_full_path()})
    return redirect(f"{reverse('provider', args=[provider.uid])}?{asked}")


def _tell_once(visit: Visit) -> None:
    """Once in a session: into the security log, and to all who manage the firm."""
    session, firm = visit.request.session, visit.firm.pk
    told = session.get(TOLD, [])
    if firm in told:
        return
    session[TOLD] = [*told, firm]
    source = source_of(visit.request)
    note(SecurityKind.KEPT_PASSWORD_USED, firm=firm, member=visit.number, source=source)
    enqueue(tell_kept_password, firm, visit.number)
