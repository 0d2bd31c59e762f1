"""The report as PDF, by fpdf2: a title, a language, headings that an outline lists, a table over pages.

fpdf2 writes no structure of paragraphs and tables for screen readers; the CSV beside it, and the page of the
review, say the same. Fonts come with it: the fonts that every reader has lack Welsh letters.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from ringfence.wording.saying import gettext as _

from .facts import ReportedItem, ReportedReview
from .table import headers, item_cells

FONTS = Path(__file__).parent / "fonts"
FAMILY, MARGIN, SMALL, BODY = "NotoSans", 14, 8, 10
MOST_LISTED = 2_000
"""Items that the PDF lists, in an order that puts what was changed first; the CSV has every one."""
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
FOLLOWING = 40
"""Millimetres that a heading needs on its page: for itself and the first lines of what follows."""
WIDTHS = (24, 40, 15, 13, 18, 36, 21, 18)
"""Of the columns of `table.headers`, in parts."""


class _Report(FPDF):
    """Pages with the name of the report and their number at the foot."""

    def __init__(self, foot: str) -> None:
        super().__init__(orientation="landscape", format="A4")
        self.lacking = False
        """Whether a letter was met that the font does not have."""
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.add_font(FAMILY, style, FONTS / f"{FAMILY}-{name}.ttf")
        font = self.fonts[FAMILY.lower()]
        assert isinstance(font, TTFFont)
        self._letters = frozenset(font.cmap)
        self.foot = self.told(foot)
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=MARGIN + 4)
        self.alias_nb_pages("{pages}")

    def footer(self) -> None:
        """Called by the library at the end of each page."""
        self.set_y(-MARGIN)
        self.set_font(FAMILY, size=SMALL)
        number = _("Page %(number)s of %(pages)s") % {"number": self.page_no(), "pages": "{pages}"}
        self.cell(0, 5, f"{self.foot} · {number}", align="R")

    def told(self, text: str) -> str:
        """The text with the letters that the font has."""
        if all(ord(letter) in self._letters for letter in text):
            return text
        self.lacking = True
        return "".join(letter if ord(letter) in self._letters else UNKNOWN for letter in text)

    def heading(self, text: str, size: int) -> None:
        if self.will_page_break(FOLLOWING):
            self.add_page()
        self.set_font(FAMILY, "B", size)
        self.start_section(self.told(text))
        self.multi_cell(0, size * 0.55, self.told(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)
        self.set_font(FAMILY, size=BODY)

    def paragraph(self, text: str) -> None:
        self.multi_cell(0, 5.5, self.told(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)


def report_pdf(review: ReportedReview, items: Iterable[ReportedItem], total: int) -> bytes:
    """The report; `items` in the order in which they are to be listed, `total` of them.

    The same review gives the same bytes.
    """
    title = _("Review of access: %(name)s") % {"name": review.name}
    pdf = _Report(f"{review.firm} · {title}")
    pdf.set_title(title)
    pdf.set_author(review.firm)
    pdf.set_creator("Ringfence")
    pdf.set_lang(review.language)
    pdf.set_creation_date(datetime.fromtimestamp(review.closed, UTC))
    pdf.add_page()
    pdf.set_font(FAMILY, size=BODY)
    pdf.paragraph(review.firm)
    pdf.heading(title, 20)
    _pairs(pdf, [(_("What was reviewed"), review.scope), *review.lines])
    pdf.heading(_("What came of it"), 14)
    _pairs(pdf, [(text, f"{count:,}") for text, count in review.totals])
    pdf.heading(_("Every item") if total <= MOST_LISTED else _("Items"), 14)
    if total > MOST_LISTED:
        words = _(
            "The first %(listed)s of %(total)s items, beginning with what was changed or left undecided. The "
            "CSV file beside this one has every item, and is signed too."
        )
        pdf.paragraph(words % {"listed": f"{MOST_LISTED:,}", "total": f"{total:,}"})
    _items(pdf, islice(items, MOST_LISTED))
    pdf.ln(4)
    if pdf.lacking:
        pdf.paragraph(
            _("%(mark)s stands for a letter that the font of this file lacks; the CSV file has it.")
            % {"mark": UNKNOWN}
        )
    pdf.heading(_("How to check this report"), 14)
    pdf.paragraph(
        _(
            "Your firm signed this file, and the CSV file, with its own key: the files that end in .sig are "
            "the signatures, in the form of signed notes, with Ed25519. CHECK.txt says how to check them "
            "without Ringfence."
        )
    )
    return bytes(pdf.output())


def _pairs(pdf: _Report, pairs: Sequence[tuple[str, str]]) -> None:
    with pdf.table(
        col_widths=(1, 3),
        first_row_as_headings=False,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        text_align="LEFT",
    ) as table:
        for name, said in pairs:
            row = table.row()
            row.cell(pdf.told(name), style=FontFace(emphasis="BOLD"))
            row.cell(pdf.told(said))
    pdf.ln(5)


def _items(pdf: _Report, items: Iterable[ReportedItem]) -> None:
    pdf.set_font(FAMILY, size=SMALL)
    with pdf.table(
        col_widths=WIDTHS,
        line_height=4.2,
        padding=(0.8, 1),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD", fill_color=(238, 243, 245)),
        text_align="LEFT",
    ) as table:
        row = table.row()
        for heading in headers():
            row.cell(pdf.told(heading))
        for item in items:
            row = table.row()
            for cell in item_cells(item):
                row.cell(pdf.told(cell))
    pdf.set_font(FAMILY, size=BODY)
