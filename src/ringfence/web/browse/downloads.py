"""A list to take away, as CSV or XLSX: the rows of a page as a file, noted in the ledger.

Which rows, and who may have them, is for whoever asks. A view that answers so writes to the ledger although
it is read: mark it with `in_lane(Lane.WRITING, "GET")`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone

from ringfence.access import note_export
from ringfence.core.terms import Export
from ringfence.lists.export.writing import Cells, Format, write_list
from ringfence.web.shell.visit import Visit

TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ROWS = 100_000
"""Rows that a page makes into a file while one waits."""


def download(
    visit: Visit, what: Export, name: str, headers: Cells, rows: Iterable[Cells], form: Format
) -> HttpResponse:
    """The rows as a file called ``name-2026-11-29.csv``. Its taking is in the ledger before it is theirs.

    Cells that a spreadsheet would run are guarded. Raises `FirmUnknown`, `StateUnavailable`.
    """
    file = io.BytesIO()
    count = write_list(file, headers, rows, form)
    note_export(visit.firm.pk, what, count, actor=visit.actor)
    today = timezone.now().astimezone(visit.zone).date()
    response = HttpResponse(file.getvalue(), content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}-{today.isoformat()}.{form.value}"'
    return response
