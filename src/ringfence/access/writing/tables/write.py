"""What each event does to the tables. The same meaning as `core.apply`, which is held against it by `verify`.

Rules are not looked at: an event is true. Nothing is asked of the database, so that the statements for a
large change are worked out before the firm's row is locked for it.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import singledispatch
from typing import Any

import msgspec

from ringfence.core import events as e
from ringfence.core.events import unpacked
from ringfence.core.review_schedule import ScheduledReview
from ringfence.core.review_values import Review
from ringfence.core.terms import GENERAL, Instant, Subject, TargetKind, Thing
from ringfence.firms.codes import SUBJECT_CODES, TARGET_CODES

from . import TABLES, emergency, policies, walls, write_reviews
from .bulk import among_numbers, numbers_parameter, numbers_source
from .letting_go import let_go, let_go_for_new_rows
from .statements import Statements
from .words import CommandWords, all_sorting, columns_for, key_column


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """One command's writing: into which firm, when, and with which words."""

    firm: int
    now: Instant
    words: CommandWords
    gone: Collection[int] = ()
    """The clients that can no longer be restored."""
    first_client: int = 2**32
    """The first client that comes with it."""
    reviews: Mapping[int, Review] = {}
    """The open reviews after it."""
    schedules: Mapping[int, ScheduledReview] = {}
    """Those that are scheduled after it."""
    statements: Statements = msgspec.field(default_factory=Statements)
    """What puts it into the tables, as far as it has been worked out."""


def write(events: tuple[e.Event, ...], to: Writing) -> None:
    """Work out what puts the events into the tables in their order, and then words about what was there."""
    let_go(to)
    let_go_for_new_rows(events, to)
    for event in events:
        _write(event, to)
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


@singledispatch
def _write(event: object, to: Writing) -> None:
    raise TypeError(f"{type(event).__name__} is no event")


def _insert_named(to: Writing, thing: Thing, number: int) -> None:
    columns: dict[str, object] = {"firm_id": to.firm, "number": number}
    if thing is Thing.GROUP:
        columns |= {"external": "", "directory": False}
    columns |= columns_for(thing, {"name": "", **to.words.take(thing, number)})
    to.statements.insert(TABLES[thing], list(columns), [list(columns.values())])


def _delete(table: str, to: Writing, condition: str, *parameters: Any) -> None:
    to.statements.execute(f"DELETE FROM {table} WHERE firm_id = %s AND {condition}", to.firm, *parameters)


# --- The firm and its settings: columns of the firm's own row, which `recording` writes from the new state


@_write.register(e.FirmCreated)
def _(event: e.FirmCreated, to: Writing) -> None:
    _insert_named(to, Thing.GROUP, 1)
    _insert_named(to, Thing.SERVICE, GENERAL)


@_write.register(e.ControlTurned)
def _(event: e.ControlTurned, to: Writing) -> None:
    if not event.on:
        # rules.md 3: turning off discards all drafts. A note that somebody is writing is no draft of access.
        to.statements.execute(
            "DELETE FROM firms_draft WHERE firm_id = %s AND substr(purpose, 1, 5) <> 'note.'", to.firm
        )


@_write.register(e.SettingsChanged)
@_write.register(e.NamesSet)
@_write.register(e.SuccessorSet)
@_write.register(e.Described)
@_write.register(e.RecordOpened)
@_write.register(e.ExportTaken)
@_write.register(e.AccessExpired)
@_write.register(e.WallsTurned)
@_write.register(e.WebhookNoted)
@_write.register(e.DecisionLogSet)
@_write.register(e.SignInNoted)
@_write.register(e.ProofNoted)
@_write.register(e.PolicyNoted)
@_write.register(e.EntryUndone)
@_write.register(e.ByToken)
@_write.register(e.UserSeated)
def _(event: object, to: Writing) -> None:
    """Nothing but the firm's row, or words, or what `access.sign_in_accounts` writes."""


# --- Members and groups


_NO_WORDS = {"name": "", "email": "", "external": "", "user_name": ""}


@_write.register(e.MemberAdded)
def _(event: e.MemberAdded, to: Writing) -> None:
    words = {**_NO_WORDS, **to.words.take(Thing.MEMBER, event.member)}
    columns = {
        "firm_id": to.firm,
        "number": event.member,
        "role": event.role.value,
        "access": event.access,
        "manage_access": event.manage_access,
        "active": True,
        **columns_for(Thing.MEMBER, words),
    }
    to.statements.insert("firms_member", list(columns), [list(columns.values())])


