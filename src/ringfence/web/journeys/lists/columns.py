"""Saying what the columns of a list are: its first rows as they were read, and a guess at each column."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from django.http import HttpResponse
from django.urls import reverse

from ringfence.firms.models import ListUpload
from ringfence.lists.faults import TableError
from ringfence.lists.files.encoding import called
from ringfence.lists.rows.columns import SERVICE_PREFIX, placed_columns
from ringfence.lists.rows.headers import ListKind, fields_of
from ringfence.lists.rows.look import FirstLook, TopRow
from ringfence.lists.rows.shapes import NO_SHAPE
from ringfence.lists.uploads.stages import ListChoice, UploadPart
from ringfence.web.queries.things import services_offered
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import Visit
from ringfence.wording.list_faults import fault_text, field_text
from ringfence.wording.list_shapes import read_as_text, shape_text
from ringfence.wording.saying import gettext as _

from .found import part_of
from .gone import WholeQuestion, whole_question
from .how_read import form_of, separator_names
from .option import Option

SAMPLES = 3
"""Cells of each column that are shown beside it, each once."""
SHOWN = 8
"""Rows that are shown as they were read."""
ENCODINGS = ("utf-8", "windows-1252", "utf-16", "windows-1250", "iso-8859-15", "macintosh", "cp850")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLine:
    """A column: what stands in it, and what it is taken for."""

    name: str
    """Of its field in the form."""
    header: str
    samples: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPage(Page):
    file: str
    mine: bool
    turn: int
    how: str
    """How the file was read, in a sentence."""
    shapes: tuple[Option, ...]
    """Whose list it can be; empty where no known program's is like it."""
    shape: str
    whole: WholeQuestion | None
    look: FirstLook
    told: ListChoice
    top: tuple[TopRow, ...]
    columns: tuple[ColumnLine, ...]
    options: tuple[Option, ...]
    sheets: tuple[Option, ...]
    headers: tuple[Option, ...]
    encodings: tuple[Option, ...]
    separators: tuple[Option, ...]


def columns_page(
    visit: Visit,
    upload: ListUpload,
    *,
    mine: bool,
    choice: ListChoice | None = None,
    errors: tuple[ErrorLine, ...] = (),
) -> HttpResponse:
    """The page; `choice` is what was sent and is to be put right."""
    look = part_of(upload, UploadPart.LOOK, FirstLook)
    told = choice or msgspec.convert(upload.told, ListChoice)
    meanings = told.meanings if len(told.meanings) == len(look.headers) else look.meanings
    below = [row for row in look.top if row.line > look.header]
    page = ColumnsPage(
        frame=frame_for(visit, "manage"),
        title=_("Say what the columns are"),
        back=reverse("lists", args=[visit.firm.pk]),
        errors=errors,
        file=upload.file,
        mine=mine,
        turn=upload.turn,
        how=f"{read_as_text(look.shape)} {form_of(look)}" if look.shape else form_of(look),
        shapes=_shapes(look),
        shape=look.shape or NO_SHAPE,
        whole=whole_question(visit, upload, told),
        look=look,
        told=told,
        top=look.top[:SHOWN] if mine else (),
        columns=tuple(
            ColumnLine(
                name=f"column-{place}",
                header=header,
                samples=_samples(below, place),
                meaning=meanings[place],
            )
            for place, header in enumerate(look.headers)
            if header and mine
        ),
        options=_options(visit, ListKind(upload.kind), look),
        sheets=tuple(Option(value=sheet, text=sheet) for sheet in look.sheets),
        headers=_headers(look, told),
        encodings=encodings(),
        separators=separators(),
    )
    return show(visit.request, "lists/columns.html", page)


def _samples(rows: list[TopRow], place: int) -> tuple[str, ...]:
    """The first different cells of a column that hold anything."""
    cells = (row.cells[place] for row in rows if place < len(row.cells))
    return tuple(dict.fromkeys(filter(None, cells)))[:SAMPLES]


def _headers(look: FirstLook, told: ListChoice) -> tuple[Option, ...]:
    """The rows that may be the header; unless one is chosen, it is found anew in what is read then."""
    number = {"number": look.header}
    found = _("As it is found") if told.header else _("As it is found: row %(number)s") % number
    rows = (Option(value=str(row.line), text=_("Row %(number)s: %(cells)s") % _told(row)) for row in look.top)
    return Option(value="", text=found), *rows


def _told(row: TopRow) -> dict[str, str]:
    return {"number": str(row.line), "cells": ", ".join(filter(None, row.cells))[:60]}


def encodings() -> tuple[Option, ...]:
    """The encodings that are offered; every other is rare."""
    return tuple(Option(value=name, text=called(name)) for name in ENCODINGS)


def separators() -> tuple[Option, ...]:
    """What may stand between the cells of a text file."""
    named = separator_names().items()
    return tuple(Option(value="tab" if value == "\t" else value, text=text) for value, text in named)


def _shapes(look: FirstLook) -> tuple[Option, ...]:
    if not look.shapes:
        return ()
    headers_alone = Option(value=NO_SHAPE, text=_("What its headers say"))
    return (*(Option(value=code, text=_capital(shape_text(code))) for code in look.shapes), headers_alone)


def _options(visit: Visit, kind: ListKind, look: FirstLook) -> tuple[Option, ...]:
    """What a column may be, the services of the firm and of the guess included."""
    options = [Option(value="", text=_("Leave it out"))]
    options += [Option(value=field, text=_capital(field_text(field))) for field in fields_of(kind)]
    if kind is ListKind.CLIENTS:
        named = [
            f"{SERVICE_PREFIX}{service.name}" for service in services_offered(visit.firm_now, visit.number)
        ]
        guessed = [meaning for meaning in look.meanings if meaning.startswith(SERVICE_PREFIX)]
        options += [
            Option(value=each, text=_capital(field_text(each))) for each in dict.fromkeys(named + guessed)
        ]
    return tuple(options)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- What was sent


def read_columns(
    visit: Visit, upload: ListUpload, before: ListChoice
) -> tuple[ListChoice, tuple[ErrorLine, ...]]:
    """What the columns are said to be, and what is wrong with that."""
    look = part_of(upload, UploadPart.LOOK, FirstLook)
    post = visit.request.POST
    meanings = tuple(showable(post.get(f"column-{place}", "")) for place in range(len(look.headers)))
    choice = msgspec.structs.replace(
        before,
        meanings=meanings,
        sheet=look.sheet,
        encoding=before.encoding,
        separator=before.separator,
        header=look.header,
    )
    kind = ListKind(upload.kind)
    if kind is ListKind.ACCESS and "reference" not in meanings:
        kind = ListKind.PLACES
    try:
        placed_columns(upload.file, look.headers, kind, meanings)
    except TableError as error:
        first = next((place for place, header in enumerate(look.headers) if header), 0)
        text = fault_text(error.code, error.values)
        return choice, (ErrorLine(text=text, href=f"#column-{first}"),)
    return choice, ()


def read_how(visit: Visit, before: ListChoice) -> ListChoice:
    """How the file is to be read; what its columns are is then guessed anew."""
    post = visit.request.POST
    return msgspec.structs.replace(
        before,
        sheet=showable(post.get("sheet", "")),
        without_hidden="without_hidden" in post,
        read_totals="read_totals" in post,
        encoding=showable(post.get("encoding", "")),
        separator=showable(post.get("separator", "")),
        header=number_in(post.get("header", "")),
        shape=showable(post.get("shape", "")),
        meanings=(),
    )
