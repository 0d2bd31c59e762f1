"""`client.add` and `client.import`: new clients with their engagements, defaults and grants (rules.md 5, 7).

A list is checked and numbered in one go, with one event for the clients and one per grantee and level.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, count, repeat
from typing import NoReturn

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.commands.defaults import Defaults
from ringfence.core.decision.moment import Moment, at
from ringfence.core.directory import tax_key, unique_key
from ringfence.core.events import packed
from ringfence.core.many_texts import ManyTexts, joined
from ringfence.core.refusals import Problem, Refusal, Refused, invalid, switched_off
from ringfence.core.terms import (
    EVERYONE,
    GENERAL,
    Level,
    Subject,
    Target,
    Thing,
    group_subject,
    member_subject,
)
from ringfence.core.texts import CLIENT_KIND, CLIENT_NAME, REFERENCE, clean, clean_optional, odd_ones
from ringfence.core.values import GrantTerms

from . import definitions as w
from .context import Context
from .engagements import engagements_with
from .grants import need_grants_to_give
from .text_changes import EventsAndTexts

Given = dict[tuple[Subject, Level], list[int]]
"""Client numbers by grantee and level."""


def add_client(context: Context, command: w.AddClient) -> EventsAndTexts:
    return _added(context, (command.client,), None)


def import_clients(context: Context, command: w.ImportClients) -> EventsAndTexts:
    return _added(context, command.rows, command.grants)


def _added(
    context: Context, rows: tuple[w.ClientRow, ...], shared: tuple[w.GrantTo, ...] | None
) -> EventsAndTexts:
    context.need_access()
    clients, engagements_of, services_of = _numbered(context, rows)
    confidential = BitMap(number for number, row in zip(clients, rows, strict=True) if row.confidential)
    added = e.ClientsAdded(
        first_client=clients.start,
        count=len(rows),
        first_engagement=context.state.register.next_engagement,
        client_of=packed(engagements_of),
        service_of=packed(services_of),
        confidential=confidential,
    )
    owned = _owner_events(context, clients)
    stated = {(row.grants if row.grants is not None else shared) for row in rows} - {None}
    if stated or confidential:
        after = at(apply_all(context.state, [added, *owned]), context.now)
        _need_sharing_later(context, after, rows, clients, shared)
    _need_everyone(context, stated)
    _need_there(context, rows, stated)
    if not rows:
        invalid(Problem.NOTHING_NAMED, "rows")
    cleaned = _all_cleaned(rows)
    for grants in stated:
        need_grants_to_give(grants or ())
    if context.together is None:
        # Of a list, that is judged at its end, what this command gives included (rules.md 9, lists).
        _need_free_references(context, cleaned)
    if stated and not context.manages_access:
        _need_caps(context, after, rows, clients, shared)
    events: list[e.Event] = [added, *owned]
    events += _granted(context, rows, clients, shared, Defaults(context, events))
    return events, _texts(cleaned, clients, added.first_engagement)


def _numbered(context: Context, rows: tuple[w.ClientRow, ...]) -> "tuple[range, array[int], array[int]]":
    """The new clients' numbers, and client and service of every new engagement in order."""
    first = context.state.register.next_client
    services = [row.services or (GENERAL,) for row in rows]
    service_of = array("I", chain.from_iterable(services))
    client_of = array("I", chain.from_iterable(map(repeat, count(first), map(len, services))))
    return range(first, first + len(rows)), client_of, service_of


def _place(rows: Sequence[w.ClientRow], index: int) -> int | None:
    """The row that a refusal names: none where there is but one."""
    return index if len(rows) > 1 else None


def _owner_events(context: Context, clients: range) -> list[e.Event]:
    """The creator's Owner grant (`creator_owns`), which is added either way."""
    if context.actor is None or not context.settings.creator_owns or not clients:
        return []
    return [
        e.GrantsSet(
            subject=member_subject(context.actor), kind="client", targets=BitMap(clients), level=Level.OWNER
        )
    ]


def _grants_of(row: w.ClientRow, shared: tuple[w.GrantTo, ...] | None) -> tuple[w.GrantTo, ...] | None:
    return row.grants if row.grants is not None else shared


def _need_sharing_later(
    context: Context,
    after: Moment,
    rows: tuple[w.ClientRow, ...],
    clients: range,
    shared: tuple[w.GrantTo, ...] | None,
) -> None:
    """Refuses grants, and the mark confidential, that the actor could not set a moment later."""
    for number in _one_of_each_kind(rows, clients):
        row = rows[number - clients.start]
        if _grants_of(row, shared) or row.confidential:
            context.need_sharing(Target("client", number), after)


def _one_of_each_kind(rows: tuple[w.ClientRow, ...], clients: range) -> Iterable[int]:
    """New clients differ, for rights, only in services, grants and the mark: one of each is enough."""
    seen: dict[object, int] = {}
    for number, row in zip(clients, rows, strict=True):
        seen.setdefault((frozenset(row.services), row.grants, row.confidential), number)
    return seen.values()


def _need_everyone(context: Context, stated: Iterable[tuple[w.GrantTo, ...] | None]) -> None:
    everyone = group_subject(EVERYONE)
    named = any(grant.to == everyone for grants in stated for grant in grants or ())
    if named and not context.settings.everyone_may_be_granted:
        switched_off(Problem.EVERYONE_SETTING, "grants")


