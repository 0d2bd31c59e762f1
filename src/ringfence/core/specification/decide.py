"""The decision of rules.md 2 written slowly and obviously: one step after the other, on plain facts.

Tests hold the compiled state against this page; nothing else uses it. Order of precedence: the first of the
ten steps that answers, except that 7, 8 and 9 give the highest of what they give, the earlier one in a tie.
"""

from collections.abc import Collection

import msgspec

from ringfence.core.terms import (
    ALL_CLIENTS,
    EVERYONE,
    Instant,
    Level,
    Reason,
    Subject,
    Target,
    group_subject,
    member_subject,
)

from .facts import Facts


def decide(facts: Facts, member: int, engagement: int, now: Instant) -> tuple[Level, Reason]:
    """The member's level on the engagement, `Level.NONE` when denied, and the reason code (rules.md 2)."""
    if member not in facts.members or not _stands(facts, engagement):
        return Level.NONE, Reason.OUTSIDE_FIRM  # 1
    person, settings = facts.members[member], facts.settings
    if not person.active:
        return Level.NONE, Reason.INACTIVE_MEMBER  # 2
    if not person.access:
        return Level.NONE, Reason.NO_ACCESS_PERMISSION  # 2
    if walled(facts, member, facts.engagements[engagement].client, now):
        return Level.NONE, Reason.WALL  # 3
    if not settings.control:
        return Level.EDITOR, Reason.CONTROL_OFF  # 4
    if person.administers and settings.administrators == "unrestricted":
        return Level.OWNER, Reason.ADMINISTRATOR  # 5
    own = own_level(facts, member, engagement, now)
    if own is not Level.NONE:  # 6
        return (Level.NONE, Reason.BLOCKED) if own is Level.BLOCKED else (own, Reason.DIRECT)
    level, reason = shared_level(facts, member, engagement, now)  # 7
    if level is Level.BLOCKED:
        return Level.NONE, reason
    if (opened := emergency_level(facts, member, engagement, now)) is not Level.NONE:
        return opened, Reason.DIRECT  # 6, where no block stands (rules.md 10)
    if (passed_on := delegated_level(facts, member, engagement, now)) > level:
        level, reason = passed_on, Reason.DELEGATED  # 8
    if (unassigned := unassigned_level(facts, engagement)) > level:
        level, reason = unassigned, Reason.UNASSIGNED  # 9
    return level, reason  # 10, where nothing gave a level


def client_level(facts: Facts, member: int, client: int, now: Instant) -> Level:
    """The member's level on the client as a whole: the lowest over all its engagements (rules.md 2)."""
    levels = [decide(facts, member, number, now)[0] for number in engagements_of(facts, client)]
    return min(levels, default=Level.NONE)


def sees(facts: Facts, member: int, now: Instant) -> frozenset[int]:
    """The clients of which the member sees at least one engagement (rules.md 2)."""
    seen = (number for number in facts.engagements if decide(facts, member, number, now)[0])
    return frozenset(facts.engagements[number].client for number in seen)


def open_to_all(facts: Facts, engagement: int, now: Instant) -> bool:
    """Whether control is off, or step 9 would open it and no block on Everyone counts on it (rules.md 6)."""
    if not _stands(facts, engagement):
        return False
    if not facts.settings.control:
        return True
    everywhere = (Target("engagement", engagement), *_around(facts, engagement))
    everyone = _given(facts, group_subject(EVERYONE), engagement, everywhere, now)
    return unassigned_level(facts, engagement) is not Level.NONE and everyone is not Level.BLOCKED


def given(facts: Facts, group: int, engagement: int, now: Instant) -> bool:
    """Whether the group's own grants let its members in to the engagement, as in step 7 for it alone."""
    everywhere = (Target("engagement", engagement), *_around(facts, engagement))
    level = _given(facts, group_subject(group), engagement, everywhere, now)
    return _stands(facts, engagement) and level not in {Level.NONE, Level.BLOCKED}


def without(facts: Facts, subject: Subject, target: Target) -> Facts:
    """The facts without one grant."""
    left = frozenset(each for each in facts.grants if (each.subject, each.target) != (subject, target))
    return msgspec.structs.replace(facts, grants=left)


def assigned(facts: Facts, engagement: int) -> bool:
    """Whether any grant but Blocked stands on it, its client or its service, counting or not (rules.md 1)."""
    on = {Target("engagement", engagement), *_around(facts, engagement)} - {ALL_CLIENTS}
    client = facts.engagements[engagement].client
    if any(opened.stands for (on_client, _), opened in facts.emergencies.items() if on_client == client):
        return True
    return any(
        grant.target in on and grant.level is not Level.BLOCKED and client not in grant.excluded
        for grant in facts.grants
    )


def authority_level(facts: Facts, member: int, engagement: int, now: Instant) -> Level:
    """What steps 2, 3 and 5-7 give as though control were on: `NONE` to `OWNER` (rules.md 5)."""
    if member not in facts.members or not _stands(facts, engagement):
        return Level.NONE
    person = facts.members[member]
    if not person.works or walled(facts, member, facts.engagements[engagement].client, now):
        return Level.NONE
    if person.administers and facts.settings.administrators == "unrestricted":
        return Level.OWNER
    level = own_level(facts, member, engagement, now)
    if level is Level.NONE:
        level, _ = shared_level(facts, member, engagement, now)
    return Level.NONE if level is Level.BLOCKED else level


