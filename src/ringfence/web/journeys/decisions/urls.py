"""Addresses of the log of decisions."""

from django.urls import URLPattern, path

from . import switching, views

PLACE = "firms/<number:firm>/manage/reports/decisions"

urlpatterns: list[URLPattern] = [
    path(PLACE, views.listing, name="decisions"),
    path(f"{PLACE}/log", switching.switch, name="decision-log"),
]
