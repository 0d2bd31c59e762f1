"""Addresses of the past."""

from django.urls import URLPattern, path

from . import between, client, member, walls

CLIENT = "firms/<number:firm>/manage/clients/<number:number>"
WALLS = "firms/<number:firm>/manage/what-walls-kept"

urlpatterns: list[URLPattern] = [
    path(f"{CLIENT}/as-it-was", client.then, name="client-then"),
    path(f"{CLIENT}/between", between.listing, name="client-between"),
    path(f"{CLIENT}/between/csv", between.as_csv, name="client-between-csv"),
    path(f"{CLIENT}/between/xlsx", between.as_xlsx, name="client-between-xlsx"),
    path(
        "firms/<number:firm>/manage/team-members/<number:member>/as-it-was",
        member.then,
        name="member-then",
    ),
    path(WALLS, walls.kept, name="walls-kept"),
    path(f"{WALLS}/csv", walls.as_csv, name="walls-kept-csv"),
    path(f"{WALLS}/xlsx", walls.as_xlsx, name="walls-kept-xlsx"),
]
