"""Addresses of the API. The page about it is a page, and stands with the pages."""

from django.urls import path

from .service import API

urlpatterns = [path("api/v1/", API.urls)]
