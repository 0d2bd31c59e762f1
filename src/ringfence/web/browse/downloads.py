"""What one takes away as a file, noted in the ledger: the rows of a page as CSV or XLSX, a picture as SVG.

Which rows, and who may have them, is for whoever asks. A view that answers so writes to the ledger although
it is read: mark it with `in_lane(Lane.WRITING, "GET")`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from ringfence.access import note_export
from ringfence.core.terms import Export
from ringfence.lists.export.writing import Cells, Format, write_list
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ROWS = 100_000
"""Rows that a page makes into a file while one waits; a longer list is taken out in parts."""


class FilePart(NamedTuple):
    """Which of a list's lines go into one file: from `first` (from 0) on, up to and without `last`."""

    first: int
    last: int
    name: str = ""
    """What the file's name says of it; empty for a whole list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsPage(Page):
    parts: tuple[Link, ...]


def part_asked(visit: Visit, total: int) -> FilePart | None:
    """The part of a list of so many lines that is asked for; None where `offer_parts` is to be shown."""
    parts = _parts_of(total)
    if len(parts) < 2:
        return FilePart(0, total)
    number = number_in(visit.request.GET.get("part", ""))
    return parts[number - 1] if 0 < number <= len(parts) else None


def offer_parts(visit: Visit, total: int, back: str) -> HttpResponse:
    """The page from which a long list is taken out part by part; `back` leads to the list."""
    links = []
    for number, part in enumerate(_parts_of(total), start=1):
        asked = visit.request.GET.copy()
        asked["part"] = str(number)
        words = {"number": figure(number), "first": figure(part.first + 1), "last": figure(part.last)}
        text = _("Part %(number)s: %(first)s to %(last)s") % words
        links.append(Link(text=text, href=f"{visit.request.path}?{asked.urlencode()}"))
    page = PartsPage(
        frame=frame_for(visit), title=_("Take this list out in parts"), back=back, parts=tuple(links)
    )
    return show(visit.request, "shared/parts.html", page)


def _parts_of(total: int) -> list[FilePart]:
    firsts = range(0, total, MOST_ROWS)
    return [
        FilePart(first, min(first + MOST_ROWS, total), f"-part-{number}-of-{len(firsts)}")
        for number, first in enumerate(firsts, start=1)
    ]


def take_list(
    visit: Visit,
    what: Export,
    name: str,
    headers: Cells,
    rows: Callable[[FilePart], Iterable[Cells]],
    form: Format,
    *,
    total: int,
    back: str,
) -> HttpResponse:
    """The list of `total` lines as a file, or the page from which a long one is taken out in parts.

    Of nothing there is no file: `back` leads to the list, whose page says why.
    """
    if not total:
        return redirect(back)
    part = part_asked(visit, total)
    if part is None:
        return offer_parts(visit, total, back)
    return download(visit, what, name, headers, rows(part), form, part.name)


def download(
    visit: Visit,
    what: Export,
    name: str,
    headers: Cells,
    rows: Iterable[Cells],
    form: Format,
    part: str = "",
) -> HttpResponse:
    """The rows as a file called ``name-2026-11-29.csv``. Its taking is in the ledger before it is theirs.

    `part` is the name of a `FilePart`, before the day. Cells that a spreadsheet would run are guarded. Raises
    `FirmUnknown`, `StateUnavailable`.
    """
    file = io.BytesIO()
    count = write_list(file, headers, rows, form)
    note_export(visit.firm.pk, what, count, actor=visit.actor)
    return _file(visit, file.getvalue(), TYPES[form], name + part, form.value)


def take_picture(visit: Visit, name: str, drawn: str, boxes: int) -> HttpResponse:
    """A picture of so many boxes as a file called ``name-2026-11-29.svg``, noted as a list is."""
    note_export(visit.firm.pk, Export.PICTURE, boxes, actor=visit.actor)
    return _file(visit, drawn.encode(), "image/svg+xml", name, "svg")


def _file(visit: Visit, body: bytes, kind: str, name: str, suffix: str) -> HttpResponse:
    today = timezone.now().astimezone(visit.zone).date()
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}-{today.isoformat()}.{suffix}"'
    return response
