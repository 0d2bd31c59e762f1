"""What the cells of a list of clients say of services: each with its tax reference, and doubts about that.

Services have columns of their own, stand in a list in one cell, or in a column beside their tax reference.
Which client they are of, and whether rows contradict one another, is for `client_rows.py`.
"""

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import NamedTuple

from ringfence.core import texts
from ringfence.core.directory import tax_keys, unique_key
from ringfence.core.tax_references import Doubt, Doubted, TaxKind, doubted, doubts_among, kinds_for
from ringfence.lists.faults import F, shown
from ringfence.lists.files.table import Row
from ringfence.lists.rows.cell_texts import point_zero
from ringfence.lists.rows.cells import NO, YES, Cells, clean, plain_ones
from ringfence.lists.rows.client_kinds import COMPANIES, ENDINGS, OTHERS
from ringfence.lists.rows.columns import Columns
from ringfence.wording.tax_references import doubt_values

INCOME_TAX = "Income Tax"
CORPORATION_TAX = "Corporation Tax"
_UTR = (TaxKind.UTR,)
_REMARKS = {doubt: F(doubt) for doubt in Doubt}
_MASKED = ("ending in ", "yn gorffen â ", "yn gorffen gyda ")
"""How pages write a tax reference of which they show only the end (rules.md 5)."""
_LONGEST_WORD = max(map(len, YES | NO))
Said = tuple[str, str, str]
"""What a row says of one service: under which header, the service, its tax reference or ""."""


class ServiceColumn(NamedTuple):
    """A service's own column, the key of its name, and the kinds that its tax references are of."""

    place: int
    header: str
    service: str
    key: str
    kinds: tuple[TaxKind, ...]


class TaxReferences(NamedTuple):
    """A service's own column in some rows, and what is known of cells that hold but a tax reference."""

    cells: list[str]
    keys: dict[str, str]
    """Of those cells, the `tax_key`."""
    doubts: dict[str, Doubted]


