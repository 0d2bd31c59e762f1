"""Addresses of the API. The page about it is a page, and stands with the pages."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path

from ringfence.lists.uploads.stages import MOST_BYTES

from . import access_requests
from .description import FILE
from .service import API

KEPT = {"Cache-Control": "max-age=300"}
"""The description comes with the release."""
TAKES_A_FILE = "imports"
OPENS_RECORDS = "/documents"
"""In the addresses that are read after the ledger has noted it."""


def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API: for everybody, since it says nothing of any firm."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return HttpResponse(FILE.read_bytes(), content_type="application/json", headers=KEPT)


addresses = API.urls
for pattern in addresses[0]:
    if isinstance(pattern, URLPattern) and str(pattern.pattern) == TAKES_A_FILE:
        # The server lets a file through to it (`cli.pages`).
        vars(pattern.callback)["most_bytes"] = MOST_BYTES
    if isinstance(pattern, URLPattern) and OPENS_RECORDS in str(pattern.pattern):
        # It waits for writers, so it keeps no reader waiting (`web.shell.lanes`).
        vars(pattern.callback)["opens_records"] = True

urlpatterns = [
    path("api/v1/openapi.json", openapi),
    path("api/v1/access-requests", access_requests.endpoint),
    path("api/v1/access-requests/<str:task>", access_requests.status),
    path("api/v1/access-requests/<str:task>/cancel", access_requests.cancel),
    path("api/v1/", addresses),
]
