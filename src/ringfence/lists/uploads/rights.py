"""Which lists a member may bring in, and which of those under way they may see."""

from __future__ import annotations

import msgspec
from django.db.models import QuerySet

from ringfence.access import FirmNow
from ringfence.core.terms import Capability
from ringfence.firms.models import ListPart, ListUpload
from ringfence.lists.rows.headers import ListKind

from .keeping import lapsed
from .stages import T, UploadPart, unpacked


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