class ServiceCells:
    """What rows say of services."""

    def __init__(self, cells: Cells, columns: Columns) -> None:
        self._cells = cells
        self.per_service = columns.of("service") is not None
        """Whether a client has a row for each of its services."""
        self.columns = [
            ServiceColumn(c.index, c.header, c.service, unique_key(c.service), kinds_for(c.service))
            for c in columns.services()
        ]
        """Those of a service of its own."""
        self.elsewhere = cells.has("services") or self.per_service
        """Whether other columns name services."""
        utr = columns.of("utr")
        self._utr_index = utr.index if utr else -1
        self.utrs = utr is not None
        """Whether a column says a UTR and no service."""
        keys = {column.key for column in self.columns}
        self.apart = not self.elsewhere and not self.utrs and len(keys) == len(self.columns)
        """Whether each column says all that is said of its service."""
        tax_reference = columns.of("tax_reference")
        self._tax_index = tax_reference.index if tax_reference else -1

    def in_columns(self, rows: Sequence[Row]) -> list[TaxReferences]:
        """Each service's own column in these rows."""
        return [
            _references_in([row.cells[column.place] for row in rows], column.kinds) for column in self.columns
        ]

    def has_utr(self, row: Row) -> bool:
        """Whether a column says a UTR of the row's client, and no service."""
        return self._utr_index >= 0 and self._cells.given(row, "utr")

    def named_elsewhere(self, row: Row) -> Iterator[Said]:
        """What other columns say of services."""
        if self._cells.has("services"):
            yield from self._list(row)
        if self.per_service:
            yield from self._pair(row)

    def of_utr(self, row: Row, kind: str, name: str) -> Iterator[Said]:
        """A column that says only UTR: a company's is for Corporation Tax, anybody else's for Income Tax.

        Where no row says the kind, a name that ends as companies' do is remarked on, no more.
        """
        header = self._cells.header("utr")
        word = kind.casefold()
        service = CORPORATION_TAX if word in COMPANIES else INCOME_TAX
        said = list(self.in_column(row.line, header, row.cells[self._utr_index], service, _UTR))
        if said and word and word not in COMPANIES and word not in OTHERS:
            self._cells.remark(row.line, self._cells.header("kind"), F.UNKNOWN_KIND, kind=shown(kind))
        if said and not word and unique_key(name).rpartition(" ")[2].strip(".") in ENDINGS:
            self._cells.remark(row.line, header, F.COMPANY_WITHOUT_KIND, name=shown(name))
        yield from said

    def in_column(
        self, line: int, header: str, cell: str, service: str, kinds: tuple[TaxKind, ...] = ()
    ) -> Iterator[Said]:
        """A service's own column: its tax reference, or a mere yes or no."""
        word = clean(cell).casefold()
        if not word or word in NO:
            return
        reference = "" if word in YES else self._tax_reference(line, header, cell, service, kinds)
        if reference or word in YES or word.startswith(_MASKED):
            yield header, service, reference

    def _tax_reference(
        self, line: int, header: str, cell: str, service: str, kinds: tuple[TaxKind, ...] = ()
    ) -> str:
        """The cell as a tax reference, with a remark where it can hardly be one of the service, or of these
        `kinds`."""
        reference = self._cells.checked(line, header, cell, texts.REFERENCE, point_zero)
        if reference.casefold().startswith(_MASKED):
            self._cells.remark(line, header, F.MASKED_REFERENCE, reference=shown(reference))
            return ""
        return self._looked_at(line, header, reference, service, kinds or kinds_for(service))

    def _looked_at(
        self, line: int, header: str, reference: str, service: str, kinds: tuple[TaxKind, ...]
    ) -> str:
        """The tax reference, with a remark where it can hardly be one of these kinds."""
        if reference and (doubt := doubted(reference, kinds)):
            self.remark_doubt(line, header, reference, service, doubt)
        return reference

    def remark_doubt(self, line: int, header: str, reference: str, service: str, doubt: Doubted) -> None:
        told = doubt_values(doubt, shown(reference), shown(service))
        self._cells.remark(line, header, _REMARKS[doubt.doubt], **told)

    def _list(self, row: Row) -> Iterator[Said]:
        """A list of services in one cell, each alone or as `service: tax reference`."""
        cell = self._cells.word(row, "services")
        if not cell:
            return
        header = self._cells.header("services")
        cell = cell.replace("\r", "\n").replace("\n", ";")
        for part in cell.split(";" if ";" in cell else ","):
            service, _, reference = part.partition(":")
            name = self._cells.checked(row.line, header, service, texts.SERVICE_NAME)
            if name:
                yield header, name, self._tax_reference(row.line, header, reference, name)

    def _pair(self, row: Row) -> Iterator[Said]:
        """The service column and the tax reference that goes with it."""
        service = self._cells.text(row, "service", texts.SERVICE_NAME)
        reference = ""
        if self._tax_index >= 0:
            cell = row.cells[self._tax_index]
            reference = self._tax_reference(row.line, self._cells.header("tax_reference"), cell, service)
        if service:
            # What may be wrong with it from here on is wrong with the reference, where there is one.
            yield self._cells.header("tax_reference" if reference else "service"), service, reference
        elif reference and not self._cells.given(row, "service"):
            self._cells.fault(row.line, "tax_reference", F.TAX_REFERENCE_ALONE)


def _references_in(cells: list[str], kinds: tuple[TaxKind, ...]) -> TaxReferences:
    """What is a tax reference and nothing else, as most cells of such a column are."""
    long = [cell for cell in cells if len(cell) > _LONGEST_WORD and " " not in cell]
    fine = list(compress(long, plain_ones(long, texts.REFERENCE)))
    keys = dict(zip(fine, tax_keys(fine), strict=True))
    return TaxReferences(cells, keys, doubts_among(keys, kinds))
