"""Addresses of lists that are on their way in."""

from django.urls import URLPattern, path

from . import add, one, views

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/lists", views.lists, name="lists"),
    path("firms/<number:firm>/lists/add/<slug:what>", add.add, name="add-list"),
    path("firms/<number:firm>/lists/<number:upload>", one.one, name="list"),
    path("firms/<number:firm>/lists/<number:upload>/faults.csv", one.faults_file, name="list-faults"),
]
