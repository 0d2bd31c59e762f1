"""Addresses of sharing a client: with whom, and how."""

from django.urls import URLPattern, path

from . import grant, views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/clients/<number:number>/share", views.choose, name="share-client"),
    path(
        "firms/<number:firm>/clients/<number:number>/share/groups/<number:group>",
        grant.with_group,
        name="share-client-with-group",
    ),
    path(
        "firms/<number:firm>/clients/<number:number>/share/members/<number:member>",
        grant.with_member,
        name="share-client-with-member",
    ),
]
