"""Who comes to stand on both sides of a wall, in sentences for who may know of walls and for who may not."""

from ringfence.core.compare.both_sides import Road

from .saying import gettext as _
from .saying import ngettext

NAMED = 3
"""Clients that a sentence names; where there are more, they are counted."""


def both_sides_sentence(
    road: Road, *, member: str, wall: str, by: str, clients: tuple[str, ...], count: int
) -> str:
    """For who reads the control side: with the wall, what gives it, and the clients where they are few.

    `clients` are the first of so many.
    """
    listed = ", ".join(clients) if count <= NAMED else _counted(count)
    said = {"member": member, "wall": wall, "by": by, "clients": listed}
    return _SENTENCES[road]() % said


_SENTENCES = {
    Road.NAMED: lambda: _(
        "%(member)s stands on both sides of %(wall)s by this, and can open none of its [clients]."
    ),
    Road.SEES: lambda: _(
        "This puts %(member)s on both sides of %(wall)s: they can open %(clients)s, and the wall names them "
        "on neither side."
    ),
    Road.OWN: lambda: _(
        "This gives %(member)s access across %(wall)s. The wall keeps it from them: %(clients)s."
    ),
    Road.GROUP: lambda: _(
        "What %(by)s gives %(member)s across %(wall)s is kept from them by the wall: %(clients)s."
    ),
    Road.DELEGATION: lambda: _(
        "What %(by)s passes on to %(member)s across %(wall)s is kept from them by the wall: %(clients)s."
    ),
}


def still_closed_sentence(member: str) -> str:
    """For who may not know of walls: what keeps it is not said (rules.md 2, 9)."""
    return _("%(member)s still cannot open everything that this gives.") % {"member": member}


def _counted(count: int) -> str:
    return ngettext("%(count)s [client]", "%(count)s [clients]", count) % {"count": f"{count:,}"}
