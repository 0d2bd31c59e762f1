"""By what a member reaches a client, or what keeps them from it: a few words, to stand beside a name.

For who may read everybody's access, and for members of what they reach themselves. The whole proof of a
decision is in `explanation.py`.
"""

from typing import Protocol

from ringfence.core.decision.ways import Way
from ringfence.core.terms import Reason

from .saying import LazyText, gettext_lazy
from .saying import gettext as _

ALONE: dict[Reason, LazyText] = {
    Reason.OUTSIDE_FIRM: gettext_lazy("Not in this firm"),
    Reason.INACTIVE_MEMBER: gettext_lazy("Not active"),
    Reason.NO_ACCESS_PERMISSION: gettext_lazy("Without the permission to use client records"),
    Reason.WALL: gettext_lazy("Kept away by a wall"),
    Reason.CONTROL_OFF: gettext_lazy("[Access control is] turned off"),
    Reason.ADMINISTRATOR: gettext_lazy("By role: administrators open every [client]"),
    Reason.DIRECT: gettext_lazy("Own access"),
    Reason.BLOCKED: gettext_lazy("Blocked personally"),
    Reason.UNASSIGNED: gettext_lazy("Open to everybody"),
    Reason.NOT_ASSIGNED: gettext_lazy("Not given access"),
}
"""The ways that nobody and nothing else is named of."""


class WayNames(Protocol):
    """The names that ways need."""

    def member(self, number: int) -> str: ...
    def group(self, number: int) -> str: ...
    def service(self, number: int) -> str: ...


def way_text(way: Way, names: WayNames) -> str:
    """The way in a few words: ``Access group VAT team``."""
    blocks = way.reason is Reason.BLOCKED_BY_GROUP
    if way.subject is not None and way.subject.kind == "group":
        group = names.group(way.subject.number)
        text = _("Blocked by the [group] %(group)s") if blocks else _("[Group] %(group)s")
        return text % {"group": group}
    if way.subject is not None:
        return _("Delegated by %(member)s") % {"member": names.member(way.subject.number)}
    if way.target is not None and way.target.kind == "service":
        service = names.service(way.target.number)
        text = _("Blocked from all with %(service)s") if blocks else _("Own access to all with %(service)s")
        return text % {"service": service}
    if way.target is not None:
        return _("Blocked from all [clients]") if blocks else _("Own access to all [clients]")
    return str(ALONE[way.reason])
