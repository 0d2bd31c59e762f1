"""A scenario over the wire: what the decision service answers each member's software about its own member.

Over the tables of `tables.py`, whose answers are asked as well. An evaluation of each engagement gives the
level, a search the clients seen. Commands go through the door of `access`: the wire has none.
"""

import itertools
from typing import NamedTuple
from unittest.mock import patch

from django.db import transaction

from ringfence.access import OPERATOR
from ringfence.access.connection import plain
from ringfence.access.writing.recording import locked, record
from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.commands import Command
from ringfence.core.events import Change, Text
from ringfence.core.scenario.setup import Book
from ringfence.core.terms import Instant, Level, Scope, Thing
from ringfence.decide.app import DecisionService
from ringfence.store.loading import load
from ringfence.store.token_text import new_token_text, token_digest
from tests.decide.asking import Caller, question
from tests.surfaces.tables import Tables


class Told(NamedTuple):
    """What one member's software was answered."""

    levels: dict[int, Level]
    """By engagement."""
    clients: set[int]


NOBODY = Told({}, set())
"""Who is not active has no token that stands."""


class Wire(Tables):
    """The same firm as other software reads it. Nobody is asked twice while nothing changes."""

    def set_up(self, book: Book, now: Instant) -> None:
        super().set_up(book, now)
        self.service = DecisionService(connect=plain)
        self.told: dict[Instant, dict[int, Told]] = {}

    def carry_out(self, command: Command, actor: int | None, now: Instant) -> str:
        self.told.clear()
        return super().carry_out(command, actor, now)

    def level(self, member: int, engagement: int, now: Instant) -> Level:
        level = super().level(member, engagement, now)
        read = self.asked(now).get(member, NOBODY).levels.get(engagement, Level.NONE)
        assert read is level, f"software is told {read.word} at engagement {engagement}, not {level.word}"
        return read

    def clients(self, member: int, now: Instant) -> set[int]:
        clients = super().clients(member, now)
        read = self.asked(now).get(member, NOBODY).clients
        assert read == clients, f"software finds {read}, the tables {clients}"
        return read

    def asked(self, now: Instant) -> dict[int, Told]:
        """What each active member's software is told, by tokens that are made for it and gone again."""
        if now not in self.told:
            with transaction.atomic(), patch("time.time_ns", lambda: now * 1000):
                self.told[now] = {
                    member: self._answers(Caller(self.service, text), member)
                    for member, text in self._tokens().items()
                }
                transaction.set_rollback(True)
        return self.told[now]

    def _tokens(self) -> dict[int, str]:
        state = load(plain(), self.firm).state
        texts = {number: new_token_text() for number, member in state.members.items() if member.active}
        numbers = itertools.count(state.numbers.token + 1)
        made = tuple(_token(next(numbers), member, text) for member, text in texts.items())
        words = tuple(
            Text(thing=Thing.TOKEN, number=one.token, fields={"name": f"T{one.token}"}) for one in made
        )
        change = Change(events=made, texts=words)
        after = apply_all(state, made)
        firm = locked(self.firm)
        # Not at the instant of the question: the service's own clock must tell what has expired since.
        last = Instant(firm.changed_at)
        record(firm, change, after=after, command="token.add", actor=OPERATOR, now=last)
        return texts

    def _answers(self, software: Caller, member: int) -> Told:
        engagements = list(load(plain(), self.firm).state.register.engagements)
        if not engagements:
            return NOBODY
        subject = f"id:{member}"
        questions = [question(subject, "view", f"id:{number}", "engagement") for number in engagements]
        answers = software.post("/access/v1/evaluations", {"evaluations": questions}).json["evaluations"]
        levels = {
            number: Level.of(answer["context"]["level"])
            for number, answer in zip(engagements, answers, strict=True)
        }
        body = {**question(subject, "view", ""), "resource": {"type": "client"}}
        found = software.post("/access/v1/search/resource", body).json["results"]
        return Told(levels, {one["properties"]["client"] for one in found})


def _token(number: int, member: int, text: str) -> e.TokenAdded:
    digest = token_digest(text)
    assert digest is not None
    return e.TokenAdded(token=number, member=member, scopes=Scope.DECIDE | Scope.SEARCH, digest=digest)
