"""Addresses of the firm's settings."""

from django.urls import URLPattern, path

from . import change, overview, successor

SETTINGS = "firms/<number:firm>/manage/settings"

urlpatterns: list[URLPattern] = [
    path(SETTINGS, overview.overview, name="settings"),
    path(f"{SETTINGS}/take-over", successor.choose, name="firm-successor"),
    path(f"{SETTINGS}/take-over/nobody", successor.nobody, name="no-firm-successor"),
    path(f"{SETTINGS}/take-over/<number:member>", successor.name, name="set-firm-successor"),
    path(f"{SETTINGS}/<slug:setting>", change.change, name="change-setting"),
    path(f"{SETTINGS}/<slug:setting>/check", change.check, name="check-setting"),
]
