"""Carrying out a command: who handles it, and what holds for all of them (rules.md 5 to 7).

The one place where a command becomes events. Refused whole or done whole.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.sharing import refused_acting
from ringfence.core.decision.moment import Moment
from ringfence.core.directory import Directory
from ringfence.core.many_texts import joined
from ringfence.core.refusals import Refusal, Refused, need
from ringfence.core.state.state import State
from ringfence.core.terms import Thing
from ringfence.core.texts import clean_reason

from . import (
    adding,
    clients,
    defaults,
    delegations,
    emergency,
    engagements,
    firm,
    grants,
    groups,
    handing_on,
    leaving,
    members,
    policies,
    requests,
    review_closing,
    review_schedules,
    reviews,
    software_names,
    tokens,
    walls,
)
from . import definitions as w
from .context import Context
from .invariants import is_self_access, need_invariants, need_policies

Handler = Callable[[Context, Any], "list[e.Event] | tuple[list[e.Event], Sequence[e.Text]]"]

HANDLERS: dict[type[w.Command], Handler] = {
    w.TurnOn: firm.turn_on,
    w.TurnOff: firm.turn_off,
    w.ChangeSettings: firm.change_settings,
    w.AddMember: members.add_member,
    w.ChangeMember: members.change_member,
    w.DeactivateMember: leaving.deactivate_member,
    w.ReactivateMember: members.reactivate_member,
    w.SetSuccessor: leaving.set_successor,
    w.AddService: firm.add_service,
    w.RenameService: firm.rename_service,
    w.RemoveService: firm.remove_service,
    w.CreateGroup: groups.create_group,
    w.RenameGroup: groups.rename_group,
    w.ChangeGroup: groups.change_group,
    w.DeleteGroup: groups.delete_group,
    w.AddToGroup: groups.add_to_group,
    w.RemoveFromGroup: groups.remove_from_group,
    w.AddClient: adding.add_client,
    w.ImportClients: adding.import_clients,
    w.ChangeClient: clients.change_client,
    w.RemoveClient: clients.remove_client,
    w.RestoreClient: clients.restore_client,
    w.AddEngagement: engagements.add_engagement,
    w.ImportEngagements: engagements.import_engagements,
    w.ChangeEngagement: engagements.change_engagement,
    w.RemoveEngagement: engagements.remove_engagement,
    w.SetGrant: grants.set_grant,
    w.RemoveGrant: grants.remove_grant,
    w.ExcludeClients: grants.exclude,
    w.IncludeClients: grants.include,
    w.SetDelegation: delegations.set_delegation,
    w.RemoveDelegation: delegations.remove_delegation,
    w.SetDefaults: defaults.set_defaults,
    w.CopyAccess: handing_on.copy_access,
    w.RaiseWall: walls.raise_wall,
    w.ChangeWall: walls.change_wall,
    w.LowerWall: walls.lower_wall,
    w.AcknowledgeWall: walls.acknowledge_wall,
    w.OpenRequest: requests.open_request,
    w.WithdrawRequest: requests.withdraw_request,
    w.GrantRequest: requests.grant_request,
    w.DeclineRequest: requests.decline_request,
    w.StartReview: reviews.start_review,
    w.DecideReview: reviews.decide_review,
    w.HandOverReview: reviews.hand_over_review,
    w.ExtendReview: reviews.extend_review,
    w.CloseReview: review_closing.close_review,
    w.ScheduleReview: review_schedules.schedule_review,
    w.BeginReview: review_schedules.begin_review,
    w.UnscheduleReview: review_schedules.unschedule_review,
    w.OpenEmergency: emergency.open_emergency,
    w.AcknowledgeEmergency: emergency.acknowledge_emergency,
    w.EndEmergency: emergency.end_emergency,
    w.AddToken: tokens.add_token,
    w.RevokeToken: tokens.revoke_token,
    w.SetNames: software_names.set_names,
    w.SetPolicy: policies.set_policy,
    w.RemovePolicy: policies.remove_policy,
}


_ORDER = list(Refusal)
_AFTER_INVALID = frozenset(_ORDER[_ORDER.index(Refusal.INVALID) + 1 :])
"""What is said only where nothing is invalid, the reason included (rules.md 7)."""


class Carried(NamedTuple):
    """What a command does, and the state after it."""

    change: e.Change
    after: State


def carry_out(moment: Moment, directory: Directory, command: w.Command, *, actor: int | None) -> Carried:
    """What the command does to the firm as it stands at `moment`, and what the firm is then.

    `actor` is the number of the member who gives it; None for the firm's operator, whose authority is not
    checked. Raises `Refused` with the first refusal that applies (rules.md 7); then nothing is changed.
    """
    return carried_in(Context(moment=moment, directory=directory, actor=actor), command)


def carried_in(context: Context, command: w.Command) -> Carried:
    """The same in a context, which may be that of a list; what is judged at a list's end is left to it."""
    need(refused_acting(context.judged()))
    try:
        done = HANDLERS[type(command)](context, command)
    except Refused as refused:
        if refused.refusal in _AFTER_INVALID:
            clean_reason(command.reason)
        raise
    events, texts = done if isinstance(done, tuple) else (done, ())
    events = [*events, *emergency.replaced(context.state, events)]
    reason = clean_reason(command.reason)
    after = apply_all(context.state, events)
    if reason and not isinstance(command, w.OpenRequest):
        texts = joined([texts, [e.Text(thing=Thing.ENTRY, number=0, fields={"reason": reason})]])
    # Words alone leave the very same state behind, on which nothing need be looked at again.
    same = after is context.state
    if not same and context.together is None:
        need_invariants(context, after, events)
        need_policies(context, after, events)
    self_access = not same and is_self_access(context, after)
    return Carried(e.Change(events=tuple(events), texts=joined([texts]), self_access=self_access), after)
