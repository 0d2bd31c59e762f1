"""Making checkpoints, and letting go of them: beside the changes, never in a writer's transaction.

Entries never change, so no lock on the firm is needed: what was worked out is put down when it is ready. A
process that is killed leaves parts that no checkpoint names, and the next one takes them out.
"""

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from ringfence.access.connection import answering
from ringfence.core.apply.apply import apply_all
from ringfence.core.events import NOTED
from ringfence.core.state.state import State
from ringfence.firms.models import Checkpoint, CheckpointPart, Firm, LedgerEntry
from ringfence.store.frozen import Frozen, freeze, parts_named

from .checkpoints import FORM_OF, UNREADABLE, digest, nearest, nearest_number, seal
from .entries import entries

EVERY = 0.05
"""Seconds of the processor that replaying takes from one checkpoint to the next."""
MOST = 100
"""Checkpoints of a firm: once there are more, every other one goes."""
AT_ONCE = 8_000_000
"""Bytes of parts written in one transaction: on SQLite it is the only writer of the database."""


def make_checkpoints(firm: int, *, every: float = EVERY, most: int = MOST) -> int:
    """Make the checkpoints that the firm's ledger wants since its last one; how many those were.

    What older versions made goes. Raises `StateUnavailable`.
    """
    with answering():
        row = Firm.objects.filter(pk=firm).first()
        if row is None:
            return 0
        old = Checkpoint.objects.filter(firm=firm).exclude(form_of=FORM_OF)
        changed = old.exists()
        if changed:
            old.delete()
        count = sum(1 for _ in _made(row, every)) if _changed_since(row.pk) else 0
        if changed or count:
            _thin(firm, most)
    return count


def drop_checkpoints(firm: int) -> None:
    """Take all of the firm's checkpoints out, fit or not. Raises `StateUnavailable`."""
    with answering(), _alone():
        Checkpoint.objects.filter(firm=firm).delete()
        CheckpointPart.objects.filter(firm=firm).delete()


def _changed_since(firm: int) -> bool:
    """Whether anything changed since the last checkpoint that fits."""
    last = nearest_number(firm, 2**62)
    rows = LedgerEntry.objects.filter(firm=firm, number__gt=last)
    return rows.exclude(command__in=NOTED.values()).exists()


def _made(firm: Firm, every: float) -> Iterator[int]:
    number, state = nearest(firm.pk, firm.version)
    begun = time.thread_time()
    for entry in entries(firm.pk, after=number, until=firm.version, texts=False, noted=False):
        state = apply_all(state, entry.events)
        if time.thread_time() - begun >= every:
            _keep(firm, entry.number, entry.hash, state)
            yield entry.number
            begun = time.thread_time()


def _keep(firm: Firm, number: int, entry: bytes, state: State) -> None:
    frozen = freeze(state)
    form = zlib.compress(frozen.form, 1)
    proof = digest(firm.uid, number, entry, form)
    _put_parts(firm.pk, frozen)
    with _alone():
        # Another process may have let go of some meanwhile, as named by no checkpoint yet.
        _put_parts(firm.pk, frozen)
        Checkpoint.objects.filter(firm=firm, number=number).delete()
        Checkpoint.objects.create(
            firm=firm, number=number, entry=entry, form_of=FORM_OF, form=form, digest=proof, seal=seal(proof)
        )


def _put_parts(firm: int, frozen: Frozen) -> None:
    there = {bytes(name) for name in CheckpointPart.objects.filter(firm=firm).values_list("name", flat=True)}
    some: list[CheckpointPart] = []
    size = 0
    for name, content in frozen.parts.items():
        if name in there:
            continue
        some.append(CheckpointPart(firm_id=firm, name=name, content=content))
        size += len(content)
        if size >= AT_ONCE:
            CheckpointPart.objects.bulk_create(some, ignore_conflicts=True)
            some, size = [], 0
    CheckpointPart.objects.bulk_create(some, ignore_conflicts=True)


def _thin(firm: int, most: int) -> None:
    """Let go of every other checkpoint where there are too many, and of parts that none names any more.

    The latest stays. So the longest way from one to the next is a small part of the whole, however long the
    ledger gets.
    """
    with _alone():
        rows = Checkpoint.objects.filter(firm=firm)
        numbers = list(rows.order_by("-number").values_list("number", flat=True))
        if len(numbers) > most:
            rows.filter(number__in=numbers[1::2]).delete()
        named: set[bytes] = set()
        for form in rows.values_list("form", flat=True).iterator(chunk_size=1):
            named.update(_named(bytes(form)))
        parts = CheckpointPart.objects.filter(firm=firm)
        there = {bytes(name) for name in parts.values_list("name", flat=True)}
        gone = sorted(there - named)
        for start in range(0, len(gone), 500):
            parts.filter(name__in=gone[start : start + 500]).delete()


def _named(form: bytes) -> list[bytes]:
    try:
        return parts_named(zlib.decompress(form))
    except UNREADABLE:
        # It is not used, and `verify` tells of it.
        return []


@contextmanager
def _alone() -> Iterator[None]:
    """A transaction in which nobody else makes or thins checkpoints; readers and all other writers go on."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE firms_checkpoint IN SHARE ROW EXCLUSIVE MODE")
        yield
