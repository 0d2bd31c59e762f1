"""Tables of access (`AccessRow`: a grant on a client) and of places in groups (`PlaceRow`), or of both.

Grants on whole services or on all clients are not made by lists: an empty cell must never mean everything.
Whether a grant may be made is for the core to say.
"""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from ringfence.core.directory import unique_key
from ringfence.core.terms import Level
from ringfence.lists.files.table import Row
from ringfence.lists.rows.cell_texts import GROUP_NAME_LIMIT, REFERENCE_LIMIT, SERVICE_NAME_LIMIT
from ringfence.lists.rows.columns import Columns
from ringfence.lists.rows.member_rows import email_of
from ringfence.lists.rows.typed_rows import AccessRow, Cells, PlaceRow, Reading, shown

_LEVELS = {
    "reader": Level.READER,
    "read": Level.READER,
    "read only": Level.READER,
    "view": Level.READER,
    "darllenydd": Level.READER,
    "editor": Level.EDITOR,
    "edit": Level.EDITOR,
    "can view and manage": Level.EDITOR,
    "view and manage": Level.EDITOR,
    "golygydd": Level.EDITOR,
    "owner": Level.OWNER,
    "linked adviser": Level.OWNER,
    "perchennog": Level.OWNER,
    "blocked": Level.BLOCKED,
    "block": Level.BLOCKED,
    "wedi'i rwystro": Level.BLOCKED,
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january", "ionawr"),
            ("feb", "february", "chwefror"),
            ("mar", "march", "mawrth"),
            ("apr", "april", "ebrill"),
            ("may", "mai"),
            ("jun", "june", "mehefin"),
            ("jul", "july", "gorffennaf"),
            ("aug", "august", "awst"),
            ("sep", "sept", "september", "medi"),
            ("oct", "october", "hydref"),
            ("nov", "november", "tachwedd"),
            ("dec", "december", "rhagfyr"),
        ),
        start=1,
    )
    for name in names
}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-]([^\W\d]+)[ \-](\d{4})")


def read_access(rows: Iterable[Row], columns: Columns) -> Reading[AccessRow]:
    """All grants of the list, in its order, and every fault in it; one grant per subject and target.

    Without a level column the rows are silent on it.
    """
    cells = Cells(columns)
    grants: list[AccessRow] = []
    lines: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        if row.fault:
            cells.fault(row.line, "", row.fault)
            continue
        grant = _grant(row, cells)
        if grant is None:
            continue
        parts = (grant.client_reference, grant.service, grant.group, grant.email)
        reference, service, group, email = (unique_key(part or "") for part in parts)
        first = lines.setdefault((reference, service, group, email), row.line)
        if first != row.line:
            who = shown(grant.group or grant.email or "")
            message = f"Row {first} already gives “{who}” access to the same. Keep one of the rows."
            cells.fault(row.line, "group" if grant.group else "email", message)
        else:
            grants.append(grant)
    return Reading(tuple(grants), tuple(sorted(cells.faults)))


def split_places(rows: Iterable[Row], columns: Columns) -> tuple[list[Row], list[Row]]:
    """A list's rows of access and, in its order too, those that only put a member in a group.

    Such a row names a group and a member, and no client and no level.
    """
    cells = Cells(columns)
    if not cells.has("reference"):
        return [], list(rows)
    access: list[Row] = []
    places: list[Row] = []
    for row in rows:
        names_both = cells.raw(row, "group") and cells.raw(row, "email")
        grants = cells.raw(row, "reference") or cells.raw(row, "level") or row.fault
        (places if names_both and not grants else access).append(row)
    return access, places