def _need_there(
    context: Context, rows: tuple[w.ClientRow, ...], stated: Iterable[tuple[w.GrantTo, ...] | None]
) -> None:
    for grants in stated:
        for grant in grants or ():
            context.need_subject(grant.to, "grants")
    known = context.state.services
    if not known.issuperset(chain.from_iterable(row.services for row in rows)):
        index = next(index for index, row in enumerate(rows) if not row.services.keys() <= known)
        raise Refused(Refusal.NOT_FOUND, Problem.UNKNOWN_SERVICE, "services", row=_place(rows, index))


SOME = 1_000
"""Rows whose texts are looked at together, while they are at hand in the processor's memory."""


def _all_cleaned(rows: tuple[w.ClientRow, ...]) -> list[w.ClientRow]:
    """Every row as `_cleaned` makes it, or as it is where nothing is to be done to it."""
    cleaned = list(rows)
    for start in range(0, len(rows), SOME):
        for place in _odd_rows(rows[start : start + SOME]):
            cleaned[start + place] = _cleaned(rows[start + place], _place(rows, start + place))
    return cleaned


def _odd_rows(rows: Sequence[w.ClientRow]) -> list[int]:
    """The places of those that `_cleaned` might not leave as they are."""
    names = [row.name for row in rows]
    references = list(chain.from_iterable(row.services.values() for row in rows))
    if not all(names) or odd_ones(references, most=REFERENCE):
        return list(range(len(rows)))
    odd = {
        *odd_ones(names, most=CLIENT_NAME),
        *odd_ones([row.reference for row in rows], most=REFERENCE),
        *odd_ones([row.kind for row in rows], most=CLIENT_KIND),
    }
    return sorted(odd)


def _cleaned(row: w.ClientRow, index: int | None) -> w.ClientRow:
    return w.ClientRow(
        name=clean(row.name, "client", most=CLIENT_NAME, row=index),
        reference=clean_optional(row.reference, "reference", most=REFERENCE, row=index),
        kind=clean_optional(row.kind, "kind", most=CLIENT_KIND, row=index),
        services={
            service: clean_optional(reference, "services", most=REFERENCE, row=index)
            for service, reference in row.services.items()
        },
    )


def _need_free_references(context: Context, rows: Sequence[w.ClientRow]) -> None:
    """Refuses references that two rows share or that are taken, naming the row."""
    mine: dict[str, int] = {}
    taxed: dict[tuple[int, str], int] = {}
    for index, row in enumerate(rows):
        if row.reference and mine.setdefault(unique_key(row.reference), index) != index:
            _taken(Problem.REFERENCE_IN_USE, "reference", rows, index)
        for service, reference in row.services.items():
            if reference and taxed.setdefault((service, tax_key(reference)), index) != index:
                _taken(Problem.TAX_REFERENCE_IN_USE, "services", rows, index)
    for key, client in context.directory.clients_by_reference(mine).items():
        if context.holds_references(client):
            _taken(Problem.REFERENCE_IN_USE, "reference", rows, mine[key])
    client_of = context.state.register.client_of
    for pair, engagement in engagements_with(context.directory, taxed).items():
        if context.holds_references(client_of[engagement]):
            _taken(Problem.TAX_REFERENCE_IN_USE, "services", rows, taxed[pair])


def _taken(problem: Problem, field: str, rows: Sequence[w.ClientRow], index: int) -> NoReturn:
    raise Refused(Refusal.NAME_TAKEN, problem, field, row=_place(rows, index))


def _need_caps(
    context: Context,
    after: Moment,
    rows: tuple[w.ClientRow, ...],
    clients: range,
    shared: tuple[w.GrantTo, ...] | None,
) -> None:
    for number in _one_of_each_kind(rows, clients):
        for grant in _grants_of(rows[number - clients.start], shared) or ():
            owns = context.settings.creator_owns and grant.to == Subject("member", context.actor or 0)
            if not owns:
                context.need_within_cap(
                    grant.to, Target("client", number), GrantTerms(level=grant.level), after
                )


def _granted(
    context: Context,
    rows: tuple[w.ClientRow, ...],
    clients: range,
    shared: tuple[w.GrantTo, ...] | None,
    defaults: Defaults,
) -> list[e.Event]:
    given: Given = {}
    if not shared and defaults.nobody and not any(row.grants for row in rows):
        return []
    for number, row in zip(clients, rows, strict=True):
        grants = _grants_of(row, shared)
        levels = defaults.of(number, row) if grants is None else {grant.to: grant.level for grant in grants}
        for subject, level in levels.items():
            given.setdefault((subject, level), []).append(number)
    owner = (
        member_subject(context.actor) if context.actor is not None and context.settings.creator_owns else None
    )
    return [
        e.GrantsSet(subject=subject, kind="client", targets=BitMap(numbers), level=level)
        for (subject, level), numbers in given.items()
        if subject != owner
    ]


def _texts(rows: Sequence[w.ClientRow], clients: range, first_engagement: int) -> Sequence[e.Text]:
    """The words of the clients, and after them those of their engagements, each in order of number."""
    words = {
        "name": [row.name for row in rows],
        "reference": [row.reference for row in rows],
        "kind": [row.kind for row in rows],
    }
    # One with no service has one engagement all the same, General.
    references = list(chain.from_iterable(row.services.values() or ("",) for row in rows))
    stated = [number for number, reference in enumerate(references, first_engagement) if reference]
    given = {"reference": list(filter(None, references))}
    return joined([ManyTexts(Thing.CLIENT, clients, words), ManyTexts(Thing.ENGAGEMENT, stated, given)])
