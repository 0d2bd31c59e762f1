"""Addresses of the first run."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("first-run", views.code, name="first-run"),
    path("first-run/firm", views.firm, name="first-run-firm"),
    path("first-run/profile", views.profile, name="first-run-profile"),
    path("first-run/place", views.place, name="first-run-place"),
    path("first-run/you", views.you, name="first-run-you"),
    path("first-run/check", views.check, name="first-run-check"),
    path("first-run/done", views.done, name="first-run-done"),
]
