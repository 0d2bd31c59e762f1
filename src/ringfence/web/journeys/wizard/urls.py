"""Addresses of the permissions wizard, step by step."""

from django.urls import URLPattern, path

from . import check, clients, who

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/wizard", who.what, name="wizard"),
    path("firms/<number:firm>/wizard/who", who.who, name="wizard-who"),
    path("firms/<number:firm>/wizard/clients", clients.clients, name="wizard-clients"),
    path("firms/<number:firm>/wizard/check", check.check, name="wizard-check"),
]
