"""How a list was read, in sentences: what stands above and below it, what is hidden, what is not used."""

from __future__ import annotations

from collections.abc import Sequence

from ringfence.lists.files.shape import Aside
from ringfence.lists.rows.look import FirstLook
from ringfence.lists.rows.read_list import ListSource
from ringfence.lists.uploads.stages import Checked
from ringfence.web.shell.figures import figure
from ringfence.wording.saying import gettext as _

ROWS_NAMED = 10
"""Numbers of rows that are written out."""


def separator_names() -> dict[str, str]:
    """What may stand between the cells of a text file, as a person says it."""
    return {",": _("Comma"), ";": _("Semicolon"), "\t": _("Tab"), "|": "|"}


def form_of(source: FirstLook | ListSource) -> str:
    """The encoding and separator, the sheet or the table that was read, in a sentence."""
    text = source.text if isinstance(source, FirstLook) else source.kind == "text"
    page = source.page if isinstance(source, FirstLook) else source.kind == "html"
    if text:
        separator = separator_names().get(source.separator, source.separator)
        values = {"encoding": source.encoding, "separator": separator}
        if not source.separator:
            return _("Read as %(encoding)s text, with one cell in each line.") % values
        return _("Read as %(encoding)s text; between the cells stands: %(separator)s.") % values
    if page:
        values = {"table": source.sheet, "encoding": source.encoding}
        return _("Read from table %(table)s of the web page, as %(encoding)s text.") % values
    return _("Read from the sheet “%(sheet)s”.") % {"sheet": source.sheet}


def reading_notes(checked: Checked) -> tuple[str, ...]:
    """How the list was read, a sentence for each thing that whoever brings it should know."""
    source = checked.source
    if source is None:
        return ()
    notes = [form_of(source), _("The header is row %(number)s.") % {"number": source.header_line}]
    said = (
        (source.above, _("Above the header, not read: %(rows)s.")),
        (source.totals, _("A total below the list, not read: %(rows)s.")),
    )
    notes += [text % {"rows": _asides(rows)} for rows, text in said if rows]
    if source.hidden_rows:
        text = _("The sheet hides these rows, and they are read all the same: %(rows)s.")
        if source.without_hidden:
            text = _("The sheet hides these rows, and they are left out: %(rows)s.")
        notes.append(text % {"rows": _numbers(source.hidden_rows)})
    named = (
        (
            source.hidden_columns,
            _("The sheet hides these columns, and they are read all the same: %(names)s."),
        ),
        (source.other_sheets, _("Not read: %(names)s.")),
        (source.hidden_sheets, _("Hidden sheets, not read: %(names)s.")),
        (source.unheaded, _("Columns without a header, not used: %(names)s.")),
        (checked.ignored, _("Columns that are not used: %(names)s.")),
        (source.doubtful, _("Nothing proves the encoding. Look whether these words are right: %(names)s.")),
    )
    notes += [text % {"names": ", ".join(names)} for names, text in named if names]
    return tuple(notes)


def _asides(rows: Sequence[Aside]) -> str:
    return ", ".join(
        _("row %(number)s (%(text)s)") % {"number": each.line, "text": each.text} for each in rows
    )


def _numbers(rows: Sequence[int]) -> str:
    some, more = ", ".join(map(str, rows[:ROWS_NAMED])), len(rows) - ROWS_NAMED
    return some if more <= 0 else _("%(rows)s and %(more)s more") % {"rows": some, "more": figure(more)}
