"""Addresses of the names that other software uses."""

from django.urls import URLPattern, path

from . import adding, listing, removing

NAMES = "firms/<number:firm>/manage/software-names"

urlpatterns: list[URLPattern] = [
    path(NAMES, listing.names, name="software-names"),
    path(f"{NAMES}/add", adding.add, name="add-software-name"),
    path(f"{NAMES}/<number:place>/remove", removing.remove, name="remove-software-name"),
]
