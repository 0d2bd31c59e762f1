"""`engagement.add`, several of them in one, `engagement.change` and `engagement.remove` (rules.md 5, 7).

A list is one change, judged as a whole, and gives one event.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply
from ringfence.core.authority.changing import refused_describing, refused_ending, refused_referring
from ringfence.core.compare.difference import difference
from ringfence.core.directory import Directory, tax_key, tax_keys
from ringfence.core.events import packed
from ringfence.core.many_texts import ManyTexts, joined
from ringfence.core.refusals import Problem, Refusal, Refused, conflict, invalid
from ringfence.core.state.holding import level_in
from ringfence.core.terms import Target, Thing
from ringfence.core.texts import REFERENCE, clean_optional, odd_ones

from . import definitions as w
from .context import Context
from .text_changes import EventsAndTexts, described

Rows = Sequence[w.EngagementRow]


def add_engagement(context: Context, command: w.AddEngagement) -> EventsAndTexts:
    row = w.EngagementRow(client=command.client, service=command.service, reference=command.reference)
    return _added(context, (row,))


def import_engagements(context: Context, command: w.ImportEngagements) -> EventsAndTexts:
    return _added(context, command.rows)


def _added(context: Context, rows: Rows) -> EventsAndTexts:
    everyone = range(len(rows))
    _each(context, rows, everyone, _need_client)
    if context.actor is not None:
        _need_rights(context, rows)
    _each(context, rows, everyone, _need_service)
    if not rows:
        invalid(Problem.NOTHING_NAMED, "rows")
    cleaned, keys = _all_cleaned(rows)
    _need_free_references(context, cleaned, keys)
    fresh = _without_those_already_so(context, cleaned, keys)
    event = _event(context, fresh)
    numbers = range(event.first_engagement, event.first_engagement + len(fresh))
    stated = [number for number, row in zip(numbers, fresh, strict=True) if row.reference]
    references = [row.reference for row in fresh if row.reference]
    return [event], joined([ManyTexts(Thing.ENGAGEMENT, stated, {"reference": references})])


def _place(rows: Rows, index: int) -> int | None:
    """The row that a refusal names: none where there is but one."""
    return index if len(rows) > 1 else None


def _each(
    context: Context, rows: Rows, indices: Iterable[int], check: Callable[[Context, w.EngagementRow], object]
) -> None:
    """Check these rows one by one; a refusal names its row."""
    for index in indices:
        try:
            check(context, rows[index])
        except Refused as refused:
            place = _place(rows, index)
            raise Refused(refused.refusal, refused.problem, refused.field, row=place) from None


def _need_client(context: Context, row: w.EngagementRow) -> None:
    context.need_client(row.client)


def _need_service(context: Context, row: w.EngagementRow) -> None:
    context.need_service(row.service)


def _need_editor(context: Context, row: w.EngagementRow) -> None:
    context.need_client(row.client)
    context.need_right(refused_describing, Target("client", row.client))


def _need_sharer(context: Context, row: w.EngagementRow) -> None:
    context.need_sharing(Target("client", row.client))


def _need_rights(context: Context, rows: Rows) -> None:
    """Editor of each client as a whole, as it is before the list (rules.md 9, lists).

    To let somebody in who does not see the client now is sharing, by whichever of its rows.
    """
    everyone = range(len(rows))
    _each(context, rows, everyone, _need_editor)
    new = [index for index in everyone if _is_new(context, rows[index])]
    if not new or context.manages_access:
        return
    places = {(rows[index].client, rows[index].service): rows[index] for index in new}
    event = _event(context, list(places.values()))
    let_in = difference(context.state, apply(context.state, event), [event], context.now).gains.clients
    _each(context, rows, [index for index in new if rows[index].client in let_in], _need_sharer)


def _is_new(context: Context, row: w.EngagementRow) -> bool:
    known = row.service in context.state.services
    return known and context.state.register.engagement_for(row.client, row.service) is None


def _event(context: Context, rows: Rows) -> e.EngagementsAdded:
    return e.EngagementsAdded(
        first_engagement=context.state.register.next_engagement,
        client_of=packed(array("I", [row.client for row in rows])),
        service_of=packed(array("I", [row.service for row in rows])),
    )


SOME = 1_000
"""Rows whose texts are looked at together, while they are at hand in the processor's memory."""


