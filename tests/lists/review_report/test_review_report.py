"""The report of a review: whole, readable, signed, and checked by somebody without Ringfence."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from ringfence.lists.review_report import pdf
from ringfence.lists.review_report.bundle import bundle
from ringfence.lists.review_report.facts import Fate, ReportedItem, ReportedReview
from ringfence.lists.review_report.pdf import FONTS, report_pdf
from ringfence.proof.notes import SigningKey
from ringfence.wording.catalogue import in_language

NAME = "review-2026"
KEY = SigningKey("example.org/firm", bytes(32))
CHECKSUMS = {
    "NotoSans-Bold.ttf": "d0b51fff7d914a07c9ba018c0bcf775061f97b4b0e22b1ed1b3dd8d8ac8f9ba4",
    "NotoSans-Regular.ttf": "20a0c804fb408f8c38b92cc373dcba4acd3d0af486a119c7e7ed9c1a6b60e450",
    "OFL.txt": "cee9892f9f0cc8fe882c9e9537ee6a89621d86ee7ceaf70b02e2b2b1c25c061a",
}
REVIEW = ReportedReview(
    firm="Pike & Marlow",
    name="Autumn 2026",
    scope="Confidential clients",
    lines=(("Reviewed by", "Owen, Siân"), ("Closed", "30 November 2026")),
    totals=(("Kept", 1), ("Removed", 1)),
    language="en",
    closed=1_795_000_000.0,
)
ITEM = ReportedItem(
    holder="Siân Gŵyl",
    what="Llŷr Ŵyn Cyfyngedig",
    reference="Ll-7",
    level="Owner",
    last_used="never, as far as is known",
    fate=Fate.KEPT,
    decided="Kept",
    by="Owen",
    when="29 November 2026",
)
GONE = replace(ITEM, what="=HYPERLINK(1)", fate=Fate.REMOVED, decided="Removed")


def sign(name: str, content: bytes) -> str:
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return KEY.sign(f"ringfence file v1\n{name}\n{digest}\n")


def made(*items: ReportedItem) -> dict[str, bytes]:
    packed = bundle(REVIEW, items, NAME, sign=sign, key=str(KEY.verifier))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_the_pdf_says_what_was_reviewed_and_what_came_of_every_item() -> None:
    said = words(report_pdf(REVIEW, [ITEM], 1))
    for word in ("Review of access: Autumn 2026", "Owen, Siân", "Llŷr Ŵyn", "Siân Gŵyl", "29 November"):
        assert word in said


def test_the_pdf_has_a_title_a_language_and_an_outline() -> None:
    found = PdfReader(io.BytesIO(report_pdf(REVIEW, [ITEM], 1)))
    assert found.metadata is not None
    assert found.metadata.title == "Review of access: Autumn 2026"
    assert str(found.root_object["/Lang"]) == "en"
    assert len(found.outline) == 4


def test_the_headings_of_the_table_stand_on_every_page() -> None:
    pages = PdfReader(io.BytesIO(report_pdf(REVIEW, [ITEM] * 60, 60))).pages
    assert len(pages) > 2
    assert all("Who has it" in page.extract_text() for page in pages[1:-1])


@pytest.mark.parametrize("rows", range(6, 14))
def test_no_heading_is_parted_from_what_it_heads(rows: int) -> None:
    """Wherever on the page the head of the report ends."""
    lines = tuple((f"Line {number}", "so") for number in range(rows))
    pages = PdfReader(io.BytesIO(report_pdf(replace(REVIEW, lines=lines), [ITEM] * 3, 3))).pages
    (page,) = [text for page in pages if "Every item" in (text := page.extract_text())]
    assert "Siân Gŵyl" in page.partition("Every item")[2]


def test_a_letter_that_the_font_lacks_is_marked_and_the_file_says_so() -> None:
    said = words(report_pdf(REVIEW, [replace(ITEM, what="Fox 🦊 & Co")], 1))
    assert "Fox \N{REPLACEMENT CHARACTER} & Co" in said
    assert "stands for a letter that the font of this file lacks" in said
    assert "lacks" not in words(report_pdf(REVIEW, [ITEM], 1))


def test_a_long_review_lists_what_was_changed_first_and_says_how_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "MOST_LISTED", 1)
    said = words(made(ITEM, GONE, ITEM)[f"{NAME}.pdf"])
    assert "The first 1 of 3 items" in said
    assert "HYPERLINK" in said
    assert "Siân" not in said.split("Items")[1].split("How to check")[0].replace("Siân Gŵyl =HYPERLINK", "")


def test_the_csv_has_every_item_and_runs_nothing() -> None:
    rows = list(csv.reader(io.StringIO(made(ITEM, GONE)[f"{NAME}.csv"].decode("utf-8-sig"))))
    assert len(rows) == 3
    assert rows[1][:3] == ["Siân Gŵyl", "Llŷr Ŵyn Cyfyngedig", "Ll-7"]
    assert not rows[2][1].startswith("=")


def test_the_same_review_gives_the_same_bytes() -> None:
    assert made(ITEM, GONE) == made(ITEM, GONE)


def test_whoever_writes_no_report_does_without_what_writes_pdf() -> None:
    loaded = "import sys, ringfence.lists.review_report.bundle; sys.exit('fpdf' in sys.modules)"
    subprocess.run([sys.executable, "-c", loaded], check=True)


def test_in_welsh_it_is_in_welsh() -> None:
    with in_language("cy"):
        content = report_pdf(replace(REVIEW, language="cy"), [ITEM], 1)
    assert str(PdfReader(io.BytesIO(content)).root_object["/Lang"]) == "cy"
    assert "Adolygiad o fynediad: Autumn 2026" in words(content)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the report, as somebody else unpacks them."""
    for name, content in made(ITEM).items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def check(folder: Path) -> tuple[int, str]:
    """The command that CHECK.txt gives."""
    told = (folder / "CHECK.txt").read_text("utf-8").splitlines()
    line = next(line for line in told if "python check_files.py" in line)
    key, *files = line.replace("'", "").split()[2:]
    done = subprocess.run(
        [sys.executable, "-I", "check_files.py", key, *files],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_whoever_has_the_files_checks_them_without_ringfence(folder: Path) -> None:
    assert check(folder) == (0, f"{NAME}.pdf: as it was signed\n{NAME}.csv: as it was signed\n")


@pytest.mark.parametrize(
    ("away", "fault"),
    [
        (f"{NAME}.pdf", "there is no such file"),
        (f"{NAME}.pdf.sig", f"there is no {NAME}.pdf.sig beside it: without its signature nothing proves it"),
    ],
)
def test_what_is_not_there_is_said_and_the_other_file_checked(folder: Path, away: str, fault: str) -> None:
    (folder / away).unlink()
    assert check(folder) == (1, f"{NAME}.pdf: {fault}\n{NAME}.csv: as it was signed\n")


@pytest.mark.parametrize("content", [b"", b"\xff", b"no note", b"text\n\n- a b", b"a\n\n\xe2\x80\x94 a !!!"])
def test_a_signature_that_is_none_is_said(folder: Path, content: bytes) -> None:
    (folder / f"{NAME}.pdf.sig").write_bytes(content)
    code, said = check(folder)
    assert (code, said.splitlines()[1]) == (1, f"{NAME}.csv: as it was signed")
    assert f"{NAME}.pdf: its signature cannot be read" in said or "not signed with this key" in said


def test_a_key_that_is_none_is_said(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "check_files.py", "key", f"{NAME}.pdf"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (1, "", False)
    assert "public key" in done.stderr


@pytest.mark.parametrize(
    ("file", "fault"),
    [(f"{NAME}.csv", "the file was changed"), (f"{NAME}.csv.sig", "the signature was changed")],
)
def test_what_was_changed_afterwards_is_found(folder: Path, file: str, fault: str) -> None:
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content.replace(b"Owner", b"Owned").replace(b"v1", b"v2"))
    code, said = check(folder)
    assert code == 1
    assert fault in said


def test_the_fonts_are_those_that_were_made() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.iterdir()}
    assert found == CHECKSUMS
