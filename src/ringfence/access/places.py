"""A user's places in firms, as every page asks for them first."""

from ringfence.core.directory import sort_key
from ringfence.firms.models import Firm, Member

from .connection import answering
from .sql import rows_of

_MEMBER = ("firm_id", "number", "user_id", "name", "email", "role", "active")
_FIRM = ("id", "name", "timezone", "language", "sign_in")
_QUESTION = (
    f"SELECT {', '.join(f'm.{each}' for each in _MEMBER)}, {', '.join(f'f.{each}' for each in _FIRM)},"
    " (SELECT COUNT(*) FROM firms_notice n WHERE n.firm_id = m.firm_id AND n.member = m.number"
    " AND NOT n.read)"
    " FROM firms_member m JOIN firms_firm f ON f.id = m.firm_id WHERE m.user_id = %s AND m.active"
)


def places_of(user: int) -> list[Member]:
    """The user's active places with their firms, by the firms' names: one question to the database.

    Of both only what pages show is read; the rest is read where it is asked for.
    """
    with answering():
        rows = rows_of(_QUESTION, user)
    return sorted(map(_place, rows), key=lambda place: (sort_key(place.firm.name), place.firm_id))


def _place(row: tuple[object, ...]) -> Member:
    place = Member.from_db("default", _MEMBER, row[: len(_MEMBER)])
    *firm, unread = row[len(_MEMBER) :]
    place.firm = Firm.from_db("default", _FIRM, firm)
    assert isinstance(unread, int)
    place.unread = unread
    return place
