"""Addresses of groups: the list, creating one, clients in none, one group."""

from django.urls import URLPattern, path

from . import listing
from .create.urls import urlpatterns as create
from .one.urls import urlpatterns as one
from .unassigned.urls import urlpatterns as unassigned

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/groups", listing.listing, name="groups"),
    *create,
    *unassigned,
    *one,
]
