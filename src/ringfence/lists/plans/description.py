"""What an import would do, in English lines: one for each thing that is added or changes, before and after.

Text only; where it is shown, and how much of it, is for whoever shows it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import singledispatch
from zoneinfo import ZoneInfo

from ringfence.core.directory import unique_key
from ringfence.lists.faults import shown
from ringfence.lists.plans.access_plan import GrantChange, KnownGrant
from ringfence.lists.plans.client_plan import ClientChange
from ringfence.lists.plans.people_plan import MemberChange, Place
from ringfence.lists.rows.days import stated_as
from ringfence.lists.rows.typed_rows import MemberRow, TypedClient


def describe(item: object, zone: ZoneInfo) -> str:
    """One line for something a plan adds or changes; times in the firm's `zone`."""
    return _describe(item, zone)


@singledispatch
def _describe(item: object, zone: ZoneInfo) -> str:
    raise TypeError(f"no plan holds a {type(item).__name__}")


@_describe.register
def _(item: TypedClient, zone: ZoneInfo) -> str:
    notes = [shown(item.kind)] if item.kind else []
    notes += ["confidential"] if item.confidential else []
    notes += [_service(name, reference) for name, reference in item.services.items()]
    return f"{_client(item.reference, item.name)}{_bracketed(notes)}"


@_describe.register
def _(item: ClientChange, zone: ZoneInfo) -> str:
    was = item.was
    # Whoever manages knows the name of a client that they do not see, but not what else stood there.
    kind = was.kind if len(was.unseen) < len(was.services) else ""
    changes = list(_differences({"name": was.name, "type": kind}, {"name": item.name, "type": item.kind}))
    if item.confidential is not None:
        changes.append("confidential" if item.confidential else "no longer confidential")
    changes += [f"+ {_service(name, reference)}" for name, reference in item.services_added.items()]
    for name, reference in item.services_changed.items():
        key = unique_key(name)
        before = "" if key in was.unseen else was.services.get(key, "")
        changes.append(f"{shown(name)} {_arrow(before, reference)}")
    return f"{_client(was.reference, was.name)}: {'; '.join(changes)}"


@_describe.register
def _(item: MemberRow, zone: ZoneInfo) -> str:
    notes = [item.role.value] if item.role else []
    notes += ["manages access"] if item.manage_access else []
    notes += ["no access to clients"] if item.access is False else []
    notes += ["inactive"] if item.active is False else []
    return f"{shown(item.name)} {shown(item.email)}{_bracketed(notes)}"


@_describe.register
def _(item: MemberChange, zone: ZoneInfo) -> str:
    was = item.was
    before = {"name": was.name, "role": was.role.value}
    changes = list(_differences(before, {"name": item.name, "role": item.role.value if item.role else None}))
    for value, yes, no in (
        (item.access, "may use clients", "may not use clients any more"),
        (item.manage_access, "manages access", "manages access no longer"),
        (item.active, "reactivated", "deactivated"),
    ):
        if value is not None:
            changes.append(yes if value else no)
    return f"{shown(was.email)}: {'; '.join(changes)}"


@_describe.register
def _(item: GrantChange, zone: ZoneInfo) -> str:
    row = item.row
    on = f"{shown(row.client_reference)} {shown(row.service)}" if row.service else shown(row.client_reference)
    who = shown(row.group or row.email or "")
    if item.before is None:
        return f"{who} on {on}: {_grant(item.grant, zone)}"
    return f"{who} on {on}: {_grant(item.before, zone)} → {_grant(item.grant, zone)}"


@_describe.register
def _(item: Place, zone: ZoneInfo) -> str:
    return f"{shown(item.row.email)} in {shown(item.row.group)}"


def line_of(item: object) -> int:
    """The row of the list that something a plan adds or changes comes from."""
    row = item if isinstance(item, TypedClient | MemberRow) else None
    if row is None:
        assert isinstance(item, ClientChange | MemberChange | GrantChange | Place)
        return item.row.line
    return row.line


def _client(reference: str, name: str) -> str:
    return f"{shown(reference)} {shown(name)}".strip()


def _service(name: str, reference: str) -> str:
    return f"{shown(name)} {shown(reference)}".strip()


def _bracketed(notes: list[str]) -> str:
    return f" ({', '.join(notes)})" if notes else ""


def _differences(before: Mapping[str, str], after: Mapping[str, str | None]) -> Iterator[str]:
    for what, value in after.items():
        if value is not None:
            yield f"{what} {_arrow(before[what], value)}"


def _arrow(before: str, after: str) -> str:
    return f"“{shown(before)}” → “{shown(after)}”" if before else f"“{shown(after)}”"


def _grant(grant: KnownGrant, zone: ZoneInfo) -> str:
    text = grant.level.word
    if grant.expires is not None:
        stated = stated_as(grant.expires, zone)
        day = stated.isoformat(sep=" ") if isinstance(stated, datetime) else f"the end of {stated}"
        text += f" until {day}"
    if grant.fee_split is not None:
        text += f", {grant.fee_split / 100:g} % of the fee"
    return text
