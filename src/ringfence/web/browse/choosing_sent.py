"""What the form of a page of choices sent, read with suspicion: ticks among the rows shown, and what next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from pyroaring import BitMap

from ringfence.web.shell.untrusted import number_in

MOST_SHOWN = 1000
"""Rows of which one form may tell."""
VIEW, SELECTED = "view", "selected"
"""In addresses: that only what is chosen is shown."""
SEARCHED = ("search", "service", "group")
"""The fields of a search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicksSent:
    """What was sent. Buttons act on the search that is `shown`, never on what was typed since."""

    go: str
    language: str
    token: str
    shown: BitMap
    ticked: BitMap
    search: dict[str, str]
    """The fields as they are filled in now."""
    shown_search: dict[str, str]
    """The fields that the rows shown were found by."""
    reviewing: bool

    def applied(self, chosen: BitMap) -> BitMap:
        """The choice with the rows shown as they are ticked now."""
        return (chosen - self.shown) | (self.ticked & self.shown)

    @property
    def removed(self) -> BitMap:
        """The row that is to be taken out."""
        number = number_in(self.go.removeprefix("remove-")) if self.go.startswith("remove-") else 0
        return BitMap([number] if number else [])

    def address(self, here: str) -> str:
        """The page to show next: another search starts at page 1, all else stays in the search shown."""
        pairs, reviewing = dict(self.shown_search), self.reviewing
        if self.go == "search":
            pairs = dict(self.search)
        elif self.go == "clear":
            pairs = {}
        elif self.go in ("review", "list"):
            pairs, reviewing = {}, self.go == "review"
        elif self.go.startswith("page-"):
            pairs["page"] = str(number_in(self.go.removeprefix("page-")) or "")
        if reviewing:
            pairs[VIEW] = SELECTED
        kept = {name: value for name, value in pairs.items() if value}
        return f"{here}?{urlencode(kept)}" if kept else here


def read_sent(post: QueryDict) -> TicksSent:
    """The form as it was sent. Values that are no numbers are passed over."""
    shown = {name: post.get(f"shown_{name}", "") for name in SEARCHED}
    return TicksSent(
        go=post.get("go", "search"),
        language=post.get("language", ""),
        token=post.get("token", ""),
        shown=_numbers(post.getlist("shown")[:MOST_SHOWN]),
        ticked=_numbers(post.getlist("tick")[:MOST_SHOWN]),
        search={name: post.get(name, shown[name]).strip() for name in SEARCHED},
        shown_search=shown,
        reviewing=post.get(f"shown_{VIEW}") == SELECTED,
    )


def _numbers(values: Iterable[str]) -> BitMap:
    return BitMap([number_in(each) for each in values]) - BitMap([0])
