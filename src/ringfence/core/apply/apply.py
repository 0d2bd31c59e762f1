"""How an event changes a state, and what of the worked-out sets survives it.

Events are taken as true: whether a command may give them is decided in `commands/`. What each of them does
is in the modules beside this one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from ringfence.core import events as e
from ringfence.core.decision.evaluation import known_evaluation
from ringfence.core.state.memo import Memo
from ringfence.core.state.state import State
from ringfence.core.values import Delegation

from . import clients, emergency, firm, grants, groups, members, policies, reviews, tokens
from .patch import NOTHING, Patch, Touched

Handler = Callable[[Any, State], Patch]
"""Takes the event of its kind alone."""

HANDLERS: dict[type[e.Event], Handler] = {
    e.FirmCreated: firm.firm_created,
    e.ControlTurned: firm.control_turned,
    e.SettingsChanged: firm.settings_changed,
    e.WallSet: firm.wall_set,
    e.WallLowered: firm.wall_lowered,
    e.PolicySet: policies.policy_set,
    e.PolicyRemoved: policies.policy_removed,
    e.WallAcknowledged: firm.wall_acknowledged,
    e.Described: firm.only_told,
    e.RecordOpened: firm.only_told,
    e.ExportTaken: firm.only_told,
    e.AccessExpired: firm.only_told,
    e.WallsTurned: firm.only_told,
    e.WebhookNoted: firm.only_told,
    e.DecisionLogSet: firm.only_told,
    e.SignInNoted: firm.only_told,
    e.ProofNoted: firm.only_told,
    e.PolicyNoted: firm.only_told,
    e.UserSeated: firm.only_told,
    e.EntryUndone: firm.only_told,
    e.ByToken: firm.only_told,
    e.TokenAdded: tokens.token_added,
    e.TokenRevoked: tokens.token_revoked,
    e.NamesSet: tokens.names_set,
    e.MemberAdded: members.member_added,
    e.MemberChanged: members.member_changed,
    e.MemberDeactivated: members.member_deactivated,
    e.MemberReactivated: members.member_reactivated,
    e.SuccessorSet: members.successor_set,
    e.DelegationSet: members.delegation_set,
    e.DelegationRemoved: members.delegation_removed,
    e.DefaultsSet: members.defaults_set,
    e.RequestOpened: members.request_opened,
    e.RequestClosed: members.request_closed,
    e.ReviewStarted: reviews.review_started,
    e.ReviewDecided: reviews.review_decided,
    e.ReviewHanded: reviews.review_handed,
    e.ReviewExtended: reviews.review_extended,
    e.ReviewClosed: reviews.review_closed,
    e.ReviewScheduled: reviews.review_scheduled,
    e.ScheduledReviewBegun: reviews.scheduled_review_begun,
    e.ReviewUnscheduled: reviews.review_unscheduled,
    e.EmergencyOpened: emergency.emergency_opened,
    e.EmergencyEnded: emergency.emergency_ended,
    e.EmergencyAcknowledged: emergency.emergency_acknowledged,
    e.GroupCreated: groups.group_created,
    e.GroupDeleted: groups.group_deleted,
    e.GroupKept: groups.group_kept,
    e.GroupJoined: groups.group_joined,
    e.GroupLeft: groups.group_left,
    e.GrantsSet: grants.grants_set,
    e.GrantsRemoved: grants.grants_removed,
    e.ClientsExcluded: grants.clients_excluded,
    e.ClientsIncluded: grants.clients_included,
    e.ServiceAdded: clients.service_added,
    e.ServiceRemoved: clients.service_removed,
    e.ClientsAdded: clients.clients_added,
    e.ClientMarked: clients.client_marked,
    e.ClientRemoved: clients.client_removed,
    e.ClientRestored: clients.client_restored,
    e.EngagementAdded: clients.engagement_added,
    e.EngagementsAdded: clients.engagements_added,
    e.EngagementRemoved: clients.engagement_removed,
}
"""What each event does."""


def patch_of(event: e.Event, state: State) -> Patch:
    """What the event does to the state. Raises `KeyError` for what is no event."""
    return HANDLERS[type(event)](event, state)


def apply(state: State, event: e.Event) -> State:
    """The state after an event that a command gave for this very state, which itself stays as it is."""
    patch = patch_of(event, state)
    if patch is NOTHING:
        # A record opened must cost no member's reach: not even a copy of what has been worked out.
        return state
    compiled = dict(state.memo.compiled)
    for subject, grants_now in patch.compiled.items():
        if grants_now is None:
            compiled.pop(subject, None)
        else:
            compiled[subject] = grants_now
    old = state.memo
    memo = Memo(compiled=compiled, anchors=old.anchors)
    if patch.groups is None:
        memo.places = old.places
    if patch.members is None:
        memo.kinds = old.kinds
    opening = _assign(memo, old, patch) or patch.opening
    after = msgspec.structs.replace(state, memo=memo, **patch.parts())
    known = known_evaluation(state)
    if known is not None:
        handed_on = known.after(
            after, _downstream(after.delegations, patch.touched), patch.expires, patch.times
        )
        if not opening:
            handed_on.keep_open(known)
        known.followed(handed_on, event)
        memo.evaluation = handed_on
    return after


def _assign(memo: Memo, old: Memo, patch: Patch) -> bool:
    """File what is assigned after the patch. Gives back whether that may be something else than before."""
    if patch.doubtful is None:
        return True
    # In this order: another thread that works out what is assigned takes the doubts away afterwards.
    memo.doubtful = old.doubtful | patch.doubtful
    memo.assigned = old.assigned
    if not patch.assigned:
        return bool(memo.doubtful)
    if memo.assigned is None:
        return True
    memo.doubtful = memo.doubtful - patch.assigned
    fresh = patch.assigned - memo.assigned
    if fresh:
        memo.assigned = memo.assigned | fresh
    return bool(fresh or memo.doubtful)


def apply_all(state: State, events: Iterable[e.Event]) -> State:
    """The state after these events, one after the other."""
    for event in events:
        state = apply(state, event)
    return state


def touched_by(state: State, events: Sequence[e.Event]) -> Touched:
    """The members whose grants, places, delegations or walls these events change; all of them where None.

    Others can be touched only by what becomes open or stops being so.
    """
    if not events:
        return frozenset()
    found: set[int] = set()
    *earlier, last = events
    for event in earlier:
        touched = _touching(event, state)
        if touched is None:
            return None
        found |= touched
        state = apply(state, event)
    touched = _touching(last, state)
    return None if touched is None else touched | found


def _touching(event: e.Event, state: State) -> Touched:
    patch = patch_of(event, state)
    return _downstream(state.delegations if patch.delegations is None else patch.delegations, patch.touched)


def _downstream(delegations: Mapping[tuple[int, int], Delegation], touched: Touched) -> Touched:
    """The members and everyone whom their delegations reach."""
    if not touched or not delegations:
        return touched
    found = list(touched)
    seen = set(touched)
    for number in found:
        for giver, taker in delegations:
            if giver == number and taker not in seen:
                seen.add(taker)
                found.append(taker)
    return frozenset(seen)
