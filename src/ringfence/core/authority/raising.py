"""Which changes raise what somebody may do: those that pages ask to be confirmed again before they are saved.

Judged by what happened, never by which command or page it came from. Sharing a client and passing on what one
reaches are everyday, and raise nobody's power in this sense; no access is decided here.
"""

from collections.abc import Callable, Iterable
from typing import Any

from ringfence.core import events as e
from ringfence.core.state.state import State
from ringfence.core.terms import ALL_CLIENTS, Capability, Level, WebhookStep, group_subject
from ringfence.core.values import Sides, Wall

from .capability import may

POWERS = (Capability.KNOW_CLIENTS, Capability.READ_CONTROL, Capability.MANAGE_ACCESS, Capability.MANAGE)
"""What a role or a permission gives beside the member's own work."""

_SHARING = ("administrators", "owners", "anyone_with_access")
_UNASSIGNED = ("none", "reader", "editor", "owner")
_ADMINISTRATORS = ("as_others", "unrestricted")
_EMERGENCY = ("no", "reader", "editor")
_WIDER = {
    "sharing": _SHARING,
    "unassigned": _UNASSIGNED,
    "administrators": _ADMINISTRATORS,
    "emergency": _EMERGENCY,
}
"""Settings that let people do more the further their value stands in its row."""


def raises_power(before: State, after: State, events: Iterable[e.Event]) -> bool:
    """Whether these events, which lead from one state to the other, raise what anybody may do."""
    return any(_RAISES.get(type(event), _never)(before, after, event) for event in events)


def _never(before: State, after: State, event: object) -> bool:
    return False


def _always(before: State, after: State, event: object) -> bool:
    return True


def _member(before: State, after: State, event: Any) -> bool:
    """Whether the member may do something now that they could not: by role, permission, or being active."""
    return any(may(after, event.member, power) and not may(before, event.member, power) for power in POWERS)


def _control(before: State, after: State, event: e.ControlTurned) -> bool:
    return not event.on


def _settings(before: State, after: State, event: e.SettingsChanged) -> bool:
    """Whether a setting lets administrators, or everybody, do more than it did, or for longer."""
    longer = after.settings.emergency_hours > before.settings.emergency_hours
    return (longer and after.settings.emergency != "no") or any(
        row.index(getattr(after.settings, name)) > row.index(getattr(before.settings, name))
        for name, row in _WIDER.items()
    )


def _grants(before: State, after: State, event: e.GrantsSet) -> bool:
    """Whether somebody is given all clients, or more on them, or for longer."""
    if event.kind != "all":
        return False
    given = after.held_by(event.subject).grant_on(ALL_CLIENTS)
    had = before.held_by(event.subject).grant_on(ALL_CLIENTS)
    if given is None or given.level is Level.BLOCKED:
        return False
    if had is None or had.level is Level.BLOCKED or given.level > had.level:
        return True
    return had.expires is not None and (given.expires is None or given.expires > had.expires)


def _joined(before: State, after: State, event: e.GroupJoined) -> bool:
    """Whether the group has all clients: whoever joins it is given them by another door."""
    given = after.held_by(group_subject(event.group)).grant_on(ALL_CLIENTS)
    return given is not None and given.level is not Level.BLOCKED


def _wall(before: State, after: State, event: e.WallSet) -> bool:
    """Whether a wall keeps somebody from something no longer, or for less time."""
    stood, stands = before.walls.get(event.wall), after.walls[event.wall]
    return stood is not None and not (_keeps(stands.sides, stood.sides) and _lasts(stands, stood))


def _lasts(wall: Wall, stood: Wall) -> bool:
    """Whether the one wall keeps people apart whenever the other did."""
    begins = wall.starts is None or (stood.starts is not None and wall.starts <= stood.starts)
    return begins and (wall.ends is None or (stood.ends is not None and wall.ends >= stood.ends))


def _keeps(wall: Sides, stood: Sides) -> bool:
    """Whether the one pair of sides keeps everybody apart whom the other did, whichever they stand on."""
    return any(
        all(
            was.members <= now.members and was.clients <= now.clients
            for was, now in zip(stood, sides, strict=True)
        )
        for sides in (wall, wall[::-1])
    )


def _policy(before: State, after: State, event: e.PolicySet) -> bool:
    """Whether a policy that refused says something else now, or warns only."""
    stood = before.policies.get(event.policy)
    if stood is None or stood.mode != "refuse":
        return False
    return event.mode != "refuse" or tuple(event.statements) != stood.statements


def _policy_removed(before: State, after: State, event: e.PolicyRemoved) -> bool:
    """Whether a policy refuses no more."""
    stood = before.policies.get(event.policy)
    return stood is not None and stood.mode == "refuse"


def _seated(before: State, after: State, event: e.UserSeated) -> bool:
    """Whether the place that somebody is let into gives more than their own work."""
    return any(may(after, event.member, power) for power in POWERS)


def _kept(before: State, after: State, event: e.GroupKept) -> bool:
    """Whether the firm's directory says from now on who is in the group."""
    return event.directory


def _successor(before: State, after: State, event: e.SuccessorSet) -> bool:
    """Whether somebody is named to be given what leavers had."""
    return bool(event.member)


def _webhook(before: State, after: State, event: e.WebhookNoted) -> bool:
    """Whether the firm's events go somewhere else, or a new secret is shown."""
    return event.did in {WebhookStep.ADDED, WebhookStep.CHANGED, WebhookStep.ROTATED}


_RAISES: dict[type[e.Event], Callable[[State, State, Any], bool]] = {
    e.ControlTurned: _control,
    e.SettingsChanged: _settings,
    e.MemberAdded: _member,
    e.MemberChanged: _member,
    e.MemberReactivated: _member,
    e.UserSeated: _seated,
    e.GrantsSet: _grants,
    e.GroupJoined: _joined,
    e.EmergencyOpened: _always,
    e.WallSet: _wall,
    e.WallLowered: _always,
    e.PolicySet: _policy,
    e.PolicyRemoved: _policy_removed,
    e.TokenAdded: _always,
    e.GroupKept: _kept,
    e.SuccessorSet: _successor,
    e.WebhookNoted: _webhook,
    e.SignInNoted: _always,
}

QUIET = frozenset(
    {
        *(e.FirmCreated, e.MemberDeactivated, e.ServiceAdded, e.ServiceRemoved),
        *(e.GroupCreated, e.GroupDeleted, e.GroupLeft),
        *(e.ClientsAdded, e.ClientMarked, e.ClientRemoved, e.ClientRestored),
        *(e.EngagementAdded, e.EngagementsAdded, e.EngagementRemoved),
        *(e.EmergencyEnded, e.EmergencyAcknowledged),
        *(e.GrantsRemoved, e.ClientsExcluded, e.ClientsIncluded),
        *(e.DelegationSet, e.DelegationRemoved, e.DefaultsSet, e.RequestOpened, e.RequestClosed),
        *(e.TokenRevoked, e.NamesSet, e.Described, e.EntryUndone, e.ByToken),
        *(e.RecordOpened, e.ExportTaken, e.AccessExpired, e.WallsTurned, e.DecisionLogSet, e.ProofNoted),
        e.WallAcknowledged,
        *(e.ReviewStarted, e.ReviewDecided, e.ReviewHanded, e.ReviewExtended, e.ReviewClosed),
        *(e.ReviewScheduled, e.ScheduledReviewBegun, e.ReviewUnscheduled),
        e.PolicyNoted,
    }
)
"""What raises nobody's power by itself; a new event is put here or above."""
