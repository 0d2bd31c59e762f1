"""Addresses of the security log."""

from django.urls import URLPattern, path

from . import export, views

PLACE = "firms/<number:firm>/manage/reports/security"

urlpatterns: list[URLPattern] = [
    path(PLACE, views.listing, name="security-log"),
    path(f"{PLACE}/csv", export.as_csv, name="security-log-csv"),
    path(f"{PLACE}/xlsx", export.as_xlsx, name="security-log-xlsx"),
]
