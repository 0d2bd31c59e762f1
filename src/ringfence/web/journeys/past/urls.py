"""Addresses of the past."""

from django.urls import URLPattern, path

from . import between, client, member

CLIENT = "firms/<number:firm>/manage/clients/<number:number>"

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
]
