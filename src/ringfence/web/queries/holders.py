"""Which groups and single members have been given access to a client: the standing grants, by name."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.access import FirmNow
from ringfence.core.directory import sort_key
from ringfence.core.terms import EVERYONE, Level, Subject, Target, group_subject, member_subject

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


def holds_own(view: FirmNow, member: int, client: int) -> bool:
    """Whether a grant of the member's own, on the client or one of its services, makes them its Owner."""
    held = view.moment.state.held_by(member_subject(member))
    targets = [Target("client", client)]
    targets += [Target("engagement", each) for each in view.moment.state.register.engagements_of(client)]
    return any(held.counting_on(each, view.moment.now) is Level.OWNER for each in targets)


def holders_of(view: FirmNow, client: int) -> list[Holder]:
    """Groups first, then members, by name: whose grant on the client, its engagements or services counts now.

    Blocks and wide grants on all clients are left out: the one is nobody's business, the other not about
    this client.
    """
    state, now = view.moment.state, view.moment.now
    register = state.register
    engagements = register.engagements_of(client)
    services = {register.service_of[number] for number in engagements}
    levels: dict[Subject, Level] = {}
    for subject, held in state.holdings.items():
        if subject.kind == "member" and subject.number not in state.everyone:
            continue
        found = [held.counting_on(Target("client", client), now)]
        found += [held.counting_on(Target("engagement", number), now) for number in engagements]
        found += [
            held.counting_on(Target("service", number), now)
            for number in services
            if client not in held.excluded.get(number, ())
        ]
        level = max((each for each in found if each is not Level.BLOCKED), default=Level.NONE)
        if level:
            levels[subject] = level
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
