"""What each event does to the tables. The same meaning as `core.apply`, which is held against it by `verify`.

Rules are not looked at: an event is true. Nothing is asked of the database, so that the statements for a
large change are worked out before the firm's row is locked for it. What each of them does is in the modules
beside this one, by the themes of `core.apply`.
"""

from collections.abc import Callable
from typing import Any

from ringfence.core import events as e
from ringfence.core.terms import Thing

from . import TABLES, clients, emergency, firm, grants, groups, members, policies, reviews, tokens, walls
from .letting_go import let_go, let_go_for_new_rows
from .words import columns_for
from .writing import Writing

Handler = Callable[[Any, Writing], None]
"""Takes the event of its kind alone."""

HANDLERS: dict[type[e.Event], Handler] = {
    e.FirmCreated: firm.firm_created,
    e.ControlTurned: firm.control_turned,
    e.SettingsChanged: firm.nothing_more,
    e.NamesSet: firm.nothing_more,
    e.SuccessorSet: firm.nothing_more,
    e.Described: firm.nothing_more,
    e.RecordOpened: firm.nothing_more,
    e.ExportTaken: firm.nothing_more,
    e.AccessExpired: firm.nothing_more,
    e.WallsTurned: firm.nothing_more,
    e.WebhookNoted: firm.nothing_more,
    e.DecisionLogSet: firm.nothing_more,
    e.SignInNoted: firm.nothing_more,
    e.ProofNoted: firm.nothing_more,
    e.PolicyNoted: firm.nothing_more,
    e.EntryUndone: firm.nothing_more,
    e.ByToken: firm.nothing_more,
    e.UserSeated: firm.nothing_more,
    e.WallSet: walls.wall_set,
    e.WallLowered: walls.wall_lowered,
    e.WallAcknowledged: walls.wall_acknowledged,
    e.PolicySet: policies.policy_set,
    e.PolicyRemoved: policies.policy_removed,
    e.TokenAdded: tokens.token_added,
    e.TokenRevoked: tokens.token_revoked,
    e.MemberAdded: members.member_added,
    e.MemberChanged: members.member_changed,
    e.MemberDeactivated: members.member_deactivated,
    e.MemberReactivated: members.member_reactivated,
    e.DelegationSet: members.delegation_set,
    e.DelegationRemoved: members.delegation_removed,
    e.DefaultsSet: members.defaults_set,
    e.RequestOpened: members.request_opened,
    e.RequestClosed: members.request_closed,
    e.ReviewStarted: reviews.review_started,
    e.ReviewDecided: reviews.review_gone_on,
    e.ReviewHanded: reviews.review_gone_on,
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


def write(events: tuple[e.Event, ...], to: Writing) -> None:
    """Work out what puts the events into the tables in their order, and then words about what was there.

    Raises `KeyError` for what is no event.
    """
    let_go(to)
    let_go_for_new_rows(events, to)
    for event in events:
        HANDLERS[type(event)](event, to)
    _rename(to)


def _rename(to: Writing) -> None:
    """The words left over, many rows at once for each table and set of columns."""
    found: dict[tuple[Thing, tuple[str, ...]], dict[int, list[str | None]]] = {}
    for thing, number, fields in to.words.left():
        columns = columns_for(thing, fields)
        if columns and thing in TABLES:
            found.setdefault((thing, tuple(columns)), {})[number] = list(columns.values())
    for (thing, names), rows in found.items():
        to.statements.update_texts(TABLES[thing], names, to.firm, rows)
