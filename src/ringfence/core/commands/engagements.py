"""`engagement.add`, several of them in one, `engagement.change` and `engagement.remove` (rules.md 5, 7).

A list is judged as its rows would be one after the other, and gives one event.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply
from ringfence.core.authority.sharing import (
    administers,
    manages_access,
    need_level_on_client,
    need_level_on_engagement,
    need_no_own_wall,
    need_sharing,
)
from ringfence.core.compare.difference import difference
from ringfence.core.decision.moment import at
from ringfence.core.directory import unique_key
from ringfence.core.events import packed
from ringfence.core.refusals import Problem, Refusal, Refused, conflict, invalid
from ringfence.core.state.holding import level_in
from ringfence.core.terms import Level, Target, Thing
from ringfence.core.texts import REFERENCE, clean_optional

from . import definitions as w
from .context import Desk
from .text_changes import Done, described

Rows = Sequence[w.EngagementRow]


def add_engagement(desk: Desk, command: w.AddEngagement) -> Done:
    row = w.EngagementRow(client=command.client, service=command.service, reference=command.reference)
    return _added(desk, (row,))


def import_engagements(desk: Desk, command: w.ImportEngagements) -> Done:
    return _added(desk, command.rows)


def _added(desk: Desk, rows: Rows) -> Done:
    everyone = range(len(rows))
    _each(desk, rows, everyone, _need_client)
    if desk.actor is not None:
        _need_rights(desk, rows)
    _each(desk, rows, everyone, _need_service)
    if not rows:
        invalid(Problem.NOTHING_NAMED, "rows")
    cleaned = [_cleaned(row, _place(rows, index)) for index, row in enumerate(rows)]
    _need_free_references(desk, cleaned)
    fresh = _without_those_already_so(desk, cleaned)
    event = _event(desk, fresh)
    numbers = range(event.first_engagement, event.first_engagement + len(fresh))
    texts = [
        e.Text(thing=Thing.ENGAGEMENT, number=number, fields={"reference": row.reference})
        for number, row in zip(numbers, fresh, strict=True)
        if row.reference
    ]
    return [event], texts


def _place(rows: Rows, index: int) -> int | None:
    """The row that a refusal names: none where there is but one."""
    return index if len(rows) > 1 else None


def _each(
    desk: Desk, rows: Rows, indices: Iterable[int], check: Callable[[Desk, w.EngagementRow], object]
) -> None:
    """Check these rows one by one; a refusal names its row."""
    for index in indices:
        try:
            check(desk, rows[index])
        except Refused as refused:
            place = _place(rows, index)
            raise Refused(refused.refusal, refused.problem, refused.field, row=place) from None


def _need_client(desk: Desk, row: w.EngagementRow) -> None:
    desk.need_client(row.client)


def _need_service(desk: Desk, row: w.EngagementRow) -> None:
    desk.need_service(row.service)


def _need_editor(desk: Desk, row: w.EngagementRow) -> None:
    desk.need_client(row.client)
    need_level_on_client(desk, row.client, Level.EDITOR)


def _need_sharer(desk: Desk, row: w.EngagementRow) -> None:
    need_sharing(desk, Target("client", row.client))


def _need_rights(desk: Desk, rows: Rows) -> None:
    """Editor of the client as a whole; to let somebody in who does not see the client now is sharing.

    Rows of different clients do not bear on one another, so only those of one client are taken in turns.
    """
    here = desk
    for turn in _turns(rows):
        _each(here, rows, turn, _need_editor)
        new = [index for index in turn if _is_new(here, rows[index])]
        if not new:
            continue
        event = _event(here, [rows[index] for index in new])
        after = apply(here.state, event)
        if not manages_access(here):
            let_in = difference(here.state, after, [event], here.now).gains.clients
            _each(here, rows, [index for index in new if rows[index].client in let_in], _need_sharer)
        here = replace(here, moment=at(after, here.now))


def _turns(rows: Rows) -> list[list[int]]:
    """The rows' indices such that no client is twice in a turn, each client's rows in their order."""
    turns: list[list[int]] = []
    taken: dict[int, int] = {}
    for index, row in enumerate(rows):
        turn = taken.get(row.client, 0)
        taken[row.client] = turn + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(index)
    return turns


def _is_new(desk: Desk, row: w.EngagementRow) -> bool:
    known = row.service in desk.state.services
    return known and desk.state.register.engagement_for(row.client, row.service) is None


def _event(desk: Desk, rows: Rows) -> e.EngagementsAdded:
    return e.EngagementsAdded(
        first_engagement=desk.state.register.next_engagement,
        client_of=packed(array("I", [row.client for row in rows])),
        service_of=packed(array("I", [row.service for row in rows])),
    )


def _cleaned(row: w.EngagementRow, place: int | None) -> w.EngagementRow:
    reference = clean_optional(row.reference, "reference", most=REFERENCE, row=place)
    return row if reference == row.reference else replace(row, reference=reference)


def _need_free_references(desk: Desk, rows: Rows) -> None:
    """Refuses tax references that two clients of the list share or that are taken, naming the row."""
    register = desk.state.register
    keys = [(row.service, unique_key(row.reference)) if row.reference else None for row in rows]
    taken = desk.directory.engagements_by_reference({key for key in keys if key})
    mine: dict[tuple[int, str], int] = {}
    for index, (row, key) in enumerate(zip(rows, keys, strict=True)):
        if key is None:
            continue
        holder = taken.get(key)
        by_another = holder is not None and holder != register.engagement_for(row.client, row.service)
        if by_another or mine.setdefault(key, row.client) != row.client:
            _refuse(Refusal.NAME_TAKEN, Problem.TAX_REFERENCE_IN_USE, "reference", _place(rows, index))


def _without_those_already_so(desk: Desk, rows: Rows) -> list[w.EngagementRow]:
    """The rows that add something; refuses where none does, or where a service has another reference."""
    register = desk.state.register
    fresh: dict[tuple[int, int], w.EngagementRow] = {}
    for index, row in enumerate(rows):
        held = register.engagement_for(row.client, row.service)
        if held is not None:
            reference = desk.directory.text(Thing.ENGAGEMENT, held, "reference") if row.reference else ""
        else:
            reference = fresh.setdefault((row.client, row.service), row).reference
        if row.reference and row.reference != reference:
            _refuse(Refusal.CONFLICT, Problem.SERVICE_ALREADY, "service", _place(rows, index))
    if not fresh:
        conflict(Problem.SERVICE_ALREADY, "service")
    return list(fresh.values())


def _refuse(refusal: Refusal, problem: Problem, field: str, row: int | None) -> None:
    raise Refused(refusal, problem, field, row=row)


def change_engagement(desk: Desk, command: w.ChangeEngagement) -> Done:
    desk.need_engagement(command.engagement)
    if not administers(desk):
        need_level_on_engagement(desk, command.engagement, Level.EDITOR)
    reference = clean_optional(command.reference, "reference", most=REFERENCE)
    service = desk.state.register.service_of[command.engagement]
    if reference:
        taken = desk.directory.engagements_by_reference([(service, unique_key(reference))])
        if any(engagement != command.engagement for engagement in taken.values()):
            _refuse(Refusal.NAME_TAKEN, Problem.TAX_REFERENCE_IN_USE, "reference", None)
    return described(desk, Thing.ENGAGEMENT, command.engagement, {"reference": reference})


def remove_engagement(desk: Desk, command: w.RemoveEngagement) -> list[e.Event]:
    client = desk.need_engagement(command.engagement)
    if not administers(desk):
        need_level_on_engagement(desk, command.engagement, Level.OWNER)
    if any(level_in(held.engagements, command.engagement) for held in desk.state.holdings.values()):
        need_no_own_wall(desk, BitMap([client]))
    if len(desk.state.register.engagements_of(client)) == 1:
        invalid(Problem.LAST_ENGAGEMENT, "service")
    return [e.EngagementRemoved(engagement=command.engagement)]
