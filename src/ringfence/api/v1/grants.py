"""Grants: who was given what, and what new clients start with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from django.http import Http404
from ninja import Router
from ninja.params.functions import Query
from pydantic import BaseModel, Field

from ringfence.access import HeldGrant
from ringfence.access.listing.clients import client_name_of
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, refs
from ringfence.api.paging import Item, ListAnswer, PageAsked
from ringfence.api.routes import LARGEST, read
from ringfence.core.terms import (
    Capability,
    Instant,
    Level,
    Subject,
    SubjectKind,
    Target,
    Thing,
    group_subject,
    member_subject,
)

ROUTER = Router()
DEFAULTS = Router()


class SubjectAnswer(BaseModel):
    """Whom it is for: a member or a group."""

    member: Ref | None = None
    group: Ref | None = None


class TargetAnswer(BaseModel):
    """What it is on: client and service for an engagement; nothing but `all` for all clients."""

    all: bool = False
    client: Ref | None = None
    service: Ref | None = None


class GrantAnswer(BaseModel):
    """A grant as it stands, expired ones too."""

    to: SubjectAnswer
    on: TargetAnswer
    level: str
    expires: Annotated[int | None, Field(description="Microseconds since 1970-01-01T00:00:00Z.")] = None
    fee_split: Annotated[float | None, Field(description="Per cent.")] = None
    left_out: Annotated[
        list[int], Field(description="Of a group's grant on a service: the ids of clients left out.")
    ] = []
    idle: Annotated[str | None, Field(description="Why it gives nothing; null where it counts.")] = None


class DefaultAnswer(BaseModel):
    """A grant that a new client starts with."""

    to: SubjectAnswer
    level: str


class DefaultsAnswer(BaseModel):
    """What new clients of a member start with, besides what the firm gives Everyone."""

    everyone: Annotated[str, Field(description="The firm's level for Everyone; none for nothing.")]
    member: Ref
    grants: Annotated[list[DefaultAnswer], Field(description="The member's own.")]
    count: Annotated[bool, Field(description="Whether the firm lets members have defaults of their own.")]


class _Names:
    """The names that grants of one firm need."""

    def __init__(self, caller: Caller, grants: Iterable[tuple[Subject, Target]]) -> None:
        self._now = caller.now
        self._members = refs(caller.firm, Thing.MEMBER)
        self._groups = refs(caller.firm, Thing.GROUP)
        self._services = refs(caller.firm, Thing.SERVICE)
        clients = {self._client_of(target) for _subject, target in grants}
        self._clients = client_name_of(caller.firm, clients - {0})

    def _client_of(self, target: Target) -> int:
        if target.kind == "client":
            return target.number
        return self._now.client_of(target.number) if target.kind == "engagement" else 0

    def to(self, subject: Subject) -> SubjectAnswer:
        if subject.kind == "group":
            return SubjectAnswer(group=self._groups[subject.number])
        return SubjectAnswer(member=self._members[subject.number])

    def on(self, target: Target) -> TargetAnswer:
        client = self._client_of(target)
        named = Ref(id=client, name=self._clients.get(client, "")) if client else None
        match target.kind:
            case "engagement":
                return TargetAnswer(client=named, service=self._services[self._now.service_of(target.number)])
            case "service":
                return TargetAnswer(service=self._services[target.number])
            case "client":
                return TargetAnswer(client=named)
            case _:
                return TargetAnswer(all=True)


def grants_held(caller: Caller, kind: SubjectKind, number: int, page: PageAsked) -> ListAnswer[GrantAnswer]:
    """All grants of one subject: on everything, services, clients, engagements, each in order of number."""
    subject = member_subject(number) if kind == "member" else group_subject(number)
    held = caller.now.grants_of(subject)
    order = {"all": 0, "service": 1, "client": 2, "engagement": 3}
    targets = sorted(held.targets(), key=lambda target: (order[target.kind], target.number))
    shown, total, then = sliced(targets, page)
    names = _Names(caller, [(subject, target) for target in shown])
    items = []
    for target in shown:
        terms = held.grant_on(target)
        assert terms is not None
        left_out = held.excluded.get(target.number, ()) if target.kind == "service" else ()
        items.append(
            _answer(names, subject, target, terms.level, terms.expires, terms.fee_split, left_out, None)
        )
    return ListAnswer(total=total, items=items, next=then)


def grants_at(caller: Caller, found: Sequence[tuple[Subject, Target]]) -> list[GrantAnswer]:
    """These grants, which stand."""
    names = _Names(caller, found)
    items = []
    for subject, target in found:
        held = caller.now.grants_of(subject)
        terms = held.grant_on(target)
        assert terms is not None
        left_out = held.excluded.get(target.number, ()) if target.kind == "service" else ()
        items.append(
            _answer(names, subject, target, terms.level, terms.expires, terms.fee_split, left_out, None)
        )
    return items


def grants_on(caller: Caller, client: int, page: PageAsked) -> ListAnswer[GrantAnswer]:
    """Every grant that bears on one client, those on all clients included."""
    found = [*caller.now.holders_of(client), *caller.now.wide_holders]
    shown, total, then = sliced(sorted(found, key=_place), page)
    names = _Names(caller, [(each.subject, each.target) for each in shown])
    items = [
        _answer(
            names,
            each.subject,
            each.target,
            each.terms.level,
            each.terms.expires,
            each.terms.fee_split,
            (),
            each.idle.value if each.idle is not None else None,
        )
        for each in shown
    ]
    return ListAnswer(total=total, items=items, next=then)


def _place(each: HeldGrant) -> tuple[str, int, str, int]:
    return each.subject.kind, each.subject.number, each.target.kind, each.target.number


def sliced(found: list[Item], page: PageAsked) -> tuple[list[Item], int, str | None]:
    """A page by place: of grants, which have no id."""
    until = page.after + page.limit
    return found[page.after : until], len(found), str(until) if until < len(found) else None


def _answer(
    names: _Names,
    subject: Subject,
    target: Target,
    level: Level,
    expires: Instant | None,
    split: int | None,
    left_out: Iterable[int],
    idle: str | None,
) -> GrantAnswer:
    return GrantAnswer(
        to=names.to(subject),
        on=names.on(target),
        level=level.word,
        expires=expires,
        fee_split=None if split is None else split / 100,
        left_out=list(left_out),
        idle=idle,
    )


@read(DEFAULTS, "/defaults", DefaultsAnswer, needs=Capability.MEMBER, summary="What new clients start with")
def defaults_read(
    caller: Caller,
    member: int = Query(0, ge=0, le=LARGEST, description="Whose; the token's own member where left out."),
) -> DefaultsAnswer:
    """One's own; another's for the control side."""
    who = member or caller.member
    if who != caller.member:
        caller.need(Capability.READ_CONTROL)
    known = refs(caller.firm, Thing.MEMBER)
    if who not in known:
        raise Http404
    grants = caller.now.personal_defaults.get(who, ())
    names = _Names(caller, ())
    return DefaultsAnswer(
        everyone=caller.now.settings.default_everyone,
        member=known[who],
        grants=[DefaultAnswer(to=names.to(each.subject), level=each.level.word) for each in grants],
        count=caller.now.settings.personal_defaults,
    )
