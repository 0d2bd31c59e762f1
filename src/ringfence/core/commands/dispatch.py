"""Carrying out a command: who handles it, and what holds for all of them (rules.md 5 to 7).

The one place where a command becomes events. Refused whole or done whole.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.sharing import need_active
from ringfence.core.decision.moment import Moment
from ringfence.core.directory import Directory
from ringfence.core.refusals import Refusal, Refused
from ringfence.core.state.state import State
from ringfence.core.terms import Thing
from ringfence.core.texts import clean_reason

from . import adding, clients, engagements, firm, grants, lasting, people
from . import definitions as w
from .context import Desk
from .invariants import is_self_access, need_invariants

Handler = Callable[[Desk, Any], "list[e.Event] | tuple[list[e.Event], list[e.Text]]"]

HANDLERS: dict[type[w.Command], Handler] = {
    w.TurnOn: firm.turn_on,
    w.TurnOff: firm.turn_off,
    w.ChangeSettings: firm.change_settings,
    w.AddMember: people.add_member,
    w.ChangeMember: people.change_member,
    w.DeactivateMember: people.deactivate_member,
    w.ReactivateMember: people.reactivate_member,
    w.AddService: firm.add_service,
    w.RenameService: firm.rename_service,
    w.RemoveService: firm.remove_service,
    w.CreateGroup: people.create_group,
    w.RenameGroup: people.rename_group,
    w.DeleteGroup: people.delete_group,
    w.AddToGroup: people.add_to_group,
    w.RemoveFromGroup: people.remove_from_group,
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
    w.SetDelegation: lasting.set_delegation,
    w.RemoveDelegation: lasting.remove_delegation,
    w.SetDefaults: lasting.set_defaults,
    w.CopyAccess: people.copy_access,
    w.RaiseWall: lasting.raise_wall,
    w.ChangeWall: lasting.change_wall,
    w.LowerWall: lasting.lower_wall,
    w.OpenRequest: lasting.open_request,
    w.WithdrawRequest: lasting.withdraw_request,
    w.GrantRequest: lasting.grant_request,
    w.DeclineRequest: lasting.decline_request,
}


_ORDER = list(Refusal)
_AFTER_INVALID = frozenset(_ORDER[_ORDER.index(Refusal.INVALID) + 1 :])
"""What is said only where nothing is invalid, the reason included (rules.md 7)."""


class Carried(NamedTuple):
    """What a command does, and the state after it."""

    change: e.Change
    after: State


def carry_out(moment: Moment, directory: Directory, command: w.Command, *, actor: int | None) -> e.Change:
    """What the command does to the firm as it stands at `moment`: `carried` for who needs the change only."""
    return carried(moment, directory, command, actor=actor).change


def carried(moment: Moment, directory: Directory, command: w.Command, *, actor: int | None) -> Carried:
    """What the command does to the firm as it stands at `moment`, and what the firm is then.

    `actor` is the number of the member who gives it; None for the firm's operator, whose authority is not
    checked. Raises `Refused` with the first refusal that applies (rules.md 7); then nothing is changed.
    """
    desk = Desk(moment=moment, directory=directory, actor=actor)
    need_active(desk)
    try:
        done = HANDLERS[type(command)](desk, command)
    except Refused as refused:
        if refused.refusal in _AFTER_INVALID:
            clean_reason(command.reason)
        raise
    events, texts = done if isinstance(done, tuple) else (done, [])
    reason = clean_reason(command.reason)
    after = apply_all(moment.state, events)
    if reason and not isinstance(command, w.OpenRequest):
        texts = [*texts, e.Text(thing=Thing.ENTRY, number=0, fields={"reason": reason})]
    # Words alone leave the very same state behind, on which nothing need be looked at again.
    same = after is moment.state
    if not same:
        need_invariants(desk, after)
    self_access = not same and is_self_access(desk, after)
    return Carried(e.Change(events=tuple(events), texts=tuple(texts), self_access=self_access), after)
