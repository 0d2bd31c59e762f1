"""Grants and the clients that a group's grant on a service leaves out, in the tables."""

from ringfence.access.sql import among_numbers, numbers_parameter, numbers_source
from ringfence.core import events as e
from ringfence.firms.codes import SUBJECT_CODES, TARGET_CODES

from .writing import Writing


def grants_set(event: e.GrantsSet, to: Writing) -> None:
    to.statements.execute(
        "INSERT INTO firms_grant"
        " (firm_id, subject_kind, subject, target_kind, target, level, expires, fee_split)"
        f" SELECT %s, %s, %s, %s, n, %s, %s, %s FROM {numbers_source()} AS s WHERE true"
        " ON CONFLICT (firm_id, subject_kind, subject, target_kind, target)"
        " DO UPDATE SET level = excluded.level, expires = excluded.expires, fee_split = excluded.fee_split",
        to.firm,
        SUBJECT_CODES[event.subject.kind],
        event.subject.number,
        TARGET_CODES[event.kind],
        int(event.level),
        event.expires,
        event.fee_split,
        numbers_parameter(event.targets),
        about_new=event.kind == "client" and bool(event.targets) and event.targets.min() >= to.first_client,
    )


def grants_removed(event: e.GrantsRemoved, to: Writing) -> None:
    subject, targets = event.subject, numbers_parameter(event.targets)
    to.delete(
        "firms_grant",
        f"subject_kind = %s AND subject = %s AND target_kind = %s AND {among_numbers('target')}",
        SUBJECT_CODES[subject.kind],
        subject.number,
        TARGET_CODES[event.kind],
        targets,
    )
    if event.kind == "service" and subject.kind == "group":
        to.delete("firms_exclusion", f'"group" = %s AND {among_numbers("service")}', subject.number, targets)


def clients_excluded(event: e.ClientsExcluded, to: Writing) -> None:
    to.statements.execute(
        'INSERT INTO firms_exclusion (firm_id, "group", service, client)'
        f" SELECT %s, %s, %s, n FROM {numbers_source()} AS s WHERE true ON CONFLICT DO NOTHING",
        to.firm,
        event.group,
        event.service,
        numbers_parameter(event.clients),
    )


def clients_included(event: e.ClientsIncluded, to: Writing) -> None:
    to.delete(
        "firms_exclusion",
        f'"group" = %s AND service = %s AND {among_numbers("client")}',
        event.group,
        event.service,
        numbers_parameter(event.clients),
    )
