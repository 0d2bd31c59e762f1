"""New firms: the first entry of a ledger, and with it the first member, who can manage the firm."""

import zoneinfo
from functools import cache
from typing import NamedTuple

from django.conf import settings as django_settings
from django.db import transaction

from ringfence.core.apply.apply import apply_all
from ringfence.core.directory import unique_key
from ringfence.core.events import Change, FirmCreated, MemberAdded, Text
from ringfence.core.refusals import Problem, Refusal, Refused
from ringfence.core.settings import PROFILES, Profile
from ringfence.core.state.state import State
from ringfence.core.terms import EVERYONE, GENERAL, Role, Thing
from ringfence.core.texts import MEMBER_NAME, clean, clean_email
from ringfence.firms.models import Firm

from .actor import OPERATOR
from .clock import clock
from .connection import answering
from .door import STATES
from .sign_in_accounts import record_and_seat
from .writing.recording import work_out

FIRM_NAME = 100
FIRST_MEMBER = 1


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
    name = clean(name, "name", most=FIRM_NAME)
    email = clean_email(admin_email, "admin")
    member_name = clean(admin_name or email, "admin", most=MEMBER_NAME)
    _check_place(timezone, language)
    events = (
        FirmCreated(settings=PROFILES[profile]),
        MemberAdded(member=FIRST_MEMBER, role=role, access=role is not Role.AUDITOR, manage_access=False),
    )
    texts = (
        Text(thing=Thing.FIRM, number=1, fields={"name": name}),
        Text(thing=Thing.GROUP, number=EVERYONE, fields={"name": "Everyone"}),
        Text(thing=Thing.SERVICE, number=GENERAL, fields={"name": "General"}),
        Text(thing=Thing.MEMBER, number=FIRST_MEMBER, fields={"name": member_name, "email": email}),
    )
    with answering(), transaction.atomic(durable=True):
        if Firm.objects.filter(name_key=unique_key(name)).exists():
            raise Refused(Refusal.NAME_TAKEN, Problem.NAME_IN_USE, "name")
        firm = Firm.objects.create(
            name=name, name_key=unique_key(name), timezone=timezone, language=language, settings={}
        )
        change, now = Change(events=events, texts=texts), clock()
        worked_out = work_out(firm.pk, change, after=apply_all(State.empty(), events), now=now)
        made = record_and_seat(firm, worked_out, command="firm.create", actor=OPERATOR, now=now)
    STATES.put(firm.pk, made)
    return Founded(firm.pk, FIRST_MEMBER)


@cache
def _timezones() -> set[str]:
    """Every time zone that is known here: to list them reads hundreds of files."""
    return zoneinfo.available_timezones()


def _check_place(timezone: str, language: str) -> None:
    if timezone not in _timezones():
        raise ValueError(f"There is no time zone {timezone!r}: write one such as Europe/London.")
    if language not in dict(django_settings.LANGUAGES):
        known = ", ".join(dict(django_settings.LANGUAGES))
        raise ValueError(f"There is no language {language!r}: write one of {known}.")
