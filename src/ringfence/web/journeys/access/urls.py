"""Addresses of who can open which client, and why."""

from django.urls import URLPattern, path

from . import carry_out, views, why

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/clients", views.listing, name="client-access-list"),
    path("firms/<number:firm>/manage/clients/<number:number>", views.client, name="client-access"),
    path(
        "firms/<number:firm>/manage/clients/<number:number>/members/<number:member>",
        why.member,
        name="why-member",
    ),
    path(
        "firms/<number:firm>/manage/clients/<number:number>/members/<number:member>/ways/<number:way>",
        carry_out.carry_out,
        name="carry-out",
    ),
]
