"""Which lists a member may bring in, which of those under way they may see, and what was found of them."""

from __future__ import annotations

import msgspec
from django.db.models import QuerySet
from pyroaring import BitMap

from ringfence.access import FirmNow
from ringfence.core.terms import Capability
from ringfence.firms.models import ListPart, ListUpload
from ringfence.lists.rows.headers import ListKind

from .keeping import lapsed
from .stages import Checked, ReaderThen, T, UploadPart, unpacked


def kinds_for(firm_now: FirmNow, member: int) -> tuple[ListKind, ...]:
    """The lists that the member may bring in at all (rules.md 5); each row is judged besides."""
    found = []
    uses = firm_now.may(member, Capability.USE_CLIENTS)
    if uses:
        found.append(ListKind.CLIENTS)
    if firm_now.may(member, Capability.MANAGE):
        found.append(ListKind.MEMBERS)
    shares = uses and firm_now.settings.sharing != "administrators"
    if shares or firm_now.may(member, Capability.MANAGE_ACCESS):
        found.append(ListKind.ACCESS)
    return tuple(found)


def lists_for(firm_now: FirmNow, member: int) -> QuerySet[ListUpload]:
    """The lists under way that the member may see: their own, to administrators everybody's."""
    rows = ListUpload.objects.filter(firm=firm_now.firm, changed_at__gt=lapsed())
    return rows if firm_now.may(member, Capability.MANAGE) else rows.filter(member=member)


def part_of(upload: ListUpload, name: UploadPart, kind: type[T]) -> T | None:
    """A part of a list; None where it is there no more, or was kept by an older version."""
    rows = ListPart.objects.filter(firm=upload.firm_id, upload=upload, name=name)
    content = rows.values_list("content", flat=True).first()
    if content is None:
        return None
    try:
        return unpacked(bytes(content), kind)
    except msgspec.ValidationError:
        return None


def checked_part(upload: ListUpload, firm_now: FirmNow, member: int) -> Checked | None:
    """What was found of a list, for a member who may see it; None as `part_of`, or where it is `outgrown`."""
    found = part_of(upload, UploadPart.CHECKED, Checked)
    return None if found is None or outgrown(upload, found, firm_now, member) else found


def reader_then(firm_now: FirmNow, member: int) -> ReaderThen:
    """What the member may be told now."""
    return ReaderThen(
        may=tuple(each.value for each in Capability if firm_now.may(member, each)),
        known=firm_now.known_clients(member).serialize(),
        seen=firm_now.seen_by(member).serialize(),
    )


def outgrown(upload: ListUpload, found: Checked, firm_now: FirmNow, member: int) -> bool:
    """Whether whose list it is has lost since what they might be told when it was found.

    To others, who manage the firm, only what every one of them may know is shown.
    """
    if member != upload.member or found.problem is not None:
        return False
    then = found.reader
    if then is None:
        return True
    known = BitMap.deserialize(then.known) & firm_now.clients
    seen = BitMap.deserialize(then.seen) & firm_now.engagements
    return not (
        all(firm_now.may(member, Capability(each)) for each in then.may)
        and known <= firm_now.known_clients(member)
        and seen <= firm_now.seen_by(member)
    )
