"""Addresses under a client where it is changed, and the list of removed clients."""

from django.urls import URLPattern, path

from . import confidential, details, removal, services

CLIENT = "firms/<number:firm>/clients/<number:number>"

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/clients/removed", removal.removed, name="removed-clients"),
    path(f"{CLIENT}/change", details.change, name="change-client"),
    path(f"{CLIENT}/confidential", confidential.mark, name="mark-client"),
    path(f"{CLIENT}/services/add", services.add, name="add-client-service"),
    path(
        f"{CLIENT}/services/<number:engagement>/tax-reference",
        services.tax_reference,
        name="change-tax-reference",
    ),
    path(
        f"{CLIENT}/services/<number:engagement>/remove",
        services.remove,
        name="remove-client-service",
    ),
    path(f"{CLIENT}/remove", removal.remove, name="remove-client"),
    path(f"{CLIENT}/restore", removal.restore, name="restore-client"),
]
