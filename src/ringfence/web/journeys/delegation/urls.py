"""Addresses of delegations: one's own, a member's, everybody's; making, changing and ending one."""

from django.urls import URLPattern, path

from . import choosing, ending, making, opens, views

FIRM = "firms/<number:firm>/delegations"
OF = f"{FIRM}/<number:member>"
ONE = f"{OF}/to/<number:delegate>"

urlpatterns: list[URLPattern] = [
    path(FIRM, views.own, name="delegations"),
    path(f"{FIRM}/everybodys", views.everybodys, name="everybodys-delegations"),
    path(OF, views.of_member, name="member-delegations"),
    path(f"{OF}/to", choosing.choose, name="delegate-to"),
    path(ONE, making.terms, name="delegate-terms"),
    path(f"{ONE}/opens", opens.would, name="delegation-opens"),
    path(f"{ONE}/clients", opens.stands, name="delegation-clients"),
    path(f"{ONE}/end", ending.end, name="end-delegation"),
]
