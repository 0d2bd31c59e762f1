"""The address of the list of clients."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/clients", views.listing, name="clients"),
]
