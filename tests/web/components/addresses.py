"""The only addresses that the layout itself knows."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def _nowhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.path)


urlpatterns = [
    path("language", _nowhere, name="set_language"),
    path("session", _nowhere, name="session"),
    path("sign-in", _nowhere, name="account_login"),
]
