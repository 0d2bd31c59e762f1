"""Addresses of adding a client, step by step."""

from django.urls import URLPattern, path

from . import access, check, details

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/clients/add", details.details, name="add-client"),
    path("firms/<number:firm>/clients/add/services", details.services, name="add-client-services"),
    path("firms/<number:firm>/clients/add/access", access.access, name="add-client-access"),
    path("firms/<number:firm>/clients/add/check", check.check, name="add-client-check"),
    path("firms/<number:firm>/clients/<number:number>/added", check.added, name="client-added"),
]
