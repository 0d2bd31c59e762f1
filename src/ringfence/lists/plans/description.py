"""What an import would do, a line for each thing that is added or changes, before and after.

Text only; where it is shown, and how much of it, is for whoever shows it.
"""

from collections.abc import Iterator, Mapping
from functools import singledispatch
from zoneinfo import ZoneInfo

from ringfence.core.directory import unique_key
from ringfence.lists.faults import shown
from ringfence.lists.plans.access_plan import GrantChange, KnownGrant
from ringfence.lists.plans.client_plan import ClientChange
from ringfence.lists.plans.people_plan import MemberChange, Place
from ringfence.lists.rows.typed_rows import MemberRow, TypedClient
from ringfence.wording import level_name
from ringfence.wording.list_changes import (
    change_text,
    external_text,
    fee_split_text,
    field_change_text,
    grant_line,
    place_line,
)
from ringfence.wording.times import until_text


def describe(item: object, zone: ZoneInfo) -> str:
    """One line for something a plan adds or changes; times in the firm's `zone`."""
    return _describe(item, zone)


@singledispatch
def _describe(item: object, zone: ZoneInfo) -> str:
    raise TypeError(f"no plan holds a {type(item).__name__}")


@_describe.register
def _(item: TypedClient, zone: ZoneInfo) -> str:
    notes = [shown(item.kind)] if item.kind else []
    notes += [change_text("confidential")] if item.confidential else []
    notes += [_service(name, reference) for name, reference in item.services.items()]
    notes += [f"{shown(given.who)}: {level_name(given.level)}" for given in item.given]
    return f"{_client(item.reference, item.name)}{_bracketed(notes)}"


@_describe.register
def _(item: ClientChange, zone: ZoneInfo) -> str:
    was = item.was
    # Whoever manages knows the name of a client that they do not see, but not what else stood there.
    kind = was.kind if len(was.unseen) < len(was.services) else ""
    changes = list(_differences({"name": was.name, "kind": kind}, {"name": item.name, "kind": item.kind}))
    if item.confidential is not None:
        changes.append(change_text("confidential" if item.confidential else "not_confidential"))
    changes += [f"+ {_service(name, reference)}" for name, reference in item.services_added.items()]
    for name, reference in item.services_changed.items():
        key = unique_key(name)
        before = "" if key in was.unseen else was.services.get(key, "")
        changes.append(f"{shown(name)} {_arrow(before, reference)}")
    return f"{_client(was.reference, was.name)}: {'; '.join(changes)}"


@_describe.register
def _(item: MemberRow, zone: ZoneInfo) -> str:
    notes = [item.role.value] if item.role else []
    notes += [change_text("manage_access")] if item.manage_access else []
    notes += [change_text("no_access")] if item.access is False else []
    notes += [change_text("inactive")] if item.active is False else []
    notes += [external_text(shown(item.external))] if item.external else []
    return f"{shown(item.name)} {shown(item.email)}".strip() + _bracketed(notes)


@_describe.register
def _(item: MemberChange, zone: ZoneInfo) -> str:
    was = item.was
    before = {"name": was.name, "email": was.email, "external": was.external, "role": was.role.value}
    after = {
        "name": item.name,
        "email": item.email,
        "external": item.external,
        "role": item.role.value if item.role else None,
    }
    changes = list(_differences(before, after))
    for value, yes, no in (
        (item.access, "access", "no_access"),
        (item.manage_access, "manage_access", "no_manage_access"),
        (item.active, "active", "not_active"),
    ):
        if value is not None:
            changes.append(change_text(yes if value else no))
    return f"{shown(was.email or was.name)}: {'; '.join(changes)}"


@_describe.register
def _(item: GrantChange, zone: ZoneInfo) -> str:
    row = item.row
    on = f"{shown(row.client_reference)} {shown(row.service)}" if row.service else shown(row.client_reference)
    who = shown(row.group or row.email or "")
    if item.before is None:
        return grant_line(who, on, grant_text(item.grant, zone))
    return grant_line(who, on, f"{grant_text(item.before, zone)} → {grant_text(item.grant, zone)}")


@_describe.register
def _(item: Place, zone: ZoneInfo) -> str:
    return place_line(shown(item.row.email), shown(item.row.group))


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
    for field, value in after.items():
        if value is not None:
            yield field_change_text(field, _arrow(before[field], value))


def _arrow(before: str, after: str) -> str:
    return f"“{shown(before)}” → “{shown(after)}”" if before else f"“{shown(after)}”"


def grant_text(grant: KnownGrant, zone: ZoneInfo) -> str:
    """Level, end and fee split."""
    text = grant.level.word
    if grant.expires is not None:
        text += f" {until_text(grant.expires, zone)}"
    if grant.fee_split is not None:
        text += f", {fee_split_text(f'{grant.fee_split / 100:g}')}"
    return text
