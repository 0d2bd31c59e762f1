"""What one takes away as a file, noted in the ledger: the rows of a page as CSV or XLSX, a picture as SVG.

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
    return _file(visit, file.getvalue(), TYPES[form], name, form.value)


def take_picture(visit: Visit, name: str, drawn: str, boxes: int) -> HttpResponse:
    """A picture of so many boxes as a file called ``name-2026-11-29.svg``, noted as a list is."""
    note_export(visit.firm.pk, Export.PICTURE, boxes, actor=visit.actor)
    return _file(visit, drawn.encode(), "image/svg+xml", name, "svg")


def _file(visit: Visit, body: bytes, kind: str, name: str, suffix: str) -> HttpResponse:
    today = timezone.now().astimezone(visit.zone).date()
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}-{today.isoformat()}.{suffix}"'
    return response
