"""Groups to choose from: a row is one of those that the firm made, found by name."""

from __future__ import annotations

from collections.abc import Mapping

from pyroaring import BitMap

from ringfence.core.terms import EVERYONE
from ringfence.web.queries.groups import group_row, groups_matching
from ringfence.web.queries.things import services_of
from ringfence.web.shell.figures import figure
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .choosing import SIZE, Tick, Ticking
from .group_lines import group_kind, groups_heading
from .listing import Listing, list_page, sliced
from .search import SearchForm, read_search


class Groups:
    """A row is one group; numbers are those of groups. The built-in group is none of them."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._known: dict[str, list[tuple[int, str]]] = {}

    @property
    def head(self) -> tuple[str, ...]:
        return _("Name"), _("Kind"), _("[Clients]"), _("[Members]")

    def search(self, here: str, given: Mapping[str, str] | None, kept: Mapping[str, str]) -> SearchForm:
        return read_search(self._visit, here, _("Name of the [group]"), given=given, kept=kept)

    def _found(self, text: str) -> list[tuple[int, str]]:
        """The groups that a search finds, asked for once."""
        if text not in self._known:
            found = groups_matching(self._visit.firm_now, text)
            self._known[text] = [each for each in found if each[0] != EVERYONE]
        return self._known[text]

    def matching(self, search: SearchForm, within: BitMap) -> BitMap:
        return BitMap([number for number, _name in self._found(search.wanted.text)]) & within

    def listing(self, search: SearchForm, found: BitMap, tick: Ticking) -> Listing[Tick]:
        rows = [each for each in self._found(search.wanted.text) if each[0] in found]
        services = {each.number: each.name for each in services_of(self._visit.firm.pk)}
        return list_page(
            self._visit,
            search,
            total=len(rows),
            page=sliced(rows),
            lines=lambda shown: [self._tick(number, name, services, tick) for number, name in shown],
            heading=groups_heading,
            empty=_("Try a part of the name, or clear the search."),
            size=SIZE,
        )

    def _tick(self, number: int, name: str, services: Mapping[int, str], tick: Ticking) -> Tick:
        row = group_row(self._visit.firm_now, number, name)
        return Tick(
            value=number,
            label=name,
            cells=(group_kind(row, services), figure(row.clients), figure(row.members)),
            checked=number in tick.chosen,
            mark=tick.mark if number in tick.taken else "",
        )
