"""Adding services to a group: all their clients, and new ones by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from pyroaring import BitMap

from ringfence.access import Batch
from ringfence.core.commands.definitions import On, SetGrant
from ringfence.core.directory import sort_key
from ringfence.core.terms import group_subject
from ringfence.web.browse.choosing import Rows, Tick, Ticking
from ringfence.web.browse.listing import Listing, list_page, sliced
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.previews.outcome import NameList
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .adding import Adding
from .picking import PickingTexts


class Services:
    """A row is one service of the catalogue; numbers are those of services."""

    def __init__(self, visit: Visit, names: Mapping[int, str]) -> None:
        self._visit = visit
        self._names = names

    @property
    def head(self) -> tuple[str, ...]:
        return _("Service"), _("[Clients]")

    def search(self, here: str, given: Mapping[str, str] | None, kept: Mapping[str, str]) -> SearchForm:
        return read_search(self._visit, here, _("Name of the service"), given=given, kept=kept)

    def matching(self, search: SearchForm, within: BitMap) -> BitMap:
        wanted = sort_key(search.wanted.text)
        return BitMap([number for number in within if wanted in sort_key(self._names.get(number, ""))])

    def listing(self, search: SearchForm, found: BitMap, tick: Ticking) -> Listing[Tick]:
        rows = [number for number in self._names if number in found]
        return list_page(
            self._visit,
            search,
            total=len(rows),
            page=sliced(rows),
            lines=lambda shown: [self._tick(number, tick) for number in shown],
            heading=_heading,
            empty=_("Try a part of the name, or clear the search."),
        )

    def _tick(self, number: int, tick: Ticking) -> Tick:
        # Of one service a client has one engagement at most.
        return Tick(
            value=number,
            label=self._names[number],
            cells=(figure(len(self._visit.firm_now.with_service(number))),),
            checked=number in tick.chosen,
            mark=tick.mark if number in tick.taken else "",
        )


def _heading(paging: Paging, search: SearchForm) -> str:
    words = ngettext("Showing %(total)s service", "Showing all %(total)s services", paging.total)
    return words % paging.words if paging.pages == 1 else _("%(total)s services") % paging.words


class AddServices(Adding):
    """From the firm's catalogue; those that the group has are marked."""

    route = "group-add-services"
    home = "group-access"

    @cached_property
    def rows(self) -> Rows:
        return Services(self.visit, self.group.services)

    @cached_property
    def offered(self) -> BitMap:
        return BitMap(self.visit.firm_now.services)

    @cached_property
    def taken(self) -> BitMap:
        held = self.visit.firm_now.grants_of(group_subject(self.group.number))
        return BitMap(held.services) & self.offered

    @property
    def texts(self) -> PickingTexts:
        return PickingTexts(
            title=_("Select the services to add"),
            lead=_("All [clients] with the service join the [group], and new ones join by themselves."),
            none_chosen=_("Select at least one service to continue"),
            unanswered=_("Select yes if you want to add them"),
            check=_("Check what is added"),
            chosen=_("Services to add"),
            mark=_("Already in this [group]"),
        )

    def single(self, number: int) -> BitMap:
        return BitMap()

    def batch(self, chosen: BitMap) -> Batch:
        level, expires = self.given
        to = (group_subject(self.group.number),)
        return Batch("grant.set", (SetGrant(to=to, on=On.service(*chosen), level=level, expires=expires),))

    def question(self, chosen: BitMap) -> str:
        return _("Do you want to add all [clients] with %(services)s?") % {
            "services": self.group.service_names(chosen)
        }

    def named(self, chosen: BitMap) -> NameList:
        lines = tuple(
            (name, count_clients(len(self.visit.firm_now.with_service(number))))
            for number, name in self.group.services.items()
            if number in chosen
        )
        return NameList(total=len(lines), lines=lines, rest="")

    def done(self, chosen: BitMap) -> str:
        words = {"group": self.group.name, "what": self.group.service_names(chosen)}
        return _("Added to %(group)s: %(what)s.") % words
