"""Addresses of a client's record: the record, its notes, why one can open it."""

from django.urls import URLPattern, path

from . import details, history, notes, openings, refused, views, why

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/clients/<number:number>", views.client, name="client"),
    path("firms/<number:firm>/clients/<number:number>/why", why.me, name="why-me"),
    path("firms/<number:firm>/clients/<number:number>/details/change", details.change, name="change-details"),
    path("firms/<number:firm>/clients/<number:number>/details", details.history, name="details-history"),
    path("firms/<number:firm>/clients/<number:number>/history", history.history, name="client-history"),
    path("firms/<number:firm>/clients/<number:number>/opened", openings.openings, name="client-openings"),
    path(
        "firms/<number:firm>/clients/<number:number>/let-oneself-in/<slug:kind>/<number:group>",
        refused.let_in,
        name="let-oneself-in",
    ),
    path(
        "firms/<number:firm>/clients/<number:number>/engagements/<number:engagement>/add-note",
        notes.add,
        name="add-note",
    ),
    path("firms/<number:firm>/clients/<number:number>/notes/<uuid:document>", notes.note, name="note"),
    path(
        "firms/<number:firm>/clients/<number:number>/notes/<uuid:document>/change",
        notes.change,
        name="change-note",
    ),
]
