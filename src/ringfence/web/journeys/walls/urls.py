"""Addresses of walls: the list, one wall with its parts, raising, changing and lowering one."""

from django.urls import URLPattern, path

from . import choosing, conflicts, listing, raising, terms, wall, yours

WALLS = "firms/<number:firm>/manage/walls"
ONE = f"{WALLS}/<number:number>"

urlpatterns: list[URLPattern] = [
    path(WALLS, listing.walls, name="walls"),
    path(f"{WALLS}/raise", raising.name, name="raise-wall"),
    path(f"{WALLS}/raise/members/<number:side>", choosing.members, name="wall-members"),
    path(f"{WALLS}/raise/clients/<number:side>", choosing.clients, name="wall-clients"),
    path(f"{WALLS}/raise/conflicts", conflicts.of_draft, name="wall-draft-conflicts"),
    path(f"{WALLS}/raise/terms", terms.terms, name="wall-terms"),
    path(f"{WALLS}/raise/check", raising.check, name="wall-check"),
    path(ONE, wall.wall, name="wall"),
    path(f"{ONE}/members/<number:side>", wall.side_members, name="wall-side-members"),
    path(f"{ONE}/clients/<number:side>", wall.side_clients, name="wall-side-clients"),
    path(f"{ONE}/conflicts", conflicts.of_wall, name="wall-conflicts"),
    path(f"{ONE}/change", wall.change, name="change-wall"),
    path(f"{ONE}/lower", wall.lower, name="lower-wall"),
    path("firms/<number:firm>/your-account/kept-apart", yours.yours, name="your-walls"),
]
