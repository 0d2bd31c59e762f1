"""Addresses of creating a group, one for each step."""

from django.urls import URLPattern, path

from . import check, clients, kind, members, name, service

PLACE = "firms/<number:firm>/manage/groups"

urlpatterns: list[URLPattern] = [
    path(f"{PLACE}/create", kind.kind, name="create-group"),
    path(f"{PLACE}/create/service", service.service, name="create-group-service"),
    path(f"{PLACE}/create/name", name.name, name="create-group-name"),
    path(f"{PLACE}/create/clients", clients.clients, name="create-group-clients"),
    path(f"{PLACE}/create/team-members", members.members, name="create-group-members"),
    path(f"{PLACE}/create/check", check.check, name="create-group-check"),
    path(f"{PLACE}/<number:number>/created", check.created, name="group-created"),
]
