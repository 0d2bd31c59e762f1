"""The address at which a firm begins."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/", views.home, name="firm-home"),
]