@_write.register(e.MemberChanged)
def _(event: e.MemberChanged, to: Writing) -> None:
    to.statements.execute(
        "UPDATE firms_member SET role = %s, access = %s, manage_access = %s"
        " WHERE firm_id = %s AND number = %s",
        event.role.value,
        event.access,
        event.manage_access,
        to.firm,
        event.member,
    )


@_write.register(e.MemberDeactivated)
@_write.register(e.MemberReactivated)
def _(event: e.MemberDeactivated | e.MemberReactivated, to: Writing) -> None:
    active = isinstance(event, e.MemberReactivated)
    to.statements.execute(
        "UPDATE firms_member SET active = %s WHERE firm_id = %s AND number = %s",
        active,
        to.firm,
        event.member,
    )


@_write.register(e.GroupCreated)
def _(event: e.GroupCreated, to: Writing) -> None:
    _insert_named(to, Thing.GROUP, event.group)


@_write.register(e.GroupKept)
def _(event: e.GroupKept, to: Writing) -> None:
    to.statements.execute(
        "UPDATE firms_group SET directory = %s WHERE firm_id = %s AND number = %s",
        event.directory,
        to.firm,
        event.group,
    )


@_write.register(e.GroupDeleted)
def _(event: e.GroupDeleted, to: Writing) -> None:
    group = SUBJECT_CODES["group"]
    _delete("firms_groupmember", to, '"group" = %s', event.group)
    _delete("firms_grant", to, "subject_kind = %s AND subject = %s", group, event.group)
    _delete("firms_exclusion", to, '"group" = %s', event.group)
    _delete("firms_defaultgrant", to, "subject_kind = %s AND subject = %s", group, event.group)
    _delete("firms_group", to, "number = %s", event.group)


@_write.register(e.GroupJoined)
def _(event: e.GroupJoined, to: Writing) -> None:
    to.statements.execute(
        'INSERT INTO firms_groupmember (firm_id, "group", member)'
        f" SELECT %s, %s, n FROM {numbers_source()} AS s WHERE true ON CONFLICT DO NOTHING",
        to.firm,
        event.group,
        numbers_parameter(event.members),
    )


@_write.register(e.GroupLeft)
def _(event: e.GroupLeft, to: Writing) -> None:
    _delete(
        "firms_groupmember",
        to,
        f'"group" = %s AND {among_numbers("member")}',
        event.group,
        numbers_parameter(event.members),
    )


# --- Services, clients, engagements


@_write.register(e.ServiceAdded)
def _(event: e.ServiceAdded, to: Writing) -> None:
    _insert_named(to, Thing.SERVICE, event.service)


@_write.register(e.ServiceRemoved)
def _(event: e.ServiceRemoved, to: Writing) -> None:
    _delete("firms_service", to, "number = %s", event.service)


@_write.register(e.ClientsAdded)
def _(event: e.ClientsAdded, to: Writing) -> None:
    numbers, marked = range(event.first_client, event.first_client + event.count), event.confidential
    wanted = ("name", "reference", "reference_key", "kind")
    names, references, keys, kinds = to.words.take_all(Thing.CLIENT, numbers, *wanted)
    columns = {
        "number": numbers,
        "name": names,
        "sort_key": all_sorting(names),
        "reference": references,
        "reference_key": _or_null(keys),
        "kind": kinds,
        "confidential": [number in marked for number in numbers],
    }
    to.statements.insert_new("firms_client", columns, firm_id=to.firm)
    _insert_engagements(to, event)


def _insert_engagements(to: Writing, event: e.ClientsAdded | e.EngagementsAdded) -> None:
    clients, services = unpacked(event.client_of), unpacked(event.service_of)
    numbers = range(event.first_engagement, event.first_engagement + len(clients))
    references, keys = to.words.take_all(Thing.ENGAGEMENT, numbers, "reference", "reference_key")
    columns = {
        "number": numbers,
        "client": clients,
        "service": services,
        "reference": references,
        "reference_key": _or_null(keys),
    }
    to.statements.insert_new("firms_engagement", columns, firm_id=to.firm, ended=False)


