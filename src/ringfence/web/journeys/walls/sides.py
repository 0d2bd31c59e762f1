"""A wall in words and numbers: its name, its two sides, who could change it where the visitor may not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.http import Http404
from pyroaring import BitMap

from ringfence.access import Side, Sides, Wall
from ringfence.access.reading import others_who_could
from ringfence.firms.models import Wall as WallRow
from ringfence.web.previews.outcome import FIRST, NameList, PreviewNames, rest_words
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import since_text, until_text


class NamedWall(NamedTuple):
    """A wall with its words."""

    name: str
    reason: str
    wall: Wall


def wall_at(visit: Visit, number: int) -> NamedWall:
    """The wall; 404 where there is none."""
    row = WallRow.objects.filter(firm=visit.firm.pk, number=number).values_list("name", "reason").first()
    if row is None or number not in visit.firm_now.walls:
        raise Http404
    return NamedWall(*row, visit.firm_now.walls[number])


def state_words(wall: Wall, visit: Visit) -> str:
    """Whether the wall stands now, and from or until when."""
    zone, now = visit.zone, visit.firm_now.now
    if wall.over(now):
        assert wall.ends is not None
        return _("Ended: it stood %(until)s") % {"until": until_text(wall.ends, zone)}
    said = _("Stands") if wall.begun(now) else _("Has not begun")
    times = [since_text(wall.starts, zone)] if wall.starts is not None and not wall.begun(now) else []
    times += [until_text(wall.ends, zone)] if wall.ends is not None else []
    return ", ".join((said, *times))


def side_title(side: int) -> str:
    """How the side is called; sides have no order, but people count them."""
    return _("First side") if side == 1 else _("Second side")


def count_members(count: int) -> str:
    return ngettext("%(count)s [member]", "%(count)s [members]", count) % {"count": figure(count)}


def side_words(side: Side) -> str:
    """How much stands on a side: ``2 members, 14 clients``."""
    parts = []
    if side.members:
        parts.append(count_members(len(side.members)))
    if side.clients:
        parts.append(count_clients(len(side.clients)))
    return ", ".join(parts) or _("Nobody")


def members_named(members: Iterable[int], naming: PreviewNames) -> NameList:
    """The members of a side by name."""
    wanted = set(members)
    names = [name or _("a former [member]") for number, name in naming.members if number in wanted]
    lines = tuple((name, "") for name in names[:FIRST])
    return NameList(
        total=len(names), lines=lines, rest=rest_words(len(names)), count=count_members(len(names))
    )


def clients_named(clients: Iterable[int], naming: PreviewNames) -> NameList:
    """The clients of a side by name."""
    found = naming.clients(BitMap(clients))
    return NameList(total=found.total, lines=found.lines, rest=found.rest, count=count_clients(found.total))


def others_off(visit: Visit, sides: Sides) -> str:
    """The other administrators and principals who would not stand on such a wall, by name."""
    now, involved = visit.firm_now, sides[0].members | sides[1].members
    others = [
        number
        for number in now.active_members
        if number not in involved and number != visit.number and now.may(number, Capability.MANAGE)
    ]
    return ", ".join(member_names(visit.firm.pk, others).values())


def who_can(visit: Visit, wall: int) -> str:
    """The sentence for a visitor who stands on the wall, with those who can change it by name."""
    others = others_who_could(visit.firm_now, visit.number, wall)
    names = member_names(visit.firm.pk, others)
    said = ", ".join(names.get(number) or _("a former [member]") for number in others)
    return _("You stand on this wall, so others decide about it: %(members)s.") % {"members": said}
