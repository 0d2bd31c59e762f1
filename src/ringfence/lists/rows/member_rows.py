"""A table of members as `MemberRow`s; the e-mail address is what a member is found by.

Whether a role may be given, and by whom, is for the core to say.
"""

from collections.abc import Iterable

from ringfence.core.directory import unique_key
from ringfence.core.terms import Role
from ringfence.lists.files.table import Row
from ringfence.lists.rows.cell_texts import EMAIL_LIMIT, MEMBER_NAME_LIMIT, email_problem
from ringfence.lists.rows.columns import Columns
from ringfence.lists.rows.typed_rows import NO, YES, Cells, MemberRow, Reading, shown

_ROLES = {
    "principal": Role.PRINCIPAL,
    "practice principal": Role.PRINCIPAL,
    "firm principal": Role.PRINCIPAL,
    "pennaeth": Role.PRINCIPAL,
    "administrator": Role.ADMINISTRATOR,
    "admin": Role.ADMINISTRATOR,
    "subscription administrator": Role.ADMINISTRATOR,
    "gweinyddwr": Role.ADMINISTRATOR,
    "standard": Role.STANDARD,
    "standard user": Role.STANDARD,
    "user": Role.STANDARD,
    "assistant": Role.STANDARD,
    "staff": Role.STANDARD,
    "team member": Role.STANDARD,
    "adviser": Role.STANDARD,
    "safonol": Role.STANDARD,
    "defnyddiwr safonol": Role.STANDARD,
    "auditor": Role.AUDITOR,
    "archwilydd": Role.AUDITOR,
}
_ACTIVE = YES | {"active", "enabled", "current", "gweithredol"}
_INACTIVE = NO | {"inactive", "disabled", "deactivated", "suspended", "left", "leaver", "anweithredol"}


def read_members(rows: Iterable[Row], columns: Columns) -> Reading[MemberRow]:
    """All members of the list, in its order, and every fault in it; an address may stand once."""
    cells = Cells(columns)
    members: list[MemberRow] = []
    lines: dict[str, int] = {}
    for row in rows:
        if row.fault:
            cells.fault(row.line, "", row.fault)
            continue
        member = _member(row, cells)
        if member is None:
            continue
        first = lines.setdefault(unique_key(member.email), row.line)
        if first != row.line:
            message = f"“{shown(member.email)}” is already in row {first}. Keep one of the rows."
            cells.fault(row.line, "email", message)
        else:
            members.append(member)
    return Reading(tuple(members), tuple(sorted(cells.faults)))


def _member(row: Row, cells: Cells) -> MemberRow | None:
    """One row, or None where it names no member."""
    before = len(cells.faults)
    email = email_of(row, cells, "The e-mail address is missing. Members are found by it.")
    name = cells.text(row, "name", MEMBER_NAME_LIMIT)
    if not name and cells.has("last_name"):
        first = cells.text(row, "first_name", MEMBER_NAME_LIMIT // 2)
        name = f"{first} {cells.text(row, 'last_name', MEMBER_NAME_LIMIT // 2)}".strip()
    role = _role(row, cells)
    access = cells.switch(row, "access")
    manage_access = cells.switch(row, "manage_access")
    if role is Role.AUDITOR and (access or manage_access):
        field = "access" if access else "manage_access"
        cells.fault(row.line, field, "An auditor has neither permission. Write no, or change the role.")
    active = cells.switch(row, "active", _ACTIVE, _INACTIVE)
    if not email or len(cells.faults) > before:
        return None
    return MemberRow(row.line, name, email, role, access, manage_access, active)


def email_of(row: Row, cells: Cells, missing: str = "") -> str:
    """The row's e-mail address, or ""; one that cannot be is a fault, and so is none where `missing` is."""
    email = (
        cells.required(row, "email", EMAIL_LIMIT, missing)
        if missing
        else cells.text(row, "email", EMAIL_LIMIT)
    )
    problem = email_problem(email) if email else ""
    if problem:
        cells.fault(row.line, "email", f"“{shown(email)}”: {problem}")
        return ""
    return email


def _role(row: Row, cells: Cells) -> Role | None:
    word = cells.raw(row, "role")
    role = _ROLES.get(word.casefold())
    if word and role is None:
        choices = ", ".join(Role)
        cells.fault(row.line, "role", f"“{shown(word)}” is no role. Write one of: {choices}.")
    return role
