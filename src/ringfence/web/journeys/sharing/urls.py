"""Addresses of sharing a client: who has access, giving, changing and removing it, owners."""

from django.urls import URLPattern, path

from . import grant, owners, panel, removing, views

SHARE = "firms/<number:firm>/clients/<number:number>/share"

urlpatterns: list[URLPattern] = [
    path(SHARE, panel.panel, name="share-client"),
    path(f"{SHARE}/with", views.choose, name="share-client-with"),
    path(f"{SHARE}/services/<number:engagement>/with", views.choose, name="share-service-with"),
    path(f"{SHARE}/groups/<number:group>", grant.with_group, name="share-client-with-group"),
    path(f"{SHARE}/members/<number:member>", grant.with_member, name="share-client-with-member"),
    path(
        f"{SHARE}/groups/<number:group>/services/<number:engagement>",
        grant.with_group,
        name="share-service-with-group",
    ),
    path(
        f"{SHARE}/members/<number:member>/services/<number:engagement>",
        grant.with_member,
        name="share-service-with-member",
    ),
    path(
        f"{SHARE}/<slug:holder>/<number:holding>/remove/<number:aimed>",
        removing.stop_sharing,
        name="stop-sharing",
    ),
    path(f"{SHARE}/owners", owners.choose, name="choose-owner"),
    path(f"{SHARE}/owners/<number:member>", owners.make, name="make-owner"),
]
