"""The signed report of a closed review, to be taken away: what was reviewed, every item, who decided what."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from ringfence.access import note_export
from ringfence.access.reviews.rows import review_row
from ringfence.core.terms import Export
from ringfence.lists.review_report.filling import report_name, report_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def report(visit: Visit, number: int) -> HttpResponse:
    """The report as a zip; its taking is in the ledger before it is theirs."""
    row = review_row(visit.firm.pk, number)
    if row is None:
        raise Http404
    if row.closed is None or row.outcome is None:
        messages.info(visit.request, _("The report can be taken once the review is closed."))
        return redirect("reports", firm=visit.firm.pk)
    packed = report_of(visit.firm, visit.firm_now, row, row.closed)
    note_export(visit.firm.pk, Export.ACCESS, row.terms.count, actor=visit.actor)
    response = HttpResponse(packed, content_type="application/zip")
    name = report_name(row, row.closed, visit.zone)
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response
