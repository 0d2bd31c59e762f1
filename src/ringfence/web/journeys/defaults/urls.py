"""Addresses of what new clients start with."""

from django.urls import URLPattern, path

from . import mine, policies

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/policies", policies.policies, name="policies"),
    path(
        "firms/<number:firm>/your-account/client-permissions",
        mine.mine,
        name="my-client-permissions",
    ),
    path(
        "firms/<number:firm>/manage/team/<number:member>/client-permissions",
        mine.of_member,
        name="client-permissions-of",
    ),
]
