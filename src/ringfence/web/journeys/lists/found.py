"""Which lists a member may bring in, and which of those under way they may see."""

from __future__ import annotations

import msgspec
from django.db.models import QuerySet
from django.http import Http404

from ringfence.firms.models import ListPart, ListUpload
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.uploads.keeping import lapsed
from ringfence.lists.uploads.stages import T, UploadPart, unpacked
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import Visit


def kinds_for(visit: Visit) -> tuple[ListKind, ...]:
    """The lists that the member may bring in at all (rules.md 5); each row is judged besides."""
    found = []
    if visit.can(Capability.USE_CLIENTS):
        found.append(ListKind.CLIENTS)
    if visit.can(Capability.MANAGE):
        found.append(ListKind.MEMBERS)
    shares = visit.can(Capability.USE_CLIENTS) and visit.settings.sharing != "administrators"
    if shares or visit.can(Capability.MANAGE_ACCESS):
        found.append(ListKind.ACCESS)
    return tuple(found)


def lists_for(visit: Visit) -> QuerySet[ListUpload]:
    """The lists under way that the member may see: their own, to administrators everybody's."""
    rows = ListUpload.objects.filter(firm=visit.firm, changed_at__gt=lapsed())
    return rows if visit.can(Capability.MANAGE) else rows.filter(member=visit.number)


def list_for(visit: Visit, upload: int) -> ListUpload:
    """One of them; raises `Http404`."""
    found = lists_for(visit).filter(pk=upload).first()
    if found is None:
        raise Http404
    return found


def part_of(upload: ListUpload, name: UploadPart, kind: type[T]) -> T:
    """A part of a list; raises `Http404` where it is there no more, or was kept by an older version."""
    rows = ListPart.objects.filter(firm=upload.firm_id, upload=upload, name=name)
    content = rows.values_list("content", flat=True).first()
    if content is None:
        raise Http404
    try:
        return unpacked(bytes(content), kind)
    except msgspec.ValidationError:
        raise Http404 from None
