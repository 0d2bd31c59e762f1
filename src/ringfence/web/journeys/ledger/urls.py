"""Addresses of the ledger."""

from django.urls import URLPattern, path

from . import entry, export, imported, undo, views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/manage/ledger", views.listing, name="ledger"),
    path("firms/<number:firm>/manage/ledger/csv", export.as_csv, name="ledger-csv"),
    path("firms/<number:firm>/manage/ledger/xlsx", export.as_xlsx, name="ledger-xlsx"),
    path("firms/<number:firm>/manage/ledger/<number:entry>", entry.entry, name="ledger-entry"),
    path("firms/<number:firm>/manage/ledger/<number:entry>/list", imported.file, name="imported-list"),
    path("firms/<number:firm>/manage/ledger/<number:entry>/undo", undo.undo, name="undo-entry"),
    path(
        "firms/<number:firm>/manage/ledger/<number:entry>/changes/<number:place>",
        entry.named,
        name="ledger-named",
    ),
]
