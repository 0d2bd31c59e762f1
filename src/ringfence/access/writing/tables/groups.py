"""Groups and who is in them, in the tables."""

from ringfence.access.sql import among_numbers, numbers_parameter, numbers_source
from ringfence.core import events as e
from ringfence.firms.codes import SUBJECT_CODES

from .firm import new_group
from .writing import Writing


def group_created(event: e.GroupCreated, to: Writing) -> None:
    new_group(to, event.group)


def group_kept(event: e.GroupKept, to: Writing) -> None:
    to.update("firms_group", event.group, directory=event.directory)


def group_deleted(event: e.GroupDeleted, to: Writing) -> None:
    group = SUBJECT_CODES["group"]
    to.delete("firms_groupmember", '"group" = %s', event.group)
    to.delete("firms_grant", "subject_kind = %s AND subject = %s", group, event.group)
    to.delete("firms_exclusion", '"group" = %s', event.group)
    to.delete("firms_defaultgrant", "subject_kind = %s AND subject = %s", group, event.group)
    to.delete("firms_group", "number = %s", event.group)


def group_joined(event: e.GroupJoined, to: Writing) -> None:
    to.statements.execute(
        'INSERT INTO firms_groupmember (firm_id, "group", member)'
        f" SELECT %s, %s, n FROM {numbers_source()} AS s WHERE true ON CONFLICT DO NOTHING",
        to.firm,
        event.group,
        numbers_parameter(event.members),
    )


def group_left(event: e.GroupLeft, to: Writing) -> None:
    condition = f'"group" = %s AND {among_numbers("member")}'
    to.delete("firms_groupmember", condition, event.group, numbers_parameter(event.members))
