"""The rows of a list that is on its way in: its stage, its parts, how far the background has got."""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone

from ringfence.access.open_firms import open_only
from ringfence.firms.models import ListPart, ListUpload

from .stages import KEPT_HOURS, ListChoice, Stage, UploadPart, packed

TOLD_EVERY = 0.5
"""Seconds between two notes of how far a step has got."""


class Gone(Exception):
    """The list was taken back or told something else meanwhile: what the step found is of no use."""


class KeptList:
    """A list in one turn of one stage of the background. Raises `Gone` where it is not in that any more."""

    def __init__(self, firm: int, upload: int, turn: int, stage: Stage) -> None:
        self._mine = ListUpload.objects.filter(firm=firm, pk=upload, turn=turn, stage=stage)
        found = self._mine.select_related("firm").first()
        if found is None:
            raise Gone
        self.upload: ListUpload = found
        self.choice = msgspec.convert(found.told, ListChoice)
        self._told_at = 0.0

    def part(self, name: UploadPart) -> bytes:
        """A part as it is kept."""
        rows = ListPart.objects.filter(firm=self.upload.firm_id, upload=self.upload, name=name)
        content = rows.values_list("content", flat=True).first()
        if content is None:
            raise Gone
        return bytes(content)

    # --- How far it has got

    def tell(self, doing: str, done: int = 0, count: int | None = None) -> None:
        """Say what is being done now."""
        self._told_at = time.monotonic()
        self._update(doing=doing, done=done, count=count)

    def watch(self, what: str, things: Iterable[Any], count: int | None) -> Iterable[Any]:
        """A `Watch` that notes how far it has got now and then."""
        self.tell(_DOING[what], 0, count)
        for done, thing in enumerate(things):
            if not done % 1000 and time.monotonic() - self._told_at > TOLD_EVERY:
                self.tell(_DOING[what], done, count)
            yield thing

    def _update(self, **columns: Any) -> None:
        if not self._mine.update(changed_at=timezone.now(), **columns):
            raise Gone

    # --- How it ends

    def end(self, stage: Stage, parts: Mapping[UploadPart, msgspec.Struct], **columns: Any) -> None:
        """The step is done: what it found, and the stage that waits for the member."""
        contents = {name: packed(part) for name, part in parts.items()}
        with transaction.atomic():
            self._update(stage=stage, doing="", done=0, count=None, **{"note": "", **columns})
            put(self.upload, contents)

    def saved(self, version: int) -> None:
        """In the transaction that saves it: the list is the ledger's entry `version`, its file is let go."""
        self._update(stage=Stage.SAVED, doing="", version=version, note="")
        kept = ListPart.objects.filter(firm=self.upload.firm_id, upload=self.upload)
        kept.exclude(name=UploadPart.CHECKED).delete()


_DOING = {"Reading": "read", "Checking": "check"}
"""What `read_list` walks through, as codes of `wording.list_progress`."""


def put(upload: ListUpload, parts: Mapping[UploadPart, bytes]) -> None:
    """Keep these parts of a list in place of those of the same names."""
    ListPart.objects.filter(firm=upload.firm_id, upload=upload, name__in=list(parts)).delete()
    ListPart.objects.bulk_create(
        ListPart(firm_id=upload.firm_id, upload=upload, name=name, content=content)
        for name, content in parts.items()
    )


def lapsed() -> datetime:
    """Lists that nobody has touched since then are gone."""
    return timezone.now() - timedelta(hours=KEPT_HOURS)


def sweep(firm: int | None = None) -> int:
    """Let go of lists that have lapsed, of one firm or of all; how many there were."""
    rows = open_only(ListUpload.objects.filter(changed_at__lte=lapsed()))
    if firm is not None:
        rows = rows.filter(firm=firm)
    count = rows.count()
    rows.delete()
    return count
