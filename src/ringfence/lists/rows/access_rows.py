"""Tables of access (`AccessRow`: a grant on a client) and of places in groups (`PlaceRow`), or of both.

Grants on whole services or on all clients are not made by lists: an empty cell must never mean everything.
Whether a grant may be made is for the core to say.
"""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from ringfence.core import texts
from ringfence.core.directory import unique_key
from ringfence.core.terms import Level
from ringfence.lists.faults import F, in_order, shown
from ringfence.lists.files.table import Row
from ringfence.lists.rows.cells import Cells
from ringfence.lists.rows.columns import Columns
from ringfence.lists.rows.member_rows import email_of
from ringfence.lists.rows.months import MONTHS
from ringfence.lists.rows.typed_rows import AccessRow, PlaceRow, Reading

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
    "wedi’i rwystro": Level.BLOCKED,
}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")
_YEAR_FIRST = re.compile(r"\d{4}/\d{2}/\d{2}(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_MIDNIGHT = datetime.time()
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-]([^\W\d]+)[ \-](\d{4})")


def read_access(rows: Iterable[Row], columns: Columns, *, guessed: bool = False) -> Reading[AccessRow]:
    """All grants of the list, in its order, and every fault in it; one grant per subject and target.

    Without a level column the rows are silent on it.
    """
    cells = Cells(columns, guessed=guessed)
    grants: list[AccessRow] = []
    lines: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        if row.fault:
            cells.faults.append(row.fault)
            continue
        grant = _grant(row, cells)
        if grant is None:
            continue
        parts = (grant.client_reference, grant.service, grant.group, grant.email)
        reference, service, group, email = (unique_key(part or "") for part in parts)
        first = lines.setdefault((reference, service, group, email), row.line)
        if first != row.line:
            who = shown(grant.group or grant.email or "")
            cells.fault(row.line, "group" if grant.group else "email", F.GRANT_TWICE, row=first, who=who)
        else:
            grants.append(grant)
    return Reading(tuple(grants), in_order(cells.faults), in_order(cells.remarks))


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
        names_both = cells.given(row, "group") and (cells.given(row, "email") or cells.given(row, "member"))
        grants = cells.given(row, "reference") or cells.given(row, "level") or row.fault
        (places if names_both and not grants else access).append(row)
    return access, places


def read_places(rows: Iterable[Row], columns: Columns, *, guessed: bool = False) -> Reading[PlaceRow]:
    """All places of the list, in its order, and every fault in it; a place may stand once."""
    cells = Cells(columns, guessed=guessed)
    places: list[PlaceRow] = []
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.fault:
            cells.faults.append(row.fault)
            continue
        group = cells.required(row, "group", texts.GROUP_NAME, F.MISSING_GROUP)
        missing = None if cells.has("member") else F.MISSING_EMAIL
        email = _member(row, cells, missing)
        if missing is None and not email and not cells.given(row, "email"):
            cells.fault(row.line, "member", F.MISSING_MEMBER)
        if not group or not email:
            continue
        first = lines.setdefault((unique_key(group), unique_key(email)), row.line)
        if first != row.line:
            cells.fault(row.line, "", F.PLACE_TWICE, row=first)
        else:
            places.append(PlaceRow(row.line, group, email))
    return Reading(tuple(places), in_order(cells.faults), in_order(cells.remarks))


def _member(row: Row, cells: Cells, missing: F | None = None) -> str:
    """The member's e-mail address, or, where the row has none, their name; "" where it has neither."""
    return email_of(row, cells, missing) or cells.text(row, "member", texts.EMAIL)


def _grant(row: Row, cells: Cells) -> AccessRow | None:
    """One row, or None where something in it is wrong."""
    before = len(cells.faults)
    reference = cells.required(row, "reference", texts.REFERENCE, F.MISSING_CLIENT)
    service = cells.text(row, "service", texts.SERVICE_NAME)
    group = cells.text(row, "group", texts.GROUP_NAME)
    email = _member(row, cells)
    if len(cells.faults) == before and bool(group) == bool(email):
        code = F.GROUP_AND_MEMBER if group else F.NEITHER_GROUP_NOR_MEMBER
        cells.fault(row.line, "group" if cells.has("group") else "email", code)
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
    word = cells.word(row, "level")
    level = _LEVELS.get(word.casefold())
    if level is None and word:
        cells.fault(row.line, "level", F.NO_LEVEL, word=shown(word))
    elif level is None and not cells.given(row, "level"):
        cells.fault(row.line, "level", F.MISSING_LEVEL)
    return level


def _expires(row: Row, cells: Cells) -> datetime.date | datetime.datetime | None:
    text = cells.word(row, "expires")
    if not text:
        return None
    try:
        return day_or_moment(text)
    except ValueError:
        cells.fault(row.line, "expires", F.NO_DATE, text=shown(text))
        return None


def day_or_moment(text: str) -> datetime.date | datetime.datetime:
    """A date (ISO, day/month/year or with the month's English or Welsh name) or an ISO date-time.

    A midnight without an offset is how programs write a day, and is the day; year first with strokes is how
    Gnumeric does. Raises ValueError; two-digit years and month-first dates are not guessed at.
    """
    if _YEAR_FIRST.match(text):
        text = text.replace("/", "-", 2)
    if _ISO_DAY.fullmatch(text):
        return datetime.date.fromisoformat(text)
    if _ISO_MOMENT.fullmatch(text):
        moment = datetime.datetime.fromisoformat(text)
        return moment.date() if moment.tzinfo is None and moment.time() == _MIDNIGHT else moment
    if found := _DAY_FIRST.fullmatch(text):
        return datetime.date(int(found[3]), int(found[2]), int(found[1]))
    found = _WORDS.fullmatch(text)
    month = MONTHS.get(found[2].casefold()) if found else None
    if found is None or month is None:
        raise ValueError(text)
    return datetime.date(int(found[3]), month, int(found[1]))


def _fee_split(row: Row, cells: Cells, allowed: bool) -> Decimal | None:
    """The fee split in percent (rules.md 5: 0 to 100, at most two decimals; a member's grant on a client)."""
    text = cells.word(row, "fee_split")
    if not text:
        return None
    try:
        split = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        split = Decimal("NaN")
    if not split.is_finite() or not 0 <= split <= 100 or split != round(split, 2):
        cells.fault(row.line, "fee_split", F.NO_FEE_SPLIT, text=shown(text))
    elif 0 < split <= 1 and not text.endswith("%"):
        # A spreadsheet's 50 % arrives as 0.5, and its 100 % as 1.
        cells.fault(row.line, "fee_split", F.FRACTION_OR_PERCENTAGE, text=shown(text))
    elif not allowed:
        cells.fault(row.line, "fee_split", F.FEE_SPLIT_PLACE)
    else:
        return split
    return None
