"""New firms: the first entry of a ledger, and with it the first member, who can manage the firm."""

import zoneinfo
from functools import cache
from typing import NamedTuple

from django.conf import settings as django_settings
from django.db import connection, transaction

from ringfence.core.apply.apply import apply_all
from ringfence.core.directory import unique_key
from ringfence.core.events import Change, FirmCreated, MemberAdded, Text
from ringfence.core.refusals import Problem, Refusal, Refused
from ringfence.core.settings import PROFILES, Profile
from ringfence.core.state.state import State
from ringfence.core.terms import EVERYONE, GENERAL, Role, Thing
from ringfence.core.texts import MEMBER_NAME, clean, clean_email
from ringfence.firms.models import Firm, User
from ringfence.store.databases import own_numbers
from ringfence.store.loading import Loaded

from .actor import OPERATOR
from .clock import clock
from .connection import answering
from .door import STATES
from .sign_in_accounts import record_and_seat
from .sql import rows_of
from .writing.recording import work_out
from .writing.tables.bulk import execute

FIRM_NAME = 100
FIRST_MEMBER = 1


class FirmsThere(Exception):
    """There is a firm already, so none can be the first."""


class Founded(NamedTuple):
    """A new firm's id and its first member's number."""

    firm: int
    member: int


def create_firm(
    name: str,
    profile: Profile,
    *,
    admin_email: str,
    admin_name: str = "",
    role: Role = Role.ADMINISTRATOR,
    timezone: str = "Europe/London",
    language: str = "en",
) -> Founded:
    """Make a firm with a profile's settings (rules.md 3) and one member, by the operator.

    The member's user is found or made by `admin_email`; a new one has no password yet. Raises `Refused` for
    a name that is taken or not well formed, `ValueError` for a time zone or language that is not known.
    """
    new = _NewFirm(name, profile, admin_email, admin_name, role, timezone, language)
    with answering(), transaction.atomic(durable=True):
        firm, made = new.founded()
    STATES.put(firm, made)
    return Founded(firm, FIRST_MEMBER)


def create_first_firm(
    name: str,
    profile: Profile,
    *,
    admin_email: str,
    admin_name: str,
    password: str,
    timezone: str,
    language: str,
) -> Founded:
    """Make the first firm of an installation; its member is a principal who signs in with the password.

    `password` is given as it is stored. Of several who try at once one does. Raises as `create_firm` does,
    and `FirmsThere` with nothing changed.
    """
    new = _NewFirm(name, profile, admin_email, admin_name, Role.PRINCIPAL, timezone, language)
    with answering(), transaction.atomic(durable=True):
        _need_no_firm()
        firm, made = new.founded()
        User.objects.filter(memberships__firm=firm).update(password=password)
    STATES.put(firm, made)
    return Founded(firm, FIRST_MEMBER)


def no_firm_yet() -> bool:
    """Whether the installation is empty."""
    return not Firm.objects.exists()


def _need_no_firm() -> None:
    """Raises `FirmsThere`; nobody else makes a firm until the transaction ends."""
    # SQLite lets one transaction write at a time, from its beginning.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE firms_firm IN SHARE ROW EXCLUSIVE MODE")
    if not no_firm_yet():
        raise FirmsThere("there is a firm already")


class _NewFirm:
    """A firm that is to be made: what was given is looked at first, outside any transaction."""

    def __init__(
        self,
        name: str,
        profile: Profile,
        email: str,
        member_name: str,
        role: Role,
        timezone: str,
        language: str,
    ) -> None:
        """Raises `Refused` and `ValueError` for what cannot be."""
        self.name = clean_firm_name(name)
        email = clean_email(email, "admin")
        member_name = clean(member_name or email, "admin", most=MEMBER_NAME)
        _check_place(timezone, language)
        self.timezone, self.language = timezone, language
        self.events = (
            FirmCreated(settings=PROFILES[profile]),
            MemberAdded(member=FIRST_MEMBER, role=role, access=role is not Role.AUDITOR, manage_access=False),
        )
        self.texts = (
            Text(thing=Thing.FIRM, number=1, fields={"name": self.name}),
            Text(thing=Thing.GROUP, number=EVERYONE, fields={"name": "Everyone"}),
            Text(thing=Thing.SERVICE, number=GENERAL, fields={"name": "General"}),
            Text(thing=Thing.MEMBER, number=FIRST_MEMBER, fields={"name": member_name, "email": email}),
        )

    def founded(self) -> tuple[int, Loaded]:
        """Written, inside the caller's transaction: its id, and what is kept once that is committed."""
        key = unique_key(self.name)
        if Firm.objects.filter(name_key=key).exists():
            raise Refused(Refusal.NAME_TAKEN, Problem.NAME_IN_USE, "name")
        firm = Firm.objects.create(
            pk=_own_number(),
            name=self.name,
            name_key=key,
            timezone=self.timezone,
            language=self.language,
            settings={},
        )
        change, now = Change(events=self.events, texts=self.texts), clock()
        worked_out = work_out(firm.pk, change, after=apply_all(State.empty(), self.events), now=now)
        return firm.pk, record_and_seat(firm, worked_out, command="firm.create", actor=OPERATOR, now=now)


def _own_number() -> int | None:
    """The number of a new firm where the deployment has several databases; None for the database to give one.

    A firm keeps its number when it moves, so each database has numbers of its own (`store.databases`).
    """
    own = own_numbers()
    if own is None:
        return None
    if connection.vendor == "postgresql":
        # Nobody else takes the same one until the transaction ends.
        execute("LOCK TABLE firms_firm IN SHARE ROW EXCLUSIVE MODE")
    ((last,),) = rows_of(
        "SELECT COALESCE(MAX(id), %s) FROM"
        " (SELECT id FROM firms_firm UNION SELECT number FROM firms_firmmove) AS given"
        " WHERE id BETWEEN %s AND %s",
        own.start - 1,
        own.start,
        own.stop - 1,
    )
    number = int(last) + 1
    if connection.vendor == "postgresql":
        # Should the deployment have one database again, the next number comes after this one.
        last_given = "(SELECT last_value FROM firms_firm_id_seq)"
        rows_of(f"SELECT setval('firms_firm_id_seq', GREATEST(%s, {last_given}))", number)
    return number


def clean_firm_name(name: str) -> str:
    """The name trimmed; raises `Refused` where it is not well formed."""
    return clean(name, "name", most=FIRM_NAME)


@cache
def timezones() -> set[str]:
    """Every time zone that is known here: to list them reads hundreds of files."""
    return zoneinfo.available_timezones()


def _check_place(timezone: str, language: str) -> None:
    if timezone not in timezones():
        raise ValueError(f"There is no time zone {timezone!r}: write one such as Europe/London.")
    if language not in dict(django_settings.LANGUAGES):
        known = ", ".join(dict(django_settings.LANGUAGES))
        raise ValueError(f"There is no language {language!r}: write one of {known}.")
