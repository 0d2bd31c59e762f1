"""A form that was sent twice at once: the second finds the name taken by what the first has made."""

from __future__ import annotations

from ringfence.access import FirmNow, entries
from ringfence.core.directory import unique_key
from ringfence.core.terms import group_subject
from ringfence.firms.models import Group, LedgerEntry
from ringfence.web.shell.visit import Visit, visit_for

from .draft import GroupDraft


def made_already(visit: Visit, draft: GroupDraft) -> int | None:
    """The group of that name, where this member made it after beginning the draft, just as the draft says."""
    firm = visit.firm.pk
    found = Group.objects.filter(firm=firm, name_key=unique_key(draft.name)).first()
    if found is None:
        return None
    number = int(found.number)
    firm_now = visit_for(visit.request, firm).firm_now
    same = firm_now.groups.get(number) == draft.members and _holds(firm_now, number, draft)
    return number if same and _made_by(visit, number) else None


def _holds(firm_now: FirmNow, number: int, draft: GroupDraft) -> bool:
    """Whether the group was given just what the draft says."""
    held = firm_now.grants_of(group_subject(number))
    if draft.kind == "service":
        return held.services.get(draft.service) is draft.level
    targets = held.clients if draft.unit == "client" else held.engagements
    return targets[draft.level - 1] == draft.chosen


def _made_by(visit: Visit, number: int) -> bool:
    mine = LedgerEntry.objects.filter(firm=visit.firm.pk, command="group.create", actor=visit.number)
    last = mine.order_by("-number").values_list("number", flat=True).first()
    if last is None:
        return False
    entry = next(entries(visit.firm.pk, after=last - 1, until=last, texts=False))
    return any(getattr(event, "group", None) == number for event in entry.events)
