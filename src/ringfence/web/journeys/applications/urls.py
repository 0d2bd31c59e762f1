"""Addresses of a client's application forms."""

from django.urls import URLPattern, path

from . import finalising, listing, reading, removing, writing

CLIENT = "firms/<number:firm>/clients/<number:number>"
FORM = f"{CLIENT}/applications/<uuid:document>"

urlpatterns: list[URLPattern] = [
    path(f"{CLIENT}/applications", listing.applications, name="client-applications"),
    path(f"{CLIENT}/engagements/<number:engagement>/add-application", writing.add, name="add-application"),
    path(FORM, reading.application, name="application"),
    path(f"{FORM}/change", writing.change, name="change-application"),
    path(f"{FORM}/finalise", finalising.finalise_form, name="finalise-application"),
    path(f"{FORM}/remove", removing.remove, name="remove-application"),
]
