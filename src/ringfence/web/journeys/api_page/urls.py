"""Address of the page about the API."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [path("api/v1/", views.about, name="api-page")]
