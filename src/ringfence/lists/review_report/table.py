"""The items of a review as rows: the columns of the PDF and of the CSV."""

from collections.abc import Iterable
from io import BytesIO

from ringfence.lists.export.writing import Format, write_list
from ringfence.wording.saying import gettext as _

from .facts import ReportedItem


def headers() -> tuple[str, ...]:
    """The headings of the columns."""
    return (
        *(_("Who has it"), _("Access to"), _("Client reference"), _("Level"), _("Last used")),
        *(_("Decision"), _("By whom"), _("When")),
    )


def item_cells(item: ReportedItem) -> tuple[str, ...]:
    """The cells of one item."""
    return (
        *(item.holder, item.what, item.reference, item.level, item.last_used),
        *(item.decided, item.by, item.when),
    )


def report_csv(items: Iterable[ReportedItem]) -> bytes:
    """Every item as CSV; cells that a spreadsheet would run are guarded."""
    file = BytesIO()
    write_list(file, headers(), map(item_cells, items), Format.CSV)
    return file.getvalue()
