"""Addresses of team members: the list, one person, and what is changed of them."""

from django.urls import URLPattern, path

from . import listing, own_access, person, reach

TEAM = "firms/<number:firm>/manage/team-members"
ONE = f"{TEAM}/<number:member>"

urlpatterns: list[URLPattern] = [
    path(TEAM, listing.listing, name="team"),
    path(ONE, person.person, name="member"),
    path(f"{ONE}/clients", reach.clients, name="member-clients"),
    path(f"{ONE}/own-access", own_access.own_access, name="member-access"),
]
