"""The Django app of the firms' tables."""

from django.apps import AppConfig


class FirmsConfig(AppConfig):
    name = "ringfence.firms"
    default_auto_field = "django.db.models.BigAutoField"
