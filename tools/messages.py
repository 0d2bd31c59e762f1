"""Brings the Welsh catalogue up to date: `python -m tools.messages`. Nothing that is translated is dropped.

Takes every message from the Python files and Jinja2 templates of the package, adds new ones empty, sets aside
those that are gone (as `#~` lines), and compiles. Exits 1 while anything waits for a translation.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "src" / "ringfence"
CATALOGUE = PACKAGE / "locale" / "cy" / "LC_MESSAGES" / "django.po"
_HEADER = "# The Welsh of Ringfence. `python -m tools.messages` keeps it in step with the sources."
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def extracted() -> Catalog:
    """Every message of the sources, in English only."""
    found = Catalog()
    for path, method in _sources():
        options = {"silent": "false", "newstyle_gettext": "true", "trimmed": "true"}
        for _, message, _, context in extract_from_file(
            method, path, keywords=_KEYWORDS, options=options if method != "python" else {}
        ):
            found.add(message, context=context)
    return found


def _sources() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, "python"
    pages, mails = PACKAGE.rglob("templates/**/*.html"), (PACKAGE / "notices").rglob("*.txt")
    for path in sorted([*pages, *mails]):
        yield path, "jinja2.ext:babel_extract"


def present() -> Catalog:
    """The catalogue as it lies in the repository; an empty one where there is none."""
    if not CATALOGUE.exists():
        return Catalog(locale="cy")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="cy", charset="utf-8")


def updated() -> Catalog:
    """The present catalogue with exactly the messages of the sources."""
    catalogue = present()
    catalogue.update(extracted(), no_fuzzy_matching=True, update_header_comment=False)
    catalogue.header_comment = _HEADER
    return catalogue


def save(catalogue: Catalog) -> None:
    """Writes the catalogue and what it compiles to, the same bytes for the same messages."""
    catalogue.fuzzy = False
    catalogue.project = "Ringfence"
    catalogue.language_team = "Cymraeg"
    # Dates and names are what version control is for; here they would only make changes look alike.
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    catalogue.msgid_bugs_address = catalogue.last_translator = ""
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalogue, sort_output=True, no_location=True, width=110)
    text.seek(0)
    write_mo(compiled, read_po(text))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(text.getvalue())
    CATALOGUE.with_suffix(".mo").write_bytes(compiled.getvalue())


def waiting(catalogue: Catalog) -> list[str]:
    """The messages without a translation, in English."""
    return [str(message.id) for message in catalogue if message.id and not _filled(message.string)]


def _filled(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) if isinstance(string, str) else bool(string) and all(string or ())


def main() -> int:
    catalogue = updated()
    save(catalogue)
    empty = waiting(catalogue)
    for message in empty:
        sys.stderr.write(f"translate: {message}\n")
    return 1 if empty else 0


if __name__ == "__main__":
    sys.exit(main())
