"""Addresses of the help pages."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/help", views.index, name="help"),
    path("firms/<number:firm>/help/<slug:topic>", views.topic, name="help-topic"),
]
