"""Addresses of the firm's domains."""

from django.urls import URLPattern, path

from . import form, views

_ONE = "firms/<number:firm>/manage/domains/<number:domain>"

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/domains", views.listing, name="domains"),
    path("firms/<number:firm>/manage/domains/add", form.add, name="add-domain"),
    path(_ONE, views.one, name="domain"),
    path(f"{_ONE}/remove", form.remove, name="remove-domain"),
]
