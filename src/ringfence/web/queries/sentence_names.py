"""All names of one firm that sentences can need, each kind read once: what `ringfence.wording` asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from zoneinfo import ZoneInfo

from ringfence.access.listing.clients import client_name_of
from ringfence.core.terms import EVERYONE, Instant
from ringfence.firms.models import Firm, Token, Wall
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import pgettext
from ringfence.wording.times import since_text, until_text

from .things import every_group, every_member, read_names, services_of


class SentenceNames:
    """The names of a firm's members, groups, services and walls, and of some clients: a query for each."""

    def __init__(self, firm: Firm, clients: Iterable[int]) -> None:
        """`clients`: the numbers of those whose names are needed."""
        self._firm = firm
        self._zone = ZoneInfo(firm.timezone)
        self._wanted = list(clients)

    @classmethod
    def at_once(cls, firm: Firm, clients: Iterable[int]) -> SentenceNames:
        """The same for a page that needs members, groups, services and clients: one query for all four."""
        names = cls(firm, clients)
        names._clients = read_names(firm.pk, names._wanted)
        return names

    @cached_property
    def _members(self) -> dict[int, str]:
        return dict(every_member(self._firm.pk))

    @cached_property
    def _groups(self) -> dict[int, str]:
        found = dict(every_group(self._firm.pk))
        built_in = found.pop(EVERYONE)
        if built_in in found.values():
            built_in = _("%(group)s (built in)") % {"group": built_in}
        return {**found, EVERYONE: built_in}

    @cached_property
    def services(self) -> Mapping[int, str]:
        """All services of the firm by number."""
        return dict(services_of(self._firm.pk))

    @cached_property
    def _walls(self) -> dict[int, str]:
        return dict(Wall.objects.filter(firm=self._firm).values_list("number", "name"))

    @cached_property
    def _tokens(self) -> dict[int, str]:
        return dict(Token.objects.filter(firm=self._firm).values_list("number", "name"))

    @cached_property
    def _clients(self) -> dict[int, str]:
        return client_name_of(self._firm.pk, self._wanted)

    def member(self, number: int) -> str:
        """A member's name; erased ones have none."""
        return self._members.get(number) or _("a former [member]")

    def by(self, number: int) -> str:
        """A member's name as it stands after *by*."""
        return self._members.get(number) or pgettext("by whom", "a former [member]")

    def group(self, number: int) -> str:
        return self._groups.get(number, "")

    def client(self, number: int) -> str:
        """A client's name. Raises `KeyError` for one that was not asked for, so that none slips out."""
        return self._clients[number]

    def service(self, number: int) -> str:
        return self.services.get(number, "")

    def wall(self, number: int) -> str:
        return self._walls.get(number, "")

    def token(self, number: int) -> str:
        return self._tokens.get(number, "")

    def since(self, starts: Instant) -> str:
        return since_text(starts, self._zone)

    def until(self, expires: Instant) -> str:
        return until_text(expires, self._zone)
