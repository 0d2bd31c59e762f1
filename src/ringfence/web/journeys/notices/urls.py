"""Addresses of what a member was told."""

from django.urls import URLPattern, path

from . import choosing, views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/notices", views.notices, name="notices"),
    path("firms/<number:firm>/notices/by-mail", choosing.choose, name="choose-notices"),
    path("firms/<number:firm>/notices/<number:number>", views.notice, name="notice"),
]
