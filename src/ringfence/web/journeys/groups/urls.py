"""Addresses of groups: the list, creating one, one group."""

from django.urls import URLPattern, path

from . import clients, create, members, views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/groups", views.listing, name="groups"),
    path("firms/<number:firm>/manage/groups/create", create.name, name="create-group"),
    path("firms/<number:firm>/manage/groups/create/clients", clients.clients, name="create-group-clients"),
    path(
        "firms/<number:firm>/manage/groups/create/team-members",
        members.members,
        name="create-group-members",
    ),
    path("firms/<number:firm>/manage/groups/create/check", create.check, name="create-group-check"),
    path("firms/<number:firm>/manage/groups/<number:number>", views.group, name="group"),
    path(
        "firms/<number:firm>/manage/groups/<number:number>/created",
        create.created,
        name="group-created",
    ),
    path(
        "firms/<number:firm>/manage/groups/<number:number>/team-members", views.people, name="group-members"
    ),
    path("firms/<number:firm>/manage/groups/<number:number>/rename", views.rename, name="rename-group"),
    path("firms/<number:firm>/manage/groups/<number:number>/delete", views.delete, name="delete-group"),
]
