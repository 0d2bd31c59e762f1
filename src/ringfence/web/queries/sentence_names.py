"""All names of one firm that sentences can need, read once: what `ringfence.wording` asks for."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from ringfence.core.terms import EVERYONE, Instant
from ringfence.firms.models import Firm, Group, Member, Wall
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import until_text

from .clients import client_name_of
from .things import group_name, services_of


class SentenceNames:
    """The names of a firm's members, groups, services and walls, and of some clients: five queries."""

    def __init__(self, firm: Firm, clients: Iterable[int]) -> None:
        """`clients`: the numbers of those whose names are needed."""
        self._zone = ZoneInfo(firm.timezone)
        self._members = dict(Member.objects.filter(firm=firm).values_list("number", "name"))
        self._groups = {
            number: group_name(number, name)
            for number, name in Group.objects.filter(firm=firm).values_list("number", "name")
        }
        built_in = self._groups.pop(EVERYONE)
        if built_in in self._groups.values():
            built_in = _("%(group)s (built in)") % {"group": built_in}
        self._groups[EVERYONE] = built_in
        self._services = dict(services_of(firm.pk))
        self._walls = dict(Wall.objects.filter(firm=firm).values_list("number", "name"))
        self._clients = client_name_of(firm.pk, clients)

    def member(self, number: int) -> str:
        """A member's name; erased ones have none."""
        return self._members.get(number) or _("a former [member]")

    def group(self, number: int) -> str:
        return self._groups.get(number, "")

    def client(self, number: int) -> str:
        """A client's name. Raises `KeyError` for one that was not asked for, so that none slips out."""
        return self._clients[number]

    def service(self, number: int) -> str:
        return self._services.get(number, "")

    def wall(self, number: int) -> str:
        return self._walls.get(number, "")

    def until(self, expires: Instant) -> str:
        return until_text(expires, self._zone)
