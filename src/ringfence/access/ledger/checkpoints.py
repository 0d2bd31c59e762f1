"""Checkpoints: the state of a firm just after an entry, beside the ledger, proved before it is used.

One is used where all of this fits, and else as if it were not there: it was written by this very version;
its entry is in the ledger, with the hash that it names; its digest covers all that it says, and its parts
have the names that they should; its seal was made with this installation's secret key, which who writes in
the database alone does not have. That it holds what the ledger gives is proved by `verify`, which replays
all from the beginning and compares. Making them and letting go of them is for `checkpointing.py`.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.utils.crypto import constant_time_compare, salted_hmac

import ringfence
from ringfence.access.connection import answering
from ringfence.core.state.state import State
from ringfence.firms.models import Checkpoint, CheckpointPart, Firm, LedgerEntry
from ringfence.store.frozen import FORMAT, part_name, parts_named, thaw

FORM_OF = f"{FORMAT} of {ringfence.__version__}"
"""Who writes them here: another version's are not used, as its events might have done something else."""
AT_ONCE = 500
"""Parts asked for in one statement."""
FEW = 20
"""Parts held beside those that were asked for, while these are read."""
UNREADABLE = (msgspec.MsgspecError, zlib.error, ValueError, KeyError, IndexError, OverflowError)
"""What bytes raise that nobody wrote so."""

_JSON = msgspec.json.Encoder()


class Misfit(StrEnum):
    """Why a checkpoint is not used."""

    OTHER_VERSION = "other_version"
    OTHER_ENTRY = "other_entry"
    DAMAGED = "damaged"


class CheckpointUnfit(Exception):
    """A checkpoint that is not used."""

    def __init__(self, misfit: Misfit) -> None:
        super().__init__(misfit.value)
        self.misfit = misfit


class StateAt(NamedTuple):
    """The state just after an entry; before the first one where `number` is 0."""

    number: int
    state: State


def nearest(firm: int, version: int) -> StateAt:
    """The latest checkpoint up to the entry `version` that can be used, else the firm before its first entry.

    Raises `StateUnavailable`.
    """
    with answering():
        for row, uid, entry in _fitting(firm, version):
            try:
                return StateAt(row.number, opened(row, uid, entry, Parts(firm)))
            except CheckpointUnfit:
                continue
    return StateAt(0, State.empty())


def nearest_number(firm: int, version: int) -> int:
    """The entry of that checkpoint, 0 for none; its parts are not read.

    Raises `StateUnavailable`.
    """
    with answering():
        return next((row.number for row, _uid, _entry in _fitting(firm, version)), 0)


def _fitting(firm: int, version: int) -> Iterator[tuple[Checkpoint, UUID, bytes]]:
    """The checkpoints up to the entry that fit, the latest first, each with what it was held against."""
    rows = Checkpoint.objects.filter(firm=firm, number__lte=version, form_of=FORM_OF)
    numbers = list(rows.order_by("-number").values_list("number", flat=True))
    if not numbers:
        return
    uid = Firm.objects.filter(pk=firm).values_list("uid", flat=True).first()
    for number in numbers:
        row = Checkpoint.objects.filter(firm=firm, number=number).first()
        entry = LedgerEntry.objects.filter(firm=firm, number=number).values_list("hash", flat=True).first()
        if row is None or uid is None or entry is None:
            continue
        try:
            need_fitting(row, uid, bytes(entry))
        except CheckpointUnfit:
            continue
        if sealed(row):
            yield row, uid, bytes(entry)


# --- The proof


class Parts:
    """The parts of a firm's checkpoints."""

    def __init__(self, firm: int) -> None:
        self._firm = firm

    def of(self, names: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """The parts of these names; raises `CheckpointUnfit` where one is missing or was changed."""
        found = dict(self._read(names))
        if found.keys() != set(names):
            raise CheckpointUnfit(Misfit.DAMAGED)
        return found

    def _read(self, names: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Those of the parts that are there, each with its name; raises `CheckpointUnfit` as above."""
        wanted = sorted(set(names))
        for start in range(0, len(wanted), AT_ONCE):
            rows = CheckpointPart.objects.filter(firm=self._firm, name__in=wanted[start : start + AT_ONCE])
            for name, content in rows.values_list("name", "content").iterator(chunk_size=FEW):
                if part_name(bytes(content)) != bytes(name):
                    raise CheckpointUnfit(Misfit.DAMAGED)
                yield bytes(name), bytes(content)


class PartsInTurn(Parts):
    """The same for who opens many checkpoints in one transaction: what was read once is read again as it is
    asked for, and never held together."""

    def __init__(self, firm: int) -> None:
        super().__init__(firm)
        self._proved: set[bytes] = set()

    def of(self, names: Sequence[bytes]) -> Mapping[bytes, bytes]:
        self._proved.update(name for name, _content in self._read(set(names) - self._proved))
        if not self._proved.issuperset(names):
            raise CheckpointUnfit(Misfit.DAMAGED)
        return _Again(self._firm, names)


class _Again(Mapping[bytes, bytes]):
    """Parts that were read before in this transaction."""

    def __init__(self, firm: int, names: Sequence[bytes]) -> None:
        self._firm, self._names = firm, names

    def __getitem__(self, name: bytes) -> bytes:
        rows = CheckpointPart.objects.filter(firm=self._firm, name=name).values_list("content", flat=True)
        for content in rows:
            return bytes(content)
        raise KeyError(name)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def need_fitting(row: Checkpoint, firm: UUID, entry: bytes) -> None:
    """Raises `CheckpointUnfit` where it is not whole, or not of the ledger's entry with this hash.

    Its parts and its seal are not looked at.
    """
    if row.form_of != FORM_OF:
        raise CheckpointUnfit(Misfit.OTHER_VERSION)
    if bytes(row.entry) != entry:
        raise CheckpointUnfit(Misfit.OTHER_ENTRY)
    if bytes(row.digest) != digest(firm, row.number, entry, bytes(row.form)):
        raise CheckpointUnfit(Misfit.DAMAGED)


def opened(row: Checkpoint, firm: UUID, entry: bytes, parts: Parts) -> State:
    """The state that the checkpoint holds; raises `CheckpointUnfit` where it or a part does not fit.

    The seal is looked at apart from this (`sealed`).
    """
    need_fitting(row, firm, entry)
    try:
        form = zlib.decompress(bytes(row.form))
        return thaw(form, parts.of(parts_named(form)))
    except UNREADABLE as error:
        raise CheckpointUnfit(Misfit.DAMAGED) from error


def digest(firm: UUID, number: int, entry: bytes, form: bytes) -> bytes:
    """The 32 bytes that bind a checkpoint's compressed form to the entry of the ledger."""
    line = _JSON.encode([str(firm), number, entry.hex(), FORM_OF])
    return hashlib.sha256(line + b"\n" + form).digest()


def seal(proof: bytes) -> bytes:
    """The seal over a digest: HMAC-SHA256 with this installation's secret key."""
    return salted_hmac("ringfence checkpoint", proof, algorithm="sha256").digest()


def sealed(row: Checkpoint) -> bool:
    """Whether this installation made the checkpoint, or one with its secret key."""
    return constant_time_compare(bytes(row.seal), seal(bytes(row.digest)))


def checkpoints(firm: int) -> list[int]:
    """The entries of the firm that have a checkpoint of this version, whether or not it fits.

    Raises `StateUnavailable`.
    """
    with answering():
        rows = Checkpoint.objects.filter(firm=firm, form_of=FORM_OF).order_by("number")
        return list(rows.values_list("number", flat=True))
