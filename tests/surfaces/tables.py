"""A scenario over tables: commands through the door of `access`, answers from what the tables hold.

The facts of the scenario are written as the events that would have led to them, since they are set without
asking who may (rules.md 8). Nothing here decides.
"""

import struct
from collections.abc import Iterator
from unittest.mock import patch

from pyroaring import BitMap

from ringfence import access
from ringfence.access import OPERATOR, Actor, FirmNow, clock, door
from ringfence.access.connection import plain
from ringfence.access.writing.recording import record
from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.commands import Command, Refused
from ringfence.core.events import Change, Event, Text
from ringfence.core.scenario.bridge import facts_of
from ringfence.core.scenario.setup import Book
from ringfence.core.specification.facts import Facts
from ringfence.core.state.state import State
from ringfence.core.terms import EVERYONE, GENERAL, Instant, Level
from ringfence.firms.models import Firm
from ringfence.store.loading import load


class Tables:
    """A firm in the database under test. Use it within a transaction that is rolled back."""

    firm: int
    book: Book

    def set_up(self, book: Book, now: Instant) -> None:
        self.book = book
        events = tuple(events_to(facts_of(book.state)))
        change = Change(events=events, texts=tuple(texts_of(book)))
        firm = Firm.objects.create(name="Scenario", name_key="scenario", timezone="UTC", settings={})
        after = apply_all(State.empty(), events)
        record(firm, change, after=after, command="firm.create", actor=OPERATOR, now=now)
        self.firm = firm.pk
        # Read from the tables once: within a transaction nothing that is read is kept.
        door.STATES.put(self.firm, load(plain(), self.firm))

    def now(self, now: Instant) -> FirmNow:
        """The firm as the door gives it at that instant."""
        with patch.object(clock, "clock", lambda: now):
            return access.firm_state(self.firm)

    def carry_out(self, command: Command, actor: int | None, now: Instant) -> str:
        try:
            with patch.object(clock, "clock", lambda: now):
                access.execute(self.firm, command, actor=OPERATOR if actor is None else Actor(actor))
        except Refused as refused:
            return refused.refusal.value
        return ""

    def level(self, member: int, engagement: int, now: Instant) -> Level:
        return self.now(now).level(member, engagement)

    def clients(self, member: int, now: Instant) -> set[int]:
        return set(self.now(now).clients_seen_by(member))

    def facts(self) -> Facts:
        """Every fact as it is read from the tables, and from nothing that is kept."""
        return facts_of(load(plain(), self.firm).state)


def texts_of(book: Book) -> Iterator[Text]:
    for (thing, number), fields in book.directory.texts.items():
        yield Text(thing=thing, number=number, fields=fields)


def events_to(facts: Facts) -> Iterator[Event]:
    """A history that ends in these facts; they are those of a new scenario, with nothing removed yet."""
    yield e.FirmCreated(settings=facts.settings)
    for number, member in facts.members.items():
        yield e.MemberAdded(
            member=number, role=member.role, access=member.access, manage_access=member.manage_access
        )
        if not member.active:
            yield e.MemberDeactivated(member=number)
    for service in sorted(facts.services - {GENERAL}):
        yield e.ServiceAdded(service=service)
    for number, inside in facts.groups.items():
        if number != EVERYONE:
            yield e.GroupCreated(group=number)
            yield e.GroupJoined(group=number, members=BitMap(inside))
    if facts.clients:
        yield _clients_added(facts)
    yield from _grants(facts)
    for (delegator, delegate), terms in facts.delegations.items():
        yield e.DelegationSet(
            delegator=delegator,
            delegate=delegate,
            cap=terms.cap,
            expires=terms.expires,
            cascades=terms.cascades,
        )
    for number, policy in facts.policies.items():
        yield e.PolicySet(policy=number, mode=policy.mode, statements=list(policy.statements))
    for number, wall in facts.walls.items():
        yield e.WallSet(wall=number, sides=wall.sides, starts=wall.starts, ends=wall.ends)


def _clients_added(facts: Facts) -> Event:
    engagements = [facts.engagements[number] for number in sorted(facts.engagements)]
    return e.ClientsAdded(
        first_client=1,
        count=len(facts.clients),
        first_engagement=1,
        client_of=struct.pack(f"<{len(engagements)}I", *(each.client for each in engagements)),
        service_of=struct.pack(f"<{len(engagements)}I", *(each.service for each in engagements)),
        confidential=BitMap([number for number, client in facts.clients.items() if client.confidential]),
    )


def _grants(facts: Facts) -> Iterator[Event]:
    for grant in sorted(facts.grants, key=lambda each: (each.subject, each.target)):
        yield e.GrantsSet(
            subject=grant.subject,
            kind=grant.target.kind,
            targets=BitMap([grant.target.number]),
            level=grant.level,
            expires=grant.expires,
            fee_split=grant.fee_split,
        )
        if grant.excluded:
            yield e.ClientsExcluded(
                group=grant.subject.number, service=grant.target.number, clients=BitMap(grant.excluded)
            )
