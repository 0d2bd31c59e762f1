"""What docs/identity.md calls pages, buttons and choices is what pages say, in English and in Welsh.

Whoever sets up how a firm's people sign in has the document beside the pages, which may be Welsh.
"""

import re
from functools import cache

from babel.messages.pofile import read_po

from ringfence.wording.forms import in_words
from tests.support.repository import ROOT, files

OF_OTHERS = frozenset({"Tenant URL", "Base URL"})
"""What the consoles of directories call theirs."""
COLUMNS = frozenset({"Staff ID", "External ID", "Employee ID", "Status", "Groups"})
"""Heads of a list that a directory writes."""
NAMED = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
WELSH = "## In Welsh · Yn Gymraeg"
PROVIDER = "Ace directory"
"""What the document's firm calls its provider."""


def test_what_the_document_names_stands_on_pages() -> None:
    unknown = _named() - OF_OTHERS - COLUMNS - set(_said())
    assert not unknown, f"docs/identity.md names what no page says: {sorted(unknown)}"


def test_what_the_document_names_stands_in_its_table_with_the_welsh_of_pages() -> None:
    table = _text().partition(WELSH)[2]
    rows = dict(match for match in ROW.findall(table) if match[0] not in ("English", "---"))
    wanted = {each: _said()[each] for each in _named() - OF_OTHERS - COLUMNS}
    assert rows == wanted, "docs/identity.md, at its end: a row for each name"


@cache
def _text() -> str:
    return (ROOT / "docs" / "identity.md").read_text("utf-8")


def _named() -> set[str]:
    """Each step of what is emphasised: `*Manage account → Settings*` names two."""
    return {step for path in NAMED.findall(_text().partition(WELSH)[0]) for step in path.split(" → ")}


@cache
def _said() -> dict[str, str]:
    """The Welsh of each English text, both in the words of the document's firm, an agency."""
    (path,) = (each for each in files(".po") if each.name == "django.po")
    with path.open("rb") as file:
        messages = list(read_po(file))
    return {
        _shown(each.id, "en"): _shown(each.string, "cy")
        for each in messages
        if isinstance(each.id, str) and isinstance(each.string, str) and each.id
    }


def _shown(text: str, language: str) -> str:
    said = in_words(text, language, "agency") if "[" in text else text
    return (said[:1].upper() + said[1:]).replace("%(provider)s", PROVIDER)
