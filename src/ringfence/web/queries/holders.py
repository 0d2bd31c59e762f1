"""Which groups and single members have been given access to a client: the standing grants, by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ringfence.access import FirmNow, Idle
from ringfence.access.emergencies import counting_on
from ringfence.core.directory import sort_key
from ringfence.core.terms import EVERYONE, Instant, Level, Subject, Target, group_subject, member_subject
from ringfence.wording.names_by_number import NamesByNumber, subject_text

from .things import group_names, member_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A group or member with the highest level they hold on any part of the client."""

    subject: Subject
    name: str
    level: Level
    owner: bool = False
    """Whether a member's own grant on the client as a whole makes them its owner."""

    @property
    def built_in(self) -> bool:
        """Whether it is Everyone, whose name in the reader's language another group may bear."""
        return self.subject == group_subject(EVERYONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingGrant:
    """A grant that stands on a client, with the name of whom it is for."""

    holder: Holder
    target: Target
    expires: Instant | None
    idle: Idle | None
    opens: tuple[int, ...]
    """The engagements that removing it would open to all."""
    fee_split: int | None
    """Hundredths of a per cent."""
    emergency: bool = False
    """Whether it is emergency access (rules.md 10), which is ended, never removed."""


def standing_grants(
    firm_now: FirmNow, client: int, known: NamesByNumber, *, wide: bool = False
) -> list[StandingGrant]:
    """Every grant that stands on the client, its engagements or services, Blocked and idle ones too,
    and emergency access while it lasts.

    Groups first, then members, by name, then by what it is on. For the control side, and for who may share
    the client. `known` has the firm's names; erased members have none. `wide`: those on all clients as well.
    """
    found = firm_now.holders_of(client) + (firm_now.wide_holders if wide else ())
    opened = {member_subject(number): one for number, one in counting_on(firm_now, client).items()}
    names = {each.subject: subject_text(known, each.subject) for each in found}
    grants = [
        StandingGrant(
            holder=Holder(subject=each.subject, name=names[each.subject], level=each.terms.level),
            target=each.target,
            expires=each.terms.expires,
            idle=each.idle,
            opens=each.opens,
            fee_split=each.terms.fee_split,
        )
        for each in found
    ]
    grants += [
        StandingGrant(
            holder=Holder(subject=each, name=subject_text(known, each), level=one.level),
            target=Target("client", client),
            expires=one.expires,
            idle=None,
            opens=(),
            fee_split=None,
            emergency=True,
        )
        for each, one in opened.items()
    ]
    return sorted(grants, key=lambda grant: (_place(grant.holder), grant.target.kind, grant.target.number))


def _names(firm_now: FirmNow, subjects: Collection[Subject]) -> dict[Subject, str]:
    groups = group_names(firm_now.firm, [each.number for each in subjects if each.kind == "group"])
    members = member_names(firm_now.firm, [each.number for each in subjects if each.kind == "member"])
    return {each: (groups if each.kind == "group" else members).get(each.number, "") for each in subjects}


def _place(holder: Holder) -> tuple[str, str, int]:
    return holder.subject.kind, sort_key(holder.name), holder.subject.number


def holders_of(firm_now: FirmNow, client: int) -> list[Holder]:
    """Groups first, then members, by name: whose grant on the client, its services or all clients counts now.

    Blocks are left out, being nobody's business; of members with all clients, those who do not see this one.
    """
    levels: dict[Subject, Level] = {}
    owners: set[Subject] = set()
    wide = (
        held
        for held in firm_now.wide_holders
        if held.subject.kind == "group" or firm_now.sees(held.subject.number, client)
    )
    for held in (*firm_now.holders_of(client), *wide):
        counts = held.idle not in {Idle.EXPIRED, Idle.INACTIVE_MEMBER}
        if counts and held.terms.level is not Level.BLOCKED:
            levels[held.subject] = max(held.terms.level, levels.get(held.subject, Level.NONE))
            owns = held.subject.kind == "member" and held.target == Target("client", client)
            if owns and held.terms.level is Level.OWNER:
                owners.add(held.subject)
    names = _names(firm_now, levels)
    found = [
        Holder(subject=each, name=names[each], level=level, owner=each in owners)
        for each, level in levels.items()
    ]
    return sorted(found, key=_place)
