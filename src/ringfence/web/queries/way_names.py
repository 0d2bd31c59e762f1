"""The names that ways of access need, of one firm: those of all groups and services, members as asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ringfence.access import Way
from ringfence.core.terms import EVERYONE
from ringfence.wording.saying import gettext as _

from .things import every_group, member_names, services_of


class NamesOfWays:
    """What `ringfence.wording.ways` asks for: three queries at most, each when it is needed first."""

    def __init__(self, firm: int, ways: Iterable[Way] = (), members: Iterable[int] = ()) -> None:
        """`ways`: those in which members are named; `members`: others whose names are needed."""
        self._firm = firm
        subjects = (way.subject for way in ways if way.subject is not None)
        self._wanted = {subject.number for subject in subjects if subject.kind == "member"} | set(members)

    @cached_property
    def _members(self) -> dict[int, str]:
        return member_names(self._firm, self._wanted)

    @cached_property
    def groups(self) -> dict[int, str]:
        """All groups by number; the built-in one is told apart from one that bears its name."""
        found = dict(every_group(self._firm))
        others = {name for number, name in found.items() if number != EVERYONE}
        if found.get(EVERYONE) in others:
            found[EVERYONE] = _("%(group)s (built in)") % {"group": found[EVERYONE]}
        return found

    @cached_property
    def services(self) -> dict[int, str]:
        return dict(services_of(self._firm))

    def member(self, number: int) -> str:
        """A member's name; erased ones have none."""
        return self._members.get(number) or _("a former [member]")

    def group(self, number: int) -> str:
        return self.groups.get(number, "")

    def service(self, number: int) -> str:
        return self.services.get(number, "")
