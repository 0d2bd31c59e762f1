"""The address of the requirement."""

from django.urls import URLPattern, path

from . import form

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/sign-in/only-provider", form.change, name="require-provider")
]
