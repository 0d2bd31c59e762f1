"""What a page says of a grant that stands on a client: why it gives nothing, what removing it would open."""

from collections.abc import Sequence

from ringfence.core.decision.holders import Idle

from .saying import LazyText, gettext_lazy
from .saying import gettext as _

IDLE: dict[Idle, LazyText] = {
    Idle.EXPIRED: gettext_lazy("It has expired and gives nothing any more."),
    Idle.INACTIVE_MEMBER: gettext_lazy("The [member] is not active, so it gives nothing."),
    Idle.NO_ACCESS_PERMISSION: gettext_lazy(
        "The [member] does not have the permission to use client records, so it gives nothing."
    ),
    Idle.EMPTY_GROUP: gettext_lazy("No active [member] is in the [group], so it gives nobody anything."),
}


def idle_text(idle: Idle) -> str:
    """Why the grant gives nobody anything, a sentence."""
    return str(IDLE[idle])


def opening_text(services: Sequence[str], *, whole: bool) -> str:
    """What removing the grant would open to all: the client, or these of its services."""
    if whole:
        return _("Removing it would open this [client] to everybody who uses client records.")
    return _("Removing it would open this to everybody who uses client records: %(services)s.") % {
        "services": ", ".join(services)
    }
