"""Addresses of tokens: the list, making one, revoking one."""

from django.urls import URLPattern, path

from . import listing, making, revoking

TOKENS = "firms/<number:firm>/manage/tokens"

urlpatterns: list[URLPattern] = [
    path(TOKENS, listing.tokens, name="tokens"),
    path(f"{TOKENS}/make", making.make, name="make-token"),
    path(f"{TOKENS}/<number:token>/revoke", revoking.revoke, name="revoke-token"),
]