def client_authority_level(facts: Facts, member: int, client: int, now: Instant) -> Level:
    """The authority level on a client: the lowest over its engagements (rules.md 5)."""
    levels = [authority_level(facts, member, number, now) for number in engagements_of(facts, client)]
    return min(levels, default=Level.NONE)


def engagements_of(facts: Facts, client: int) -> list[int]:
    """The client's engagements, none where it is removed or unknown."""
    return [
        number for number, its in facts.engagements.items() if its.client == client and _stands(facts, number)
    ]


def walled(facts: Facts, member: int, client: int, now: Instant) -> bool:
    """Step 3: whether any wall has the member on one side and the client on the other.

    Before its start and after its end a wall keeps nobody (rules.md 10).
    """
    return any(
        member in here.members and client in there.clients
        for wall in facts.walls.values()
        if (wall.starts is None or now >= wall.starts) and (wall.ends is None or now < wall.ends)
        for here, there in (wall.sides, wall.sides[::-1])
    )


def own_level(facts: Facts, member: int, engagement: int, now: Instant) -> Level:
    """Step 6: the member's own grant on the engagement, else on its client; may be `BLOCKED`."""
    own = member_subject(member)
    on_engagement = _given(facts, own, engagement, (Target("engagement", engagement),), now)
    client = Target("client", facts.engagements[engagement].client)
    return on_engagement or _given(facts, own, engagement, (client,), now)


def emergency_level(facts: Facts, member: int, engagement: int, now: Instant) -> Level:
    """The level of the member's emergency access to the client, while it stands and has not expired."""
    opened = facts.emergencies.get((facts.engagements[engagement].client, member))
    return opened.level if opened is not None and opened.stands and now < opened.expires else Level.NONE


def shared_level(facts: Facts, member: int, engagement: int, now: Instant) -> tuple[Level, Reason]:
    """Step 7: the highest of the groups' grants and the member's own wide ones; may be `BLOCKED`."""
    _, service, everything = _around(facts, engagement)
    everywhere = (Target("engagement", engagement), *_around(facts, engagement))
    wide = _given(facts, member_subject(member), engagement, (service, everything), now)
    by_groups = max(
        (
            _given(facts, group_subject(group), engagement, everywhere, now)
            for group, members in facts.groups.items()
            if member in members
        ),
        default=Level.NONE,
    )
    level = max(wide, by_groups)
    if level is Level.NONE:
        return level, Reason.NOT_ASSIGNED
    if level is Level.BLOCKED:
        return level, Reason.BLOCKED_BY_GROUP
    return level, Reason.GROUP if by_groups is level else Reason.ALL_CLIENTS


def delegated_level(
    facts: Facts, member: int, engagement: int, now: Instant, passing_on_to: Collection[int] = ()
) -> Level:
    """Step 8: the highest level that delegators pass to the member, each hop under its own cap.

    `passing_on_to` holds the delegates further along, where the member would hand on what it gets.
    """
    if not facts.settings.delegation:
        return Level.NONE
    best = Level.NONE
    for (delegator, delegate), delegation in facts.delegations.items():
        stops_here = passing_on_to and not delegation.cascades
        if delegate != member or delegator in passing_on_to or stops_here or not delegation.counts(now):
            continue
        has = reached(facts, delegator, engagement, now, (*passing_on_to, member))
        best = max(best, min(has, delegation.cap))
    return best


def reached(facts: Facts, delegator: int, engagement: int, now: Instant, delegates: Collection[int]) -> Level:
    """What a delegator has to pass on: steps 2, 3 and 6-8. Never `BLOCKED`."""
    person = facts.members[delegator]
    if not person.works or walled(facts, delegator, facts.engagements[engagement].client, now):
        return Level.NONE
    own = own_level(facts, delegator, engagement, now)
    if own is not Level.NONE:
        return Level.NONE if own is Level.BLOCKED else own
    level, _ = shared_level(facts, delegator, engagement, now)
    if level is Level.BLOCKED:
        return Level.NONE
    return max(level, delegated_level(facts, delegator, engagement, now, delegates))


def unassigned_level(facts: Facts, engagement: int) -> Level:
    """Step 9: the firm's level for an unassigned engagement of a client that is not confidential."""
    if assigned(facts, engagement) or facts.clients[facts.engagements[engagement].client].confidential:
        return Level.NONE
    return facts.settings.unassigned_level


def _stands(facts: Facts, engagement: int) -> bool:
    """Whether the firm has the engagement, and its client is not removed."""
    if engagement not in facts.engagements:
        return False
    return facts.clients[facts.engagements[engagement].client].removed_at is None


def _around(facts: Facts, engagement: int) -> tuple[Target, Target, Target]:
    """What holds the engagement: its client, its service, all clients."""
    its = facts.engagements[engagement]
    return Target("client", its.client), Target("service", its.service), ALL_CLIENTS


def _given(facts: Facts, subject: Subject, engagement: int, on: tuple[Target, ...], now: Instant) -> Level:
    """The highest level among the subject's grants on these targets that have not expired nor exclude it."""
    client = facts.engagements[engagement].client
    return max(
        (
            grant.level
            for grant in facts.grants
            if grant.subject == subject and grant.target in on and client not in grant.excluded
            if grant.expires is None or now < grant.expires
        ),
        default=Level.NONE,
    )
