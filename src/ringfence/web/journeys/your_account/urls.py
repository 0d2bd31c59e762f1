"""Addresses of everybody's own account."""

from django.urls import URLPattern, path

from . import clients, views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/your-account", views.account, name="your-account"),
    path("firms/<number:firm>/your-account/groups/<number:group>", clients.group, name="your-group"),
    path("firms/<number:firm>/your-account/other-clients", clients.others, name="your-other-clients"),
]