def _or_null(keys: Sequence[str]) -> list[str | None]:
    """Null for none: databases let null be there many times."""
    return [key or None for key in keys]


_ENGAGEMENT_COLUMNS = ("number", "client", "service", "reference", "reference_key", "ended")


def _engagement_row(to: Writing, number: int, client: int, service: int) -> tuple[object, ...]:
    reference = to.words.take(Thing.ENGAGEMENT, number).get("reference", "")
    return (number, client, service, reference, key_column(Thing.ENGAGEMENT, reference), False)


@_write.register(e.ClientMarked)
def _(event: e.ClientMarked, to: Writing) -> None:
    _update_client(to, event.client, "confidential", event.confidential)


@_write.register(e.ClientRemoved)
def _(event: e.ClientRemoved, to: Writing) -> None:
    _update_client(to, event.client, "removed_at", event.at)


@_write.register(e.ClientRestored)
def _(event: e.ClientRestored, to: Writing) -> None:
    _update_client(to, event.client, "removed_at", None)


def _update_client(to: Writing, client: int, column: str, value: object) -> None:
    to.statements.execute(
        f"UPDATE firms_client SET {column} = %s WHERE firm_id = %s AND number = %s", value, to.firm, client
    )


@_write.register(e.EngagementAdded)
def _(event: e.EngagementAdded, to: Writing) -> None:
    row = _engagement_row(to, event.engagement, event.client, event.service)
    to.statements.insert("firms_engagement", _ENGAGEMENT_COLUMNS, [row], firm_id=to.firm)


@_write.register(e.EngagementsAdded)
def _(event: e.EngagementsAdded, to: Writing) -> None:
    _insert_engagements(to, event)


@_write.register(e.EngagementRemoved)
def _(event: e.EngagementRemoved, to: Writing) -> None:
    to.statements.execute(
        "UPDATE firms_engagement SET ended = %s WHERE firm_id = %s AND number = %s",
        True,
        to.firm,
        event.engagement,
    )
    kind = TARGET_CODES["engagement"]
    _delete("firms_grant", to, "target_kind = %s AND target = %s", kind, event.engagement)


# --- Grants


def _grant_place(to: Writing, subject: Subject, kind: TargetKind) -> tuple[int, int, int, int]:
    return (to.firm, SUBJECT_CODES[subject.kind], subject.number, TARGET_CODES[kind])


@_write.register(e.GrantsSet)
def _(event: e.GrantsSet, to: Writing) -> None:
    to.statements.execute(
        "INSERT INTO firms_grant"
        " (firm_id, subject_kind, subject, target_kind, target, level, expires, fee_split)"
        f" SELECT %s, %s, %s, %s, n, %s, %s, %s FROM {numbers_source()} AS s WHERE true"
        " ON CONFLICT (firm_id, subject_kind, subject, target_kind, target)"
        " DO UPDATE SET level = excluded.level, expires = excluded.expires, fee_split = excluded.fee_split",
        *_grant_place(to, event.subject, event.kind),
        int(event.level),
        event.expires,
        event.fee_split,
        numbers_parameter(event.targets),
        about_new=event.kind == "client" and bool(event.targets) and event.targets.min() >= to.first_client,
    )


@_write.register(e.GrantsRemoved)
def _(event: e.GrantsRemoved, to: Writing) -> None:
    _, subject_code, subject, target_code = _grant_place(to, event.subject, event.kind)
    _delete(
        "firms_grant",
        to,
        f"subject_kind = %s AND subject = %s AND target_kind = %s AND {among_numbers('target')}",
        subject_code,
        subject,
        target_code,
        numbers_parameter(event.targets),
    )
    if event.kind == "service" and event.subject.kind == "group":
        _delete(
            "firms_exclusion",
            to,
            f'"group" = %s AND {among_numbers("service")}',
            subject,
            numbers_parameter(event.targets),
        )


@_write.register(e.ClientsExcluded)
def _(event: e.ClientsExcluded, to: Writing) -> None:
    to.statements.execute(
        'INSERT INTO firms_exclusion (firm_id, "group", service, client)'
        f" SELECT %s, %s, %s, n FROM {numbers_source()} AS s WHERE true ON CONFLICT DO NOTHING",
        to.firm,
        event.group,
        event.service,
        numbers_parameter(event.clients),
    )


