"""Addresses of webhooks."""

from django.urls import URLPattern, path

from . import asking, form, views

_ONE = "firms/<number:firm>/manage/webhooks/<number:webhook>"

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/webhooks", views.listing, name="webhooks"),
    path("firms/<number:firm>/manage/webhooks/add", form.add, name="add-webhook"),
    path(_ONE, views.one, name="webhook"),
    path(f"{_ONE}/secret", views.secret, name="webhook-secret"),
    path(f"{_ONE}/change", form.change, name="change-webhook"),
    path(f"{_ONE}/rotate", asking.rotate, name="rotate-webhook"),
    path(f"{_ONE}/pause", asking.pause, name="pause-webhook"),
    path(f"{_ONE}/resume", asking.resume, name="resume-webhook"),
    path(f"{_ONE}/remove", asking.remove, name="remove-webhook"),
]
