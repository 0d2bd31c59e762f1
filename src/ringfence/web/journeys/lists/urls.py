"""Addresses of lists: those on their way in, and those taken out with the search of a page."""

from django.urls import URLPattern, path

from . import access, add, one, taken, views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/lists", views.lists, name="lists"),
    path("firms/<number:firm>/lists/add/<slug:what>", add.add, name="add-list"),
    path("firms/<number:firm>/lists/<number:upload>", one.one, name="list"),
    path("firms/<number:firm>/lists/<number:upload>/access", access.access, name="list-access"),
    path("firms/<number:firm>/lists/<number:upload>/faults.<slug:form>", one.faults_file, name="list-faults"),
    path("firms/<number:firm>/lists/take/clients.<slug:form>", taken.clients, name="take-clients"),
    path("firms/<number:firm>/lists/take/who-can-open.<slug:form>", taken.who_opens, name="take-access"),
    path(
        "firms/<number:firm>/lists/take/members/<number:member>.<slug:form>",
        taken.reach,
        name="take-reach",
    ),
]
