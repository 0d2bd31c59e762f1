"""The provider that an address of these pages names, and where else it can be reached."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse

from ringfence.access.providers import Provider, provider_numbered
from ringfence.web.shell.visit import Visit


def found(visit: Visit, provider: int) -> Provider:
    """The provider of the visitor's firm; raises `Http404`."""
    kept = provider_numbered(visit.firm.pk, provider)
    if kept is None:
        raise Http404
    return kept


def our_addresses(request: HttpRequest, uid: str) -> dict[str, str]:
    """What is entered at the provider: where people come back to, and where it tells that one signed out."""
    return {
        "back": request.build_absolute_uri(reverse("provider-callback", args=[uid])),
        "signed_out": request.build_absolute_uri(reverse("account_login")),
        "logout": request.build_absolute_uri(reverse("provider-back-channel", args=[uid])),
        "page": request.build_absolute_uri(reverse("provider", args=[uid])),
    }
