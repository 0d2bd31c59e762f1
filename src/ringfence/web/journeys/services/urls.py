"""Addresses of the service catalogue."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/services", views.catalogue, name="services"),
    path("firms/<number:firm>/manage/services/add", views.add, name="add-service"),
    path("firms/<number:firm>/manage/services/<number:service>/rename", views.rename, name="rename-service"),
    path("firms/<number:firm>/manage/services/<number:service>/remove", views.remove, name="remove-service"),
]
