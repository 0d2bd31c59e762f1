"""Addresses of requests: asking, one's own, those that wait, answering one."""

from django.urls import URLPattern, path

from . import ask, decide, waiting, yours

urlpatterns: list[URLPattern] = [
    path("firms/<number:firm>/clients/<number:number>/request", ask.ask, name="request-access"),
    path(
        "firms/<number:firm>/clients/<number:number>/requests/<number:member>",
        decide.decide,
        name="decide-request",
    ),
    path("firms/<number:firm>/requests", waiting.listing, name="open-requests"),
    path("firms/<number:firm>/your-account/requests", yours.listing, name="your-requests"),
    path(
        "firms/<number:firm>/your-account/requests/<number:number>/withdraw",
        yours.withdraw,
        name="withdraw-request",
    ),
]
