"""Addresses of groups: the list, creating one, one group."""

from django.urls import URLPattern, path

from . import views
from .create.urls import urlpatterns as create
from .unassigned.urls import urlpatterns as unassigned

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/groups", views.listing, name="groups"),
    *create,
    *unassigned,
    path("firms/<number:firm>/manage/groups/<number:number>", views.group, name="group"),
    path(
        "firms/<number:firm>/manage/groups/<number:number>/team-members", views.people, name="group-members"
    ),
    path("firms/<number:firm>/manage/groups/<number:number>/rename", views.rename, name="rename-group"),
    path("firms/<number:firm>/manage/groups/<number:number>/delete", views.delete, name="delete-group"),
]
