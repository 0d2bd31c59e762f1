"""Addresses of unassigned clients: choosing them, choosing groups, level, check, done."""

from django.urls import URLPattern, path

from . import assign, choose

PLACE = "firms/<number:firm>/manage/unassigned-clients"

urlpatterns: list[URLPattern] = [
    path(PLACE, choose.unassigned, name="unassigned-clients"),
    path(f"{PLACE}/confidential", choose.confidential, name="unassigned-confidential"),
    path(f"{PLACE}/groups", choose.groups, name="assign-groups"),
    path(f"{PLACE}/level", assign.level, name="assign-level"),
    path(f"{PLACE}/check", assign.check, name="assign-check"),
    path(f"{PLACE}/added", assign.assigned, name="clients-assigned"),
]
