"""The entries that the ledger's page has found, as a file: the same rows in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import entries_numbered
from ringfence.core.terms import Export
from ringfence.lists.export.writing import Cells, Format
from ringfence.web.browse.downloads import FilePart, take_list
from ringfence.web.browse.entry_lines import EntryLine, entry_lines, latest_first
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .seeking import seek

AT_ONCE = 100
"""Entries whose names are read at once."""
MOST_SENTENCES = 20
"""Events of an entry that its row tells: more would not fit into a cell of a spreadsheet."""


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def as_csv(visit: Visit) -> HttpResponse:
    """As CSV."""
    return _taken(visit, Format.CSV)


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def as_xlsx(visit: Visit) -> HttpResponse:
    """As a workbook."""
    return _taken(visit, Format.XLSX)


def _taken(visit: Visit, form: Format) -> HttpResponse:
    here = reverse("ledger", args=[visit.firm.pk])
    found = seek(visit, here)
    headers = (
        _("Entry"),
        _("When"),
        _("By whom"),
        _("What was done"),
        _("Details"),
        _("Gave themselves access"),
        _("Reason"),
    )
    return take_list(
        visit,
        Export.LEDGER,
        "ledger",
        headers,
        partial(_rows, visit, found.numbers),
        form,
        total=len(found.numbers),
        back=here + found.search.encoded,
    )


def _rows(visit: Visit, numbers: BitMap, part: FilePart) -> Iterator[Cells]:
    for offset in range(part.first, part.last, AT_ONCE):
        some = latest_first(numbers, offset, min(AT_ONCE, part.last - offset))
        entries = entries_numbered(visit.firm.pk, some)
        for line in entry_lines(visit, entries[::-1], MOST_SENTENCES):
            yield _cells(line)


def _cells(line: EntryLine) -> Cells:
    told = "; ".join((*line.sentences, *((line.more,) if line.more else ())))
    marked = _("yes") if line.self_access else ""
    return (str(line.number), line.when, line.who, line.what, told, marked, line.reason)
