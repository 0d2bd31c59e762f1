"""Members to choose from: a row is one of them, found by name or e-mail address."""

from __future__ import annotations

from collections.abc import Mapping

from pyroaring import BitMap

from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.web.shell.visit import Visit
from ringfence.wording import role_name
from ringfence.wording.saying import gettext as _

from .choosing import SIZE, Tick, Ticking
from .listing import Listing
from .member_lines import member_listing
from .search import SearchForm, read_search


class Members:
    """A row is one member; numbers are those of members."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._known: dict[str, list[ListedMember]] = {}

    @property
    def head(self) -> tuple[str, ...]:
        return _("Name"), _("E-mail address"), _("Role")

    def search(self, here: str, given: Mapping[str, str] | None, kept: Mapping[str, str]) -> SearchForm:
        return read_search(self._visit, here, _("Name or e-mail address"), given=given, kept=kept)

    def _found(self, text: str) -> list[ListedMember]:
        """Whoever a search finds in the whole firm, asked for once."""
        if text not in self._known:
            self._known[text] = members_matching(self._visit.firm.pk, text)
        return self._known[text]

    def matching(self, search: SearchForm, within: BitMap) -> BitMap:
        return BitMap([person.number for person in self._found(search.wanted.text)]) & within

    def listing(self, search: SearchForm, found: BitMap, tick: Ticking) -> Listing[Tick]:
        people = [person for person in self._found(search.wanted.text) if person.number in found]
        return member_listing(
            self._visit,
            search,
            people,
            lines=lambda rows: [
                Tick(
                    value=row.number,
                    label=row.name,
                    cells=(row.email, role_name(row.role)),
                    checked=row.number in tick.chosen,
                    mark=tick.mark if row.number in tick.taken else "",
                )
                for row in rows
            ],
            size=SIZE,
        )
