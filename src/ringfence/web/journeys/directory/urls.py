"""Addresses of the firm's directory."""

from django.urls import URLPattern, path

from . import form, views

_ONE = "firms/<number:firm>/manage/directory"

urlpatterns: list[URLPattern] = [
    path(_ONE, views.directory, name="directory"),
    path(f"{_ONE}/change", form.change, name="change-directory"),
    path(f"{_ONE}/forget", form.forget, name="forget-directory"),
]
