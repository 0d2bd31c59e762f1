"""Addresses of how the firm's people sign in."""

from django.urls import URLPattern, path

from . import changing, overview

PLACE = "firms/<number:firm>/manage/sign-in"

urlpatterns: list[URLPattern] = [
    path(PLACE, overview.sign_in, name="firm-sign-in"),
    path(f"{PLACE}/second-step", changing.second_step, name="ask-second-step"),
    path(f"{PLACE}/session", changing.session, name="limit-sessions"),
    path(f"{PLACE}/networks", changing.networks, name="limit-networks"),
]
