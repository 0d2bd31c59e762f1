"""What tests of notices share: giving commands, and what is sent by mail or kept for somebody."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.core import mail
from django.core.mail import EmailMessage

from ringfence.access import OPERATOR, Actor, execute, firm_state
from ringfence.access.notices import KeptNotice, NoticeKind, kept_notices
from ringfence.core.commands import Command
from ringfence.core.commands.definitions import On, SetGrant
from ringfence.core.terms import Instant, Level, member_subject
from ringfence.firms.models import User
from ringfence.jobs.tell_changes import Ledgers
from tests.support.jobs import do_waiting
from tests.web.cast import FORTUNE

DAY = timedelta(days=1)


def everybody_came_in() -> None:
    """As though all had accepted their invitations."""
    User.objects.update(password="set")  # nobody signs in with it


def give(firm: int, command: Command, member: int | None = None) -> None:
    """Carry the command out as the member, or as the operator."""
    execute(firm, command, actor=OPERATOR if member is None else Actor(member))


def own(firm: int, member: int, level: Level = Level.OWNER, client: int = FORTUNE) -> None:
    """Give the member a grant of their own on the client, by the operator."""
    give(firm, SetGrant(to=(member_subject(member),), on=On.client(client), level=level))


def told(*names: str) -> list[str]:
    """Addresses at Pike & Marlow."""
    return [f"{name}@pike.example" for name in names]


def sent() -> dict[str, str]:
    """What every mail says that is sent now, by address; what was sent before is forgotten."""
    mail.outbox.clear()
    Ledgers().tell()
    do_waiting()
    found: list[EmailMessage] = mail.outbox
    return {message.to[0]: f"{message.subject}\n{cast(str, message.body)}" for message in found}


def kept(firm: int, member: int) -> list[NoticeKind]:
    """The kinds of the member's notices, newest first."""
    Ledgers().tell()
    return [notice.kind for notice in all_kept(firm, member)]


def all_kept(firm: int, member: int) -> list[KeptNotice]:
    return kept_notices(firm, member, first=0, count=100)


def in_days(firm: int, days: float) -> Instant:
    """An instant so many days from now."""
    return Instant(firm_state(firm).now + int(days * 24 * 3600 * 1_000_000))
