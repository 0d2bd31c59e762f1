"""Addresses of the reports on use: the days looked at stand in them."""

from django.urls import URLPattern, path

from . import away, delegations, groups, holders, index, picking, signed_review, taking

PLACE = "firms/<number:firm>/manage/reports/use"
DAYS = f"{PLACE}/<number:days>"
ONE = f"{DAYS}/<slug:report>/<slug:kind>/<number:number>"

urlpatterns: list[URLPattern] = [
    path(PLACE, index.index, name="use"),
    path(f"{DAYS}/unused", holders.unused, name="use-unused"),
    path(f"{DAYS}/reading", holders.reading, name="use-reading"),
    path(f"{DAYS}/groups", groups.groups, name="use-groups"),
    path(f"{DAYS}/groups/delete", groups.delete_all, name="use-groups-delete"),
    path(f"{DAYS}/away", away.away, name="use-away"),
    path(f"{DAYS}/away/share", away.share, name="use-away-share"),
    path(f"{DAYS}/delegations", delegations.delegations, name="use-delegations"),
    path(f"{DAYS}/delegations/end", delegations.end_all, name="use-delegations-end"),
    path(f"{DAYS}/unused/take/<slug:form>", taking.take_unused, name="take-use-unused"),
    path(f"{DAYS}/reading/take/<slug:form>", taking.take_reading, name="take-use-reading"),
    path(f"{DAYS}/groups/take/<slug:form>", taking.take_groups, name="take-use-groups"),
    path(f"{DAYS}/away/take/<slug:form>", taking.take_away, name="take-use-away"),
    path(f"{DAYS}/delegations/take/<slug:form>", taking.take_delegations, name="take-use-delegations"),
    path("firms/<number:firm>/reviews/<number:number>/report", signed_review.report, name="review-report"),
    path(ONE, picking.one, name="use-of-one"),
    path(f"{ONE}/check", picking.check, name="use-check"),
    path(f"{ONE}/wide/<number:service>", picking.wide, name="use-wide"),
]
