"""Writing a pack: each part a file of one zip, then the ledger with its proof, then how to check it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import IO, BinaryIO, NamedTuple

from ringfence.access.past.states import firm_then, version_at
from ringfence.access.proof import checkpoints_signed, keys_of, ledger_lines, sign_file, sign_now
from ringfence.access.proof.packs import PackAsked
from ringfence.access.reviews.rows import ReviewRow, review_rows
from ringfence.core.terms import Instant, Thing
from ringfence.firms.models import Firm
from ringfence.lists.export.writing import Cells, Format, write_list
from ringfence.lists.review_report.bundle import CHECKER, checker
from ringfence.lists.review_report.filling import report_name, report_of
from ringfence.wording.catalogue import in_language
from ringfence.wording.saying import in_words_of

from . import assurance, changes, standing
from .firm_then import PackFirm
from .readme import readme

MOST_CHECKPOINTS = 10_000
WITHHELD = (Thing.ENGAGEMENT,)
"""Whose words the ledger of a pack leaves out: tax references are not for everybody (rules.md 5)."""
VERIFIER = "verify_ledger.py"
CONTENTS = "contents.sha256"

Told = Callable[[str, int, int], None]
"""Is told which part is being written, how many are done and of how many."""


class NothingThen(ValueError):
    """The firm was not there yet at the moment asked for."""


class PackPart(NamedTuple):
    """A list of the pack: what it is called, and what gives its headers and rows."""

    name: str
    rows: Callable[[PackFirm], tuple[Cells, Iterator[Cells]]]


PARTS = (
    PackPart("who-could-open", standing.who_could_open),
    PackPart("members", standing.members),
    PackPart("walls", standing.walls),
    PackPart("walls-kept", standing.kept_apart),
    PackPart("changes", changes.changes),
    PackPart("emergency-access", assurance.emergencies),
    PackPart("policies", assurance.policies),
    PackPart("policy-breaches", assurance.breaches),
    PackPart("emergency-changes", changes.apart("emergency")),
    PackPart("reviews", changes.apart("review")),
    PackPart("policy-changes", changes.apart("policy")),
    PackPart("wall-changes", changes.apart("wall")),
)
"""In the order in which they are written; each area adds its own here."""


def make_pack(firm: Firm, asked: PackAsked, out: IO[bytes], told: Told) -> int:
    """Write the zip; the number of the last entry of the ledger in it.

    Raises `NothingThen`, `LedgerRewritten`, `Unsealable`, `StateUnavailable`, OSError.
    """
    then = firm_then(firm.pk, asked.until)
    if then is None:
        raise NothingThen
    after = version_at(firm.pk, Instant(asked.since - 1)) if asked.since else 0
    pack = PackFirm(row=firm, asked=asked, then=then, after=after)
    with in_language(asked.language), in_words_of(then.settings):
        packed = _Zip(out)
        try:
            entry = _written(packed, pack, told)
        except BaseException:
            packed.give_up()
            raise
    return entry


def _written(packed: _Zip, pack: PackFirm, told: Told) -> int:
    count = len(PARTS) + 1
    for done, part in enumerate(PARTS):
        told(part.name, done, count)
        headers, rows = part.rows(pack)
        with packed.file(f"{part.name}.csv") as file:
            write_list(file, headers, rows, Format.CSV)
    reviews = False
    for row in review_rows(pack.row.pk):
        closed = row.closed
        if closed is not None and row.outcome is not None and pack.asked.since <= closed <= pack.asked.until:
            _report(packed, pack, row, closed)
            reviews = True
    told("ledger", len(PARTS), count)
    entry = _proof(packed, pack.row)
    packed.whole(CHECKER, checker())
    packed.whole("README.txt", readme(pack, entry, reviews=reviews).encode())
    contents = packed.contents()
    packed.whole(CONTENTS, contents)
    packed.whole(f"{CONTENTS}.sig", sign_file(pack.row.pk, CONTENTS, contents).encode())
    packed.close()
    return entry


def _report(packed: _Zip, pack: PackFirm, row: ReviewRow, closed: Instant) -> None:
    """The signed report of a review that was closed in the time asked for, each of its files."""
    name = report_name(row, closed, pack.zone)
    with zipfile.ZipFile(io.BytesIO(report_of(pack.row, pack.then, row, closed))) as report:
        for file in report.namelist():
            packed.whole(f"reviews/{name}/{file}", report.read(file))


def _proof(packed: _Zip, firm: Firm) -> int:
    """The ledger, its checkpoints with the newest, the public keys and the program that checks them."""
    newest = sign_now(firm.pk)
    with packed.file("ledger/ledger.jsonl") as file:
        for line in ledger_lines(firm.pk, WITHHELD):
            file.write(line)
    for each in checkpoints_signed(firm.pk, MOST_CHECKPOINTS):
        packed.whole(f"ledger/{each.name}", each.note.encode())
        if each.stamp:
            packed.whole(f"ledger/{each.name}.tsr", each.stamp)
    keys = "".join(f"{key.verifier}\n" for key in keys_of(firm.pk))
    packed.whole("ledger/keys.txt", keys.encode())
    packed.whole(VERIFIER, files("ringfence.proof").joinpath(VERIFIER).read_bytes())
    return newest.entry


class _Hashed(io.RawIOBase):
    """A file of the zip, hashed as it is written."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        content = bytes(data)  # type: ignore[call-overload]  # whatever bytes a writer has
        self.digest.update(content)
        self._inner.write(content)
        return len(content)


class _Zip:
    """The zip while it is written, with the digest of each of its files."""

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._digests: dict[str, str] = {}

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        with self._zip.open(name, "w", force_zip64=True) as inner:
            hashed = _Hashed(inner)
            with io.BufferedWriter(hashed, 256 * 1024) as buffered:
                yield buffered
            self._digests[name] = hashed.digest.hexdigest()

    def whole(self, name: str, content: bytes) -> None:
        self._zip.writestr(name, content)
        self._digests[name] = hashlib.sha256(content).hexdigest()

    def contents(self) -> bytes:
        """Every file so far with its digest, as `sha256sum -c` reads it."""
        return "".join(f"{digest}  {name}\n" for name, digest in self._digests.items()).encode()

    def close(self) -> None:
        self._zip.close()

    def give_up(self) -> None:
        """Let go of a file that cannot be written to its end."""
        # Closed by itself, the zip would try to write its end once more.
        self._zip.fp = None
