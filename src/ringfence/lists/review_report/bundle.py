"""One file to take away: the report as PDF and CSV, a signature of each, and how to check them."""

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from ringfence.wording.saying import gettext as _

from .facts import FIRST_LOOKED_AT, ReportedItem, ReportedReview
from .table import report_csv

CHECKER = "check_files.py"
"""A program that goes along: it checks the signatures without Ringfence."""
Sign = Callable[[str, bytes], str]
"""The signed note for a file of this name with these bytes."""


def bundle(
    review: ReportedReview, items: Iterable[ReportedItem], name: str, *, sign: Sign, key: str
) -> bytes:
    """The zip; its files begin with `name`, and `key` is the firm's public key as signed notes write it.

    The same review signed by the same key gives the same bytes.
    """
    # Its library takes longer to load than all pages together: who writes no report does without.
    from .pdf import report_pdf

    rows = list(items)
    sorted_rows = sorted(rows, key=lambda item: FIRST_LOOKED_AT.index(item.fate))
    files = {
        f"{name}.pdf": report_pdf(review, sorted_rows, len(rows)),
        f"{name}.csv": report_csv(rows),
    }
    signed = {f"{file}.sig": sign(file, content).encode() for file, content in files.items()}
    told = {"CHECK.txt": _how_to_check(name, key).encode(), CHECKER: checker()}
    out = io.BytesIO()
    when = datetime.fromtimestamp(review.closed, UTC).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in {**files, **signed, **told}.items():
            archive.writestr(zipfile.ZipInfo(file, when), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def checker() -> bytes:
    """The program that goes along."""
    return (Path(__file__).parent / CHECKER).read_bytes()


def _how_to_check(name: str, key: str) -> str:
    return "\n".join(
        [
            _("How to check this report"),
            "",
            _("The firm’s public key. Compare it with the one that the firm gives out itself:"),
            f"  {key}",
            "",
            _("With Python, in the folder of these files:"),
            "  pip install cryptography",
            f"  python {CHECKER} '{key}' {name}.pdf {name}.csv",
            "",
            _(
                "Or by hand: each .sig file is a signed note. Of its three lines the second is the name of "
                "the file that it signs, the third its SHA-256 in base64. Any tool for signed notes checks "
                "the signature below them."
            ),
            f"  openssl dgst -sha256 -binary {name}.pdf | base64",
            "",
        ]
    )
