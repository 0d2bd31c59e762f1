"""A change put somebody on both sides of a wall. To administrators, but for who was shown it beforehand."""

from collections.abc import Sequence

from pyroaring import BitMap

from ringfence.access import Road, firm_state
from ringfence.access.crossings import crossings_told, still
from ringfence.access.ledger.telling import Notable, moved_by
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind, Some, ToldCrossing
from ringfence.access.reading import rows_by_number
from ringfence.core.terms import Capability, Thing
from ringfence.notices.readers import MOST_NAMES, FirmReader, administrators
from ringfence.wording.both_sides import NAMED, both_sides_sentence
from ringfence.wording.ledger import entry_text
from ringfence.wording.saying import gettext as _


def told(firm: int, change: Sequence[Notable]) -> list[NewNotice]:
    """Who is told of the change: a directory, a list or software shows it to nobody before it is done."""
    if not any(entry.moves for entry in change):
        return []
    found = moved_by(firm, change[0].number, change[-1].number).both_sides
    if not found:
        return []
    facts = NoticeFacts(
        several=len(change) > 1,
        crossings=crossings_told(found[:MOST_NAMES]),
        gained=Some(count=len(found)),
    )
    shown = None if any(entry.by_token for entry in change) else change[0].actor
    return [
        NewNotice(member=member, kind=NoticeKind.BOTH_SIDES, facts=facts)
        for member in administrators(firm_state(firm))
        if member != shown
    ]


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What of it is still so; None of nothing, or for who manages the firm no more."""
    entry = reader.entry(notice)
    if entry is None or not reader.may(Capability.MANAGE):
        return None
    found = still(reader.now, notice.facts.crossings)
    if not found:
        return None
    return {
        "sentences": _sentences(reader, found),
        "more": notice.facts.gained.count - len(notice.facts.crossings),
        "who": reader.member_name(entry.actor),
        "when": reader.told_time(entry.at),
        "command": "" if notice.facts.several else entry_text(entry.command),
        "link": reader.link("walls"),
    }


def _sentences(reader: FirmReader, found: Sequence[tuple[ToldCrossing, BitMap]]) -> list[str]:
    firm = reader.row.pk
    fields = ("number", "name")
    giving = {each.by for each, _ in found if each.road == Road.GROUP.value}
    groups = dict(rows_by_number(firm, Thing.GROUP, fields, "number", giving))
    walls = dict(rows_by_number(firm, Thing.WALL, fields, "number", {each.wall for each, _ in found}))
    people = {each.member for each, _ in found}
    reader.look_up_members(people | {each.by for each, _ in found if each.road == Road.DELEGATION.value})
    return [
        both_sides_sentence(
            Road(each.road),
            member=reader.member_name(each.member),
            wall=walls.get(each.wall) or _("the wall"),
            by=groups.get(each.by, "") if each.road == Road.GROUP.value else reader.members.get(each.by, ""),
            clients=reader.named(clients).names[:NAMED] if len(clients) <= NAMED else (),
            count=len(clients),
        )
        for each, clients in found
    ]
