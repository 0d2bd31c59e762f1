"""The address of the fields that a firm names."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/client-fields", views.fields, name="client-fields"),
]