def read_places(rows: Iterable[Row], columns: Columns) -> Reading[PlaceRow]:
    """All places of the list, in its order, and every fault in it; a place may stand once."""
    cells = Cells(columns)
    places: list[PlaceRow] = []
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.fault:
            cells.fault(row.line, "", row.fault)
            continue
        group = cells.required(row, "group", GROUP_NAME_LIMIT, "The group is missing. Fill it in.")
        email = email_of(row, cells, "The e-mail address is missing. Members are found by it.")
        if not group or not email:
            continue
        first = lines.setdefault((unique_key(group), unique_key(email)), row.line)
        if first != row.line:
            cells.fault(row.line, "", f"The row says the same as row {first}. Keep one of them.")
        else:
            places.append(PlaceRow(row.line, group, email))
    return Reading(tuple(places), tuple(sorted(cells.faults)))


def _grant(row: Row, cells: Cells) -> AccessRow | None:
    """One row, or None where something in it is wrong."""
    before = len(cells.faults)
    reference = cells.required(
        row, "reference", REFERENCE_LIMIT, "The client reference is missing. Say which client is meant."
    )
    service = cells.text(row, "service", SERVICE_NAME_LIMIT)
    group = cells.text(row, "group", GROUP_NAME_LIMIT)
    email = email_of(row, cells)
    if len(cells.faults) == before and bool(group) == bool(email):
        message = (
            "The row names a group and a member. Write one row for each."
            if group
            else "The row names neither a group nor an e-mail address. Fill in one of them."
        )
        cells.fault(row.line, "group" if cells.has("group") else "email", message)
    level = _level(row, cells)
    expires = _expires(row, cells)
    fee_split = _fee_split(row, cells, bool(email) and not service)
    if len(cells.faults) > before:
        return None
    return AccessRow(
        row.line, reference, service or None, group or None, email or None, level, expires, fee_split
    )


def _level(row: Row, cells: Cells) -> Level | None:
    if not cells.has("level"):
        return None
    word = cells.raw(row, "level")
    level = _LEVELS.get(word.casefold())
    if level is None:
        problem = f"“{shown(word)}” is no level." if word else "The level is missing."
        cells.fault(row.line, "level", f"{problem} Write one of: reader, editor, owner, blocked.")
    return level


def _expires(row: Row, cells: Cells) -> datetime.date | datetime.datetime | None:
    text = cells.raw(row, "expires")
    if not text:
        return None
    try:
        return day_or_moment(text)
    except ValueError:
        message = f"“{shown(text)}” is no date. Write it as 2026-12-31 or 31/12/2026 (day first)."
        cells.fault(row.line, "expires", message)
        return None


def day_or_moment(text: str) -> datetime.date | datetime.datetime:
    """A date (ISO, day/month/year or with the month's English or Welsh name) or an ISO date-time.

    Raises ValueError; two-digit years and month-first dates are not guessed at.
    """
    if _ISO_DAY.fullmatch(text):
        return datetime.date.fromisoformat(text)
    if _ISO_MOMENT.fullmatch(text):
        return datetime.datetime.fromisoformat(text)
    if found := _DAY_FIRST.fullmatch(text):
        return datetime.date(int(found[3]), int(found[2]), int(found[1]))
    found = _WORDS.fullmatch(text)
    month = _MONTHS.get(found[2].casefold()) if found else None
    if found is None or month is None:
        raise ValueError(text)
    return datetime.date(int(found[3]), month, int(found[1]))


def _fee_split(row: Row, cells: Cells, allowed: bool) -> Decimal | None:
    """The fee split in percent (rules.md 5: 0 to 100, at most two decimals; a member's grant on a client)."""
    text = cells.raw(row, "fee_split")
    if not text:
        return None
    try:
        split = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        split = Decimal("NaN")
    problem = ""
    if not split.is_finite() or not 0 <= split <= 100 or split != round(split, 2):
        problem = f"“{shown(text)}” is no fee split. Write 0 to 100 with at most two decimals."
    elif 0 < split <= 1 and not text.endswith("%"):
        # A spreadsheet's 50 % arrives as 0.5, and its 100 % as 1.
        problem = f"“{shown(text)}” could be a fraction or a percentage. Write it with a % sign, as text."
    elif not allowed:
        problem = "Only a member's access to a whole client has a fee split. Leave it out."
    if problem:
        cells.fault(row.line, "fee_split", problem)
        return None
    return split
