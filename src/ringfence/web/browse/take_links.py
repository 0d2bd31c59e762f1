"""The links that take a list out as a file, with the search of the page on which they stand."""

from __future__ import annotations

from ringfence.web.shell.addresses import address
from ringfence.web.shell.page import Link
from ringfence.wording.saying import gettext as _

from .search import SearchForm


def take_links(route: str, search: SearchForm, *place: int) -> tuple[Link, ...]:
    """As CSV and as a workbook; `place` is what the route's address takes before the kind of file."""
    texts = {"csv": _("Take this list out as CSV"), "xlsx": _("Take this list out as XLSX")}
    if route == "take-access":
        texts = {
            "csv": _("Take out who can open these as CSV"),
            "xlsx": _("Take out who can open these as XLSX"),
        }
    return tuple(
        Link(text=text, href=address(route, *place, form) + search.encoded) for form, text in texts.items()
    )
