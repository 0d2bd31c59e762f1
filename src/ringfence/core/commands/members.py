"""`member.*` but deactivating, which is `leaving.py`'s (rules.md 5, 7)."""

import msgspec
from msgspec import UNSET

from ringfence.core import events as e
from ringfence.core.authority.principals import refused_role
from ringfence.core.refusals import Problem, conflict, invalid, need
from ringfence.core.terms import Role, Thing
from ringfence.core.texts import EXTERNAL, MEMBER_NAME, USER_NAME, clean, clean_email, clean_optional
from ringfence.core.values import Member

from . import definitions as w
from .context import Context
from .text_changes import EventsAndTexts, text_changes


def add_member(context: Context, command: w.AddMember) -> EventsAndTexts:
    context.need_administrator()
    need(refused_role(context, Role.STANDARD, command.role))
    access = command.role is not Role.AUDITOR if command.access is UNSET else command.access
    _need_no_auditor_permissions(command.role, access=access, manage_access=command.manage_access)
    fields = {field: text for field, text in _texts(command, "member").items() if text}
    context.free_for_member(fields)
    number = context.state.numbers.member + 1
    added = e.MemberAdded(
        member=number, role=command.role, access=access, manage_access=command.manage_access
    )
    return [added], [e.Text(thing=Thing.MEMBER, number=number, fields=fields)]


def _texts(command: w.AddMember | w.ChangeMember, name: str) -> dict[str, str]:
    """The texts that are stated, in the form that is kept; `name` is what the command calls the name."""
    fields: dict[str, str] = {}
    if command.name is not UNSET:
        fields["name"] = clean(command.name, name, most=MEMBER_NAME)
    if command.email is not UNSET:
        fields["email"] = clean_email(command.email)
    if command.external is not UNSET:
        fields["external"] = clean_optional(command.external, "external", most=EXTERNAL)
    if command.user_name is not UNSET:
        fields["user_name"] = clean_optional(command.user_name, "user_name", most=USER_NAME)
    return fields


def _need_no_auditor_permissions(role: Role, *, access: bool, manage_access: bool) -> None:
    if role is Role.AUDITOR and (access or manage_access):
        invalid(Problem.AUDITOR_PERMISSIONS, "access" if access else "manage_access")


def change_member(context: Context, command: w.ChangeMember) -> EventsAndTexts:
    context.need_administrator()
    was = context.state.members.get(command.member)
    role = command.role if command.role is not UNSET else was.role if was else Role.STANDARD
    if was is not None:
        need(refused_role(context, was.role, role))
    was = context.need_member(command.member)
    becomes_auditor = role is Role.AUDITOR
    access = command.access if command.access is not UNSET else was.access and not becomes_auditor
    manages = (
        command.manage_access
        if command.manage_access is not UNSET
        else was.manage_access and not becomes_auditor
    )
    _need_no_auditor_permissions(role, access=access, manage_access=manages)
    fields = _texts(command, "name")
    context.free_for_member(fields, mine=command.member)
    events: list[e.Event] = []
    will = msgspec.structs.replace(was, role=role, access=access, manage_access=manages)
    if will != was:
        events.append(e.MemberChanged(member=command.member, role=role, access=access, manage_access=manages))
    described_events, texts = text_changes(context, Thing.MEMBER, command.member, fields)
    events += described_events
    if not events:
        conflict()
    return events, texts


def switched(context: Context, number: int) -> Member:
    """The member to be deactivated or reactivated; of a principal only principals may (rules.md 5).

    Where none is active, reactivating one makes the first.
    """
    was = context.state.members.get(number)
    if was is not None and was.role is Role.PRINCIPAL:
        ends = (Role.PRINCIPAL, Role.STANDARD) if was.active else (Role.STANDARD, Role.PRINCIPAL)
        need(refused_role(context, *ends))
    return context.need_member(number)


def reactivate_member(context: Context, command: w.ReactivateMember) -> list[e.Event]:
    context.need_administrator()
    if switched(context, command.member).active:
        conflict()
    return [e.MemberReactivated(member=command.member)]
