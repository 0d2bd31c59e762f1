"""What a command would do, in names: who gains, who loses, what opens and closes (rules.md 6).

The numbers are the preview's and exact; of the names, the first few by name are read.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyroaring import BitMap

from ringfence.access import Pairs, Preview
from ringfence.access.reading import client_names
from ringfence.firms.models import Member
from ringfence.web.queries.clients import client_name_of
from ringfence.web.shell.figures import count_clients, figure
from ringfence.wording.saying import ngettext

FIRST = 10
"""NameList that are listed; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameList:
    """The first names of a set, each with a note, and the words for the rest."""

    total: int
    lines: tuple[tuple[str, str], ...]
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A preview as a page shows it."""

    gains: NameList
    loses: NameList
    changes: NameList
    opens: NameList
    closes: NameList
    without_owner: NameList
    """Clients left without the person Owner that the firm requires."""
    owners_walled_off: NameList
    """Clients whose person Owners a wall keeps out, all of them."""
    self_access: bool

    @property
    def figures(self) -> tuple[tuple[str, int], ...]:
        """Each number with what it counts."""
        gains, loses, changes = self.gains.total, self.loses.total, self.changes.total
        closes, opens = self.closes.total, self.opens.total
        return (
            (ngettext("[member] gains access", "[members] gain access", gains), gains),
            (ngettext("[member] loses access", "[members] lose access", loses), loses),
            (
                ngettext("[member]’s access changes", "[members]’ access changes", changes),
                changes,
            ),
            (ngettext("[client] becomes closed", "[clients] become closed", closes), closes),
            (
                ngettext("[client] becomes open to everybody", "[clients] become open to everybody", opens),
                opens,
            ),
        )

    @property
    def nothing(self) -> bool:
        """Whether nobody's access changes."""
        parts = (self.gains, self.loses, self.changes, self.opens, self.closes)
        return not any(part.total for part in parts)


def outcome_of(firm: int, preview: Preview) -> Outcome:
    """The preview in names."""
    found = preview.difference
    return Outcome(
        gains=_people(firm, found.gains),
        loses=_people(firm, found.loses),
        changes=_people(firm, found.changes),
        opens=_clients(firm, found.opens),
        closes=_clients(firm, found.closes),
        without_owner=_clients(firm, preview.ownerless.without),
        owners_walled_off=_clients(firm, preview.ownerless.walled_off),
        self_access=preview.change.self_access,
    )


def _people(firm: int, pairs: Pairs) -> NameList:
    if not pairs:
        return NameList(total=0, lines=(), rest="")
    rows = Member.objects.filter(firm=firm).order_by("sort_key", "number")
    found = [row for row in rows.values_list("number", "name") if row[0] in pairs]
    lines = tuple((name, count_clients(pairs.count(number))) for number, name in found[:FIRST])
    return NameList(total=len(pairs), lines=lines, rest=rest_words(len(pairs)))


def _clients(firm: int, clients: BitMap) -> NameList:
    if not clients:
        return NameList(total=0, lines=(), rest="")
    first = client_names(firm).page(clients, 0, FIRST)
    names = client_name_of(firm, first)
    lines = tuple((names.get(number, ""), "") for number in first)
    return NameList(total=len(clients), lines=lines, rest=rest_words(len(clients)))


def rest_words(total: int) -> str:
    """The words for what is not listed by name: “and 3 more”."""
    more = total - FIRST
    return (
        ngettext("and %(more)s more", "and %(more)s more", more) % {"more": figure(more)} if more > 0 else ""
    )
