"""Which groups and single members have been given access to a client: the standing grants, by name."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.access import FirmNow, Idle
from ringfence.core.directory import sort_key
from ringfence.core.terms import EVERYONE, Level, Subject, group_subject

from .things import group_names, member_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A group or member with the highest level they hold on any part of the client."""

    subject: Subject
    name: str
    level: Level

    @property
    def built_in(self) -> bool:
        """Whether it is Everyone, whose name in the reader's language another group may bear."""
        return self.subject == group_subject(EVERYONE)


def holders_of(view: FirmNow, client: int) -> list[Holder]:
    """Groups first, then members, by name: whose grant on the client, its engagements or services counts now.

    Blocks and wide grants on all clients are left out: the one is nobody's business, the other not about
    this client.
    """
    levels: dict[Subject, Level] = {}
    for held in view.holders_of(client):
        counts = held.idle not in {Idle.EXPIRED, Idle.INACTIVE_MEMBER}
        if counts and held.terms.level is not Level.BLOCKED:
            levels[held.subject] = max(held.terms.level, levels.get(held.subject, Level.NONE))
    groups = group_names(view.firm, [each.number for each in levels if each.kind == "group"])
    members = member_names(view.firm, [each.number for each in levels if each.kind == "member"])
    return sorted(
        (
            Holder(
                subject=each,
                name=(groups if each.kind == "group" else members).get(each.number, ""),
                level=level,
            )
            for each, level in levels.items()
        ),
        key=lambda holder: (holder.subject.kind, sort_key(holder.name), holder.subject.number),
    )
