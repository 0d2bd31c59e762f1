"""Which lists a member may bring in, and which of those under way they may see, at a visit."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from ringfence.firms.models import ListUpload
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.uploads import rights
from ringfence.lists.uploads.stages import T, UploadPart
from ringfence.web.shell.visit import Visit


def kinds_for(visit: Visit) -> tuple[ListKind, ...]:
    """The lists that the member may bring in at all (rules.md 5); each row is judged besides."""
    return rights.kinds_for(visit.firm_now, visit.number)


def lists_for(visit: Visit) -> QuerySet[ListUpload]:
    """The lists under way that the member may see: their own, to administrators everybody's."""
    return rights.lists_for(visit.firm_now, visit.number)


def list_for(visit: Visit, upload: int) -> ListUpload:
    """One of them; raises `Http404`."""
    found = lists_for(visit).filter(pk=upload).first()
    if found is None:
        raise Http404
    return found


def part_of(upload: ListUpload, name: UploadPart, kind: type[T]) -> T:
    """A part of a list; raises `Http404` where it is there no more, or was kept by an older version."""
    found = rights.part_of(upload, name, kind)
    if found is None:
        raise Http404
    return found
