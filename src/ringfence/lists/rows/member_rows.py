"""A table of members as `MemberRow`s; the external id, else the e-mail address, is what one is found by.

Whether a role may be given, and by whom, is for the core to say.
"""

from collections.abc import Iterable

from ringfence.core import texts
from ringfence.core.directory import unique_key
from ringfence.core.terms import Role
from ringfence.lists.faults import F, in_order, shown
from ringfence.lists.files.table import Row
from ringfence.lists.rows.cell_texts import email_problem
from ringfence.lists.rows.cells import NO, YES, Cells
from ringfence.lists.rows.columns import Columns
from ringfence.lists.rows.typed_rows import MemberRow, Reading

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


def read_members(rows: Iterable[Row], columns: Columns, *, guessed: bool = False) -> Reading[MemberRow]:
    """All members of the list, in its order, and every fault in it; an address or an id may stand once."""
    cells = Cells(columns, guessed=guessed)
    members: list[MemberRow] = []
    addresses: dict[str, int] = {}
    ids: dict[str, int] = {}
    for row in rows:
        if row.fault:
            cells.faults.append(row.fault)
            continue
        member = _member(row, cells)
        if member is None:
            continue
        first = addresses.setdefault(unique_key(member.email), row.line) if member.email else row.line
        same = ids.setdefault(unique_key(member.external), row.line) if member.external else row.line
        if first != row.line:
            cells.fault(row.line, "email", F.EMAIL_TWICE, email=shown(member.email), row=first)
        elif same != row.line:
            cells.fault(row.line, "external", F.EXTERNAL_TWICE, external=shown(member.external), row=same)
        else:
            members.append(member)
    return Reading(tuple(members), in_order(cells.faults), in_order(cells.remarks))


def _member(row: Row, cells: Cells) -> MemberRow | None:
    """One row, or None where it names no member."""
    before = len(cells.faults)
    external = cells.reference(row, "external", texts.EXTERNAL)
    email = email_of(row, cells, None if external else F.MISSING_EMAIL)
    name = cells.text(row, "name", texts.MEMBER_NAME)
    if not name and cells.has("last_name"):
        first = cells.text(row, "first_name", texts.MEMBER_NAME // 2)
        name = f"{first} {cells.text(row, 'last_name', texts.MEMBER_NAME // 2)}".strip()
    role = _role(row, cells)
    access = cells.switch(row, "access")
    manage_access = cells.switch(row, "manage_access")
    if role is Role.AUDITOR and (access or manage_access):
        field = "access" if access else "manage_access"
        cells.fault(row.line, field, F.AUDITOR_PERMISSIONS)
    active = cells.switch(row, "active", _ACTIVE, _INACTIVE)
    groups = _groups(row, cells)
    if len(cells.faults) > before or not (email or external):
        return None
    return MemberRow(row.line, name, email, role, access, manage_access, active, external, groups)


def _groups(row: Row, cells: Cells) -> tuple[str, ...]:
    """The groups that a cell names, with semicolons or breaks between them; each once."""
    column = cells.header("groups")
    parts = cells.word(row, "groups").replace("\r", "\n").replace("\n", ";").split(";")
    names = (
        cells.checked(row.line, column, part.strip(), texts.GROUP_NAME) for part in parts if part.strip()
    )
    return tuple({unique_key(name): name for name in names if name}.values())


def email_of(row: Row, cells: Cells, missing: F | None = None) -> str:
    """The row's e-mail address, or ""; one that cannot be is a fault, and none is the fault `missing`."""
    email = (
        cells.required(row, "email", texts.EMAIL, missing)
        if missing
        else cells.text(row, "email", texts.EMAIL)
    )
    problem = email_problem(email) if email else None
    if problem:
        code, values = problem
        cells.fault(row.line, "email", code, **values)
        return ""
    return email


def _role(row: Row, cells: Cells) -> Role | None:
    word = cells.word(row, "role")
    role = _ROLES.get(word.casefold())
    if word and role is None:
        cells.fault(row.line, "role", F.NO_ROLE, word=shown(word), roles=", ".join(Role))
    return role
