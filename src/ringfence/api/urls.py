"""Addresses of the API. The page about it is a page, and stands with the pages."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import path

from .service import API

KEPT = {"Cache-Control": "max-age=300"}
"""It comes with the release."""


def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API: for everybody, since it says nothing of any firm."""
    from .description import FILE

    if request.method != "GET":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return HttpResponse(FILE.read_bytes(), content_type="application/json", headers=KEPT)


urlpatterns = [path("api/v1/openapi.json", openapi), path("api/v1/", API.urls)]