def _all_cleaned(rows: Rows) -> tuple[list[w.EngagementRow], list[str]]:
    """Every row as `_cleaned` makes it, and the keys of their tax references, "" for none."""
    cleaned, keys = list(rows), list[str]()
    for start in range(0, len(rows), SOME):
        for place in odd_ones([row.reference for row in rows[start : start + SOME]], most=REFERENCE):
            cleaned[start + place] = _cleaned(rows[start + place], _place(rows, start + place))
        keys += tax_keys([row.reference for row in cleaned[start : start + SOME]])
    return cleaned, keys


def _cleaned(row: w.EngagementRow, place: int | None) -> w.EngagementRow:
    reference = clean_optional(row.reference, "reference", most=REFERENCE, row=place)
    return row if reference == row.reference else replace(row, reference=reference)


def _need_free_references(context: Context, rows: Rows, keys: Sequence[str]) -> None:
    """Refuses tax references that two clients of the list share or that are taken, naming the row."""
    register = context.state.register
    given = [(row.service, key) for row, key in zip(rows, keys, strict=True) if key]
    taken = engagements_with(context.directory, given)
    mine: dict[tuple[int, str], int] = {}
    for index, (row, key) in enumerate(zip(rows, keys, strict=True)):
        if not key:
            continue
        holder = taken.get((row.service, key))
        by_another = (
            holder is not None
            and holder != register.engagement_for(row.client, row.service)
            and _holds(context, holder)
        )
        if by_another or mine.setdefault((row.service, key), row.client) != row.client:
            _refuse(Refusal.NAME_TAKEN, Problem.TAX_REFERENCE_IN_USE, "reference", _place(rows, index))


def engagements_with(directory: Directory, pairs: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Which of these, each a service and the key of a tax reference, are taken; by which engagement."""
    of_services: dict[int, list[str]] = {}
    for service, key in pairs:
        of_services.setdefault(service, []).append(key)
    return {
        (service, key): engagement
        for service, keys in of_services.items()
        for key, engagement in directory.engagements_by_reference(service, keys).items()
    }


def _holds(context: Context, engagement: int) -> bool:
    return context.holds_references(context.state.register.client_of[engagement])


def _without_those_already_so(context: Context, rows: Rows, keys: Sequence[str]) -> list[w.EngagementRow]:
    """The rows that add something; refuses where none does, or where a service has another reference."""
    register = context.state.register
    fresh: dict[tuple[int, int], w.EngagementRow] = {}
    for index, (row, key) in enumerate(zip(rows, keys, strict=True)):
        held = register.engagement_for(row.client, row.service)
        if held is not None:
            reference = context.directory.text(Thing.ENGAGEMENT, held, "reference") if key else ""
        elif (first := fresh.setdefault((row.client, row.service), row)) is row:
            continue
        else:
            reference = first.reference
        if key and key != tax_key(reference):
            _refuse(Refusal.CONFLICT, Problem.SERVICE_ALREADY, "service", _place(rows, index))
    if not fresh:
        conflict(Problem.SERVICE_ALREADY, "service")
    return list(fresh.values())


def _refuse(refusal: Refusal, problem: Problem, field: str, row: int | None) -> None:
    raise Refused(refusal, problem, field, row=row)


def change_engagement(context: Context, command: w.ChangeEngagement) -> EventsAndTexts:
    context.need_engagement(command.engagement)
    context.need_right(refused_referring, Target("engagement", command.engagement))
    reference = clean_optional(command.reference, "reference", most=REFERENCE)
    service = context.state.register.service_of[command.engagement]
    if reference:
        taken = context.directory.engagements_by_reference(service, [tax_key(reference)])
        if any(number != command.engagement and _holds(context, number) for number in taken.values()):
            _refuse(Refusal.NAME_TAKEN, Problem.TAX_REFERENCE_IN_USE, "reference", None)
    return described(context, Thing.ENGAGEMENT, command.engagement, {"reference": reference})


def remove_engagement(context: Context, command: w.RemoveEngagement) -> list[e.Event]:
    client = context.need_engagement(command.engagement)
    context.need_right(refused_ending, Target("engagement", command.engagement))
    if any(level_in(held.engagements, command.engagement) for held in context.state.holdings.values()):
        context.need_no_own_wall(BitMap([client]))
    if len(context.state.register.engagements_of(client)) == 1:
        invalid(Problem.LAST_ENGAGEMENT, "service")
    return [e.EngagementRemoved(engagement=command.engagement)]
