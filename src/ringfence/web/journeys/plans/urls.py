"""Addresses of a client's plans."""

from django.urls import URLPattern, path

from . import listing, reading, removing, writing

CLIENT = "firms/<number:firm>/clients/<number:number>"
PLAN = f"{CLIENT}/plans/<uuid:document>"

urlpatterns: list[URLPattern] = [
    path(f"{CLIENT}/plans", listing.plans, name="client-plans"),
    path(f"{CLIENT}/engagements/<number:engagement>/add-plan", writing.add, name="add-plan"),
    path(PLAN, reading.plan, name="plan"),
    path(f"{PLAN}/change", writing.change, name="change-plan"),
    path(f"{PLAN}/versions", reading.versions, name="plan-versions"),
    path(f"{PLAN}/versions/<number:version>", reading.version, name="plan-version"),
    path(f"{PLAN}/compare", reading.compare, name="compare-plan"),
    path(f"{PLAN}/remove", removing.remove, name="remove-plan"),
]
