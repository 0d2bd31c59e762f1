"""Addresses of the reports."""

from django.urls import URLPattern, path

from . import clients, closed, reach, refused, taking, views

PLACE = "firms/<number:firm>/manage/reports"

urlpatterns: list[URLPattern] = [
    path(PLACE, views.index, name="reports"),
    path(f"{PLACE}/closed", closed.closed, name="report-closed"),
    path(
        f"{PLACE}/closed/<number:number>/<slug:holder>/<number:holding>/<slug:aim>/<number:aimed>",
        closed.remove,
        name="remove-closing",
    ),
    path(f"{PLACE}/new", clients.still_open, name="report-new"),
    path(f"{PLACE}/one-holder", clients.one_holder, name="report-one-holder"),
    path(f"{PLACE}/confidential", clients.confidential, name="report-confidential"),
    path(f"{PLACE}/reach", reach.reach, name="report-reach"),
    path(f"{PLACE}/reach/take/<slug:form>", reach.take_reach, name="take-report-reach"),
    *(
        path(f"{PLACE}/{name}/take/<slug:form>", taking.taking_clients(f"report-{name}"), name=f"take-{name}")
        for name in ("closed", "new", "one-holder", "confidential")
    ),
    path(f"{PLACE}/refused", refused.refused, name="report-refused"),
]
