"""Members and what they make, in the tables: delegations, defaults, requests."""

from ringfence.core import events as e
from ringfence.core.terms import Thing
from ringfence.firms.codes import SUBJECT_CODES

from .writing import Writing


def member_added(event: e.MemberAdded, to: Writing) -> None:
    to.insert(
        "firms_member",
        number=event.member,
        role=event.role.value,
        access=event.access,
        manage_access=event.manage_access,
        active=True,
        created_at=to.now,
        **to.new_words(Thing.MEMBER, event.member, "name", "email", "external", "user_name"),
    )


def member_changed(event: e.MemberChanged, to: Writing) -> None:
    to.update(
        "firms_member",
        event.member,
        role=event.role.value,
        access=event.access,
        manage_access=event.manage_access,
    )


def member_deactivated(event: e.MemberDeactivated, to: Writing) -> None:
    to.update("firms_member", event.member, active=False)


def member_reactivated(event: e.MemberReactivated, to: Writing) -> None:
    to.update("firms_member", event.member, active=True)


def delegation_set(event: e.DelegationSet, to: Writing) -> None:
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


def delegation_removed(event: e.DelegationRemoved, to: Writing) -> None:
    to.delete("firms_delegation", "delegator = %s AND delegate = %s", event.delegator, event.delegate)


def defaults_set(event: e.DefaultsSet, to: Writing) -> None:
    to.delete("firms_defaultgrant", "member = %s", event.member)
    rows = [
        (to.firm, event.member, place, SUBJECT_CODES[made.subject.kind], made.subject.number, int(made.level))
        for place, made in enumerate(event.grants)
    ]
    to.statements.insert(
        "firms_defaultgrant", ("firm_id", "member", "position", "subject_kind", "subject", "level"), rows
    )


def request_opened(event: e.RequestOpened, to: Writing) -> None:
    to.insert(
        "firms_request",
        client=event.client,
        member=event.member,
        level=int(event.level),
        expires=event.expires,
        reason=to.words.take(Thing.REQUEST, event.client, event.member).get("reason", ""),
        opened_at=to.now,
    )


def request_closed(event: e.RequestClosed, to: Writing) -> None:
    to.delete("firms_request", "client = %s AND member = %s", event.client, event.member)
