"""Addresses of emergency access."""

from django.urls import URLPattern, path

from . import listing, opening

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/clients/<number:number>/emergency", opening.ask, name="open-emergency"),
    path(
        "firms/<number:firm>/clients/<number:number>/emergency/<number:member>/end",
        opening.end,
        name="end-emergency",
    ),
    path(
        "firms/<number:firm>/clients/<number:number>/emergency/<number:member>/acknowledge",
        listing.acknowledge,
        name="acknowledge-emergency",
    ),
    path("firms/<number:firm>/emergencies", listing.listing, name="emergencies"),
]