@_write.register(e.ClientsIncluded)
def _(event: e.ClientsIncluded, to: Writing) -> None:
    _delete(
        "firms_exclusion",
        to,
        f'"group" = %s AND service = %s AND {among_numbers("client")}',
        event.group,
        event.service,
        numbers_parameter(event.clients),
    )


# --- Delegations, defaults, walls, requests


@_write.register(e.DelegationSet)
def _(event: e.DelegationSet, to: Writing) -> None:
    to.statements.execute(
        "INSERT INTO firms_delegation (firm_id, delegator, delegate, cap, expires, cascades)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (firm_id, delegator, delegate)"
        " DO UPDATE SET cap = excluded.cap, expires = excluded.expires, cascades = excluded.cascades",
        to.firm,
        event.delegator,
        event.delegate,
        int(event.cap),
        event.expires,
        event.cascades,
    )


@_write.register(e.DelegationRemoved)
def _(event: e.DelegationRemoved, to: Writing) -> None:
    _delete("firms_delegation", to, "delegator = %s AND delegate = %s", event.delegator, event.delegate)


@_write.register(e.DefaultsSet)
def _(event: e.DefaultsSet, to: Writing) -> None:
    _delete("firms_defaultgrant", to, "member = %s", event.member)
    rows = [
        (to.firm, event.member, place, SUBJECT_CODES[made.subject.kind], made.subject.number, int(made.level))
        for place, made in enumerate(event.grants)
    ]
    to.statements.insert(
        "firms_defaultgrant", ("firm_id", "member", "position", "subject_kind", "subject", "level"), rows
    )


_write.register(e.WallSet, walls.wall_set)
_write.register(e.WallLowered, walls.wall_lowered)
_write.register(e.PolicySet, policies.policy_set)
_write.register(e.PolicyRemoved, policies.policy_removed)


@_write.register(e.WallAcknowledged)
def _(event: e.WallAcknowledged, to: Writing) -> None:
    to.statements.insert(
        "firms_wallacknowledgement",
        ("firm_id", "wall", "member", "at"),
        [(to.firm, event.wall, event.member, event.at)],
    )


@_write.register(e.RequestOpened)
def _(event: e.RequestOpened, to: Writing) -> None:
    reason = to.words.take(Thing.REQUEST, event.client, event.member).get("reason", "")
    columns = ("firm_id", "client", "member", "level", "expires", "reason", "opened_at")
    row = (to.firm, event.client, event.member, int(event.level), event.expires, reason, to.now)
    to.statements.insert("firms_request", columns, [row])


@_write.register(e.RequestClosed)
def _(event: e.RequestClosed, to: Writing) -> None:
    _delete("firms_request", to, "client = %s AND member = %s", event.client, event.member)


# --- Access reviews: `write_reviews`


_write.register(e.ReviewStarted)(write_reviews.started)
_write.register(e.ReviewDecided)(write_reviews.gone_on)
_write.register(e.ReviewHanded)(write_reviews.gone_on)
_write.register(e.ReviewExtended)(write_reviews.extended)
_write.register(e.ReviewClosed)(write_reviews.closed)
_write.register(e.ReviewScheduled)(write_reviews.scheduled)
_write.register(e.ScheduledReviewBegun)(write_reviews.came_round)
_write.register(e.ReviewUnscheduled)(write_reviews.unscheduled)
_write.register(e.EmergencyOpened)(emergency.opened)
_write.register(e.EmergencyEnded)(emergency.ended)
_write.register(e.EmergencyAcknowledged)(emergency.acknowledged)


# --- Tokens


@_write.register(e.TokenAdded)
def _(event: e.TokenAdded, to: Writing) -> None:
    words = {"name": "", "beginning": "", "addresses": "", **to.words.take(Thing.TOKEN, event.token)}
    columns = {
        "firm_id": to.firm,
        "number": event.token,
        "member": event.member,
        "scopes": int(event.scopes),
        "digest": event.digest,
        "made": to.now,
        "expires": event.expires,
        **columns_for(Thing.TOKEN, words),
    }
    to.statements.insert("firms_token", list(columns), [list(columns.values())])


@_write.register(e.TokenRevoked)
def _(event: e.TokenRevoked, to: Writing) -> None:
    to.statements.execute(
        "UPDATE firms_token SET revoked = %s WHERE firm_id = %s AND number = %s",
        to.now,
        to.firm,
        event.token,
    )
