"""A table of clients as `TypedClient`s: a row per client, or a row per client and service.

With a service column, rows of one client reference are one client; without, a reference may stand once.
Rows of one client may say the same again, and must not contradict one another: what may be settled by the
first or the last of them are its name and kind (`Settled`).
A row without a reference stands for the client of its name that has none; whether there is one, the firm
is asked in `plan`.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from itertools import compress, islice
from typing import NamedTuple

from ringfence.core import texts
from ringfence.core.directory import tax_key, tax_keys, unique_key, unique_keys
from ringfence.core.tax_references import Doubt, Doubted, TaxKind, doubted, kinds_for
from ringfence.core.terms import Level
from ringfence.lists.faults import F, RowFault, Value, in_order, shown
from ringfence.lists.files.table import Row
from ringfence.lists.rows.cell_texts import point_zero
from ringfence.lists.rows.cells import NO, YES, Cells, clean, plain_ones
from ringfence.lists.rows.client_kinds import COMPANIES, ENDINGS, OTHERS
from ringfence.lists.rows.columns import Columns
from ringfence.lists.rows.typed_rows import GivenTo, Reading, TypedClient
from ringfence.wording.tax_references import doubt_values

INCOME_TAX = "Income Tax"
CORPORATION_TAX = "Corporation Tax"
_UTR = (TaxKind.UTR,)
_REMARKS = {doubt: F(doubt) for doubt in Doubt}
LEVEL_COLUMNS = (
    ("owners", Level.OWNER),
    ("editors", Level.EDITOR),
    ("readers", Level.READER),
    ("blocked", Level.BLOCKED),
)
"""The columns that give access, each with the level that it gives."""
_MASKED = ("ending in ", "yn gorffen â ", "yn gorffen gyda ")
"""How pages write a tax reference of which they show only the end (rules.md 5)."""
_LONGEST_WORD = max(map(len, YES | NO))
_Said = tuple[str, str, str]
"""What a row says of one service: under which header, the service, its tax reference or ""."""


class Settled(StrEnum):
    """Which row of a client counts where its rows call it or its kind otherwise."""

    NEITHER = ""
    FIRST = "first"
    LAST = "last"


class _Draft:
    """A client while its rows are being gathered."""

    __slots__ = (
        "confidential",
        "given",
        "kind",
        "line",
        "lines",
        "marked",
        "name",
        "reference",
        "services",
        "stated",
        "utrs",
    )

    def __init__(self, line: int, reference: str) -> None:
        self.line = line
        self.reference = reference
        self.name = ""
        self.kind: str | None = None
        self.confidential: bool | None = None
        self.marked = line  # the row that says so
        self.services: dict[str, tuple[str, str]] = {}  # by key: name, tax reference
        self.lines: dict[str, int] = {}
        self.given: dict[str, GivenTo] = {}  # by key of the name
        self.stated: dict[str, list[tuple[int, str]]] = {}  # by field: rows and what they say
        self.utrs: list[tuple[Row, dict[str, str]]] = []  # of which service they are, the last row may say

    def row(self) -> TypedClient:
        return TypedClient(
            line=self.line,
            name=self.name,
            reference=self.reference,
            kind=self.kind,
            confidential=self.confidential,
            services=dict(self.services.values()),
            service_lines=self.lines,
            given=tuple(self.given.values()),
        )


def read_clients(
    rows: Iterable[Row],
    columns: Columns,
    *,
    settled: Settled = Settled.NEITHER,
    guessed: bool = False,
) -> Reading[TypedClient]:
    """The clients of the list without fault, in its order, and every fault in it.

    An import updates what a row states and leaves the rest: an empty cell clears nothing, and a service
    that is not in the list is not removed. Where rows of one client call it or its kind otherwise, that is a
    fault, or, where it is `settled`, what one of them says is taken and a remark says so.
    """
    reader = _ClientReader(Cells(columns, guessed=guessed), columns, settled)
    rows = iter(rows)
    while some := list(islice(rows, SOME)):
        reader.take(some)
    reader.finish()
    faults = reader.cells.faults
    bad = {fault.line for fault in faults}
    drafts = reader.drafts.values()
    if bad:
        good = tuple(d.row() for d in drafts if d.line not in bad and bad.isdisjoint(d.lines.values()))
    else:
        good = tuple(draft.row() for draft in drafts)
    return Reading(good, in_order(faults), in_order(reader.cells.remarks), dict(reader.named.values()))


SOME = 1_000
"""Rows that are looked at together, column by column, while they are at hand in the processor's memory."""


def _keys(references: Sequence[str], names: Sequence[str]) -> list[str]:
    """What makes two rows the same client: the reference, or, where there is none, the name."""
    keys = unique_keys(references)
    if all(references):
        return [f"reference {key}" for key in keys]
    return [
        f"reference {key}" if reference else f"name {unique_key(name)}"
        for key, reference, name in zip(keys, references, names, strict=True)
    ]


class _ServiceColumn(NamedTuple):
    """A service's own column, the key of its name, and the kinds that its tax references are of."""

    place: int
    header: str
    service: str
    key: str
    kinds: tuple[TaxKind, ...]


class _TaxReferences(NamedTuple):
    """A service's own column in some rows, and what is known of cells that hold but a tax reference."""

    cells: list[str]
    keys: dict[str, str]
    """Of those cells, the `tax_key`."""
    doubts: dict[str, Doubted]


class _ClientReader:
    def __init__(self, cells: Cells, columns: Columns, settled: Settled) -> None:
        self.cells = cells
        self._settled = settled
        self.drafts: dict[str, _Draft] = {}
        self._per_service = columns.of("service") is not None
        self._service_columns = [
            _ServiceColumn(c.index, c.header, c.service, unique_key(c.service), kinds_for(c.service))
            for c in columns.services()
        ]
        self._lists, self._marks = cells.has("services"), cells.has("confidential")
        utr = columns.of("utr")
        self._utr_index = utr.index if utr else -1
        tax_reference = columns.of("tax_reference")
        self._tax_index = tax_reference.index if tax_reference else -1
        self._level_columns = [(field, level) for field, level in LEVEL_COLUMNS if self.cells.has(field)]
        self._tax_references: dict[tuple[str, str], tuple[int, str]] = {}  # by keys: line, client's key
        self._words: dict[tuple[str, str], dict[str, int]] = {}  # by keys: of each client the row
        self.named: dict[str, tuple[str, int]] = {}  # by key: the service as first written, and its rows
        self._service_key = cache(unique_key)
        """The key of a service, of which a list names the same few again and again."""

    def take(self, rows: Sequence[Row]) -> None:
        """Add some rows to their clients: what they are is read column by column, then each is added."""
        cells = self.cells
        cells.faults += [row.fault for row in rows if row.fault]
        rows = [row for row in rows if not row.fault]
        references = cells.column(rows, "reference", texts.REFERENCE, point_zero)
        names = self._names(rows)
        kinds = cells.column(rows, "kind", texts.CLIENT_KIND)
        keys = _keys(references, names)
        of_services = [
            self._references_in([row.cells[column.place] for row in rows], column.kinds)
            for column in self._service_columns
        ]
        for place, (row, reference, name) in enumerate(zip(rows, references, names, strict=True)):
            if not reference:
                if cells.given(row, "reference"):
                    continue  # What is there cannot be a reference, and was noted.
                if not name:
                    cells.fault(row.line, "reference", F.MISSING_REFERENCE)
                    continue
            key = keys[place]
            draft = self.drafts.get(key)
            if draft is None:
                draft = self.drafts[key] = _Draft(row.line, reference)
            elif not self._per_service:
                self._twice(row.line, reference, name, draft.line)
                continue
            self._state(row.line, draft, "name", name)
            self._state(row.line, draft, "kind", kinds[place])
            if self._marks:
                self._mark(row, draft)
            self._share_out(row, draft)
            self._give_all(row, place, draft, key, of_services)

    def _give_all(
        self, row: Row, place: int, draft: _Draft, client: str, of_services: Sequence[_TaxReferences]
    ) -> None:
        """Give the client all that the row says of services."""
        stated: dict[str, str] = {}
        for column, told in zip(self._service_columns, of_services, strict=True):
            if cell := told.cells[place]:
                self._give_column(row.line, draft, client, stated, column, cell, told)
        for said in self._services(row) if self._lists or self._per_service else ():
            self._give(row.line, draft, client, said, stated)
        if self._utr_index >= 0 and self.cells.given(row, "utr"):
            if self._per_service:
                draft.utrs.append((row, stated))
            else:
                self._give_utr(draft, client, row, stated)

    def _references_in(self, cells: list[str], kinds: tuple[TaxKind, ...]) -> _TaxReferences:
        """What is a tax reference and nothing else, as most cells of such a column are."""
        long = [cell for cell in cells if len(cell) > _LONGEST_WORD and " " not in cell]
        fine = list(compress(long, plain_ones(long, texts.REFERENCE)))
        keys = dict(zip(fine, tax_keys(fine), strict=True))
        doubts = {cell: doubt for cell, key in keys.items() if (doubt := doubted(cell, kinds, key))}
        return _TaxReferences(cells, keys, doubts)

    def finish(self) -> None:
        """What only the last row settles: a client's name and kind, and with that whose its UTRs are."""
        for key, draft in self.drafts.items():
            for field, said in draft.stated.items():
                self._settle(draft, field, said)
            for row, stated in draft.utrs:
                self._give_utr(draft, key, row, stated)
        for (service, key), stands in self._words.items():
            for client, line in stands.items():
                self._leave_out(self.drafts[client], service, key, line)

    def _leave_out(self, draft: _Draft, service_key: str, key: str, line: int) -> None:
        """Take a word that stands for several clients ("n/k") for no tax reference of any of them."""
        name, held = draft.services[service_key]
        if tax_key(held) == key:
            draft.services[service_key] = (name, "")
        self.cells.remark(line, "", F.WORD_LEFT_OUT, service=shown(name), reference=shown(key))

    def _give_utr(self, draft: _Draft, key: str, row: Row, stated: dict[str, str]) -> None:
        for said in self._utr(row, draft.kind or "", draft.name):
            self._give(row.line, draft, key, said, stated)

    def _twice(self, line: int, reference: str, name: str, first: int) -> None:
        if reference:
            self.cells.fault(line, "reference", F.REFERENCE_TWICE, reference=shown(reference), row=first)
        else:
            self.cells.fault(line, "reference", F.NAME_TWICE, name=shown(name), row=first)

    def _names(self, rows: Sequence[Row]) -> Sequence[str]:
        names = self.cells.column(rows, "name", texts.CLIENT_NAME)
        if not self.cells.has("last_name"):
            return names
        return [name or self._whole_name(row) for row, name in zip(rows, names, strict=True)]

    def _whole_name(self, row: Row) -> str:
        first = self.cells.text(row, "first_name", texts.CLIENT_NAME // 2)
        return f"{first} {self.cells.text(row, 'last_name', texts.CLIENT_NAME // 2)}".strip()

    def _state(self, line: int, draft: _Draft, field: str, value: str) -> None:
        """Let the row state the name or the kind of its client."""
        if not value:
            return
        before = getattr(draft, field)
        if not before:
            setattr(draft, field, value)
        if self._per_service:
            draft.stated.setdefault(field, []).append((line, value))

    def _settle(self, draft: _Draft, field: str, said: list[tuple[int, str]]) -> None:
        """Take what the first row says, or the last; rows of one client must not contradict one another.

        Another way of writing the same (rules.md 5, names) contradicts nothing.
        """
        line, taken = said[-1 if self._settled is Settled.LAST else 0]
        setattr(draft, field, taken)
        column = field if self.cells.has(field) else "last_name"
        for other, value in said:
            if value == taken or unique_key(value) == unique_key(taken):
                continue
            if self._settled is Settled.NEITHER:
                self.cells.fault(other, column, F.DISAGREES, row=line, value=shown(taken))
            else:
                told: dict[str, Value] = {"value": shown(value), "taken": shown(taken), "row": line}
                self.cells.remark(other, self.cells.header(column), F.PASSED_OVER, **told)

    def _mark(self, row: Row, draft: _Draft) -> None:
        """Let the row say whether its client is confidential, on which its rows must agree."""
        value, before = self.cells.switch(row, "confidential"), draft.confidential
        if value is None or value is before:
            return
        if before is None:
            draft.confidential, draft.marked = value, row.line
        else:
            said = "yes" if before else "no"
            told: dict[str, Value] = {"row": draft.marked, "value": said}
            self.cells.fault(row.line, "confidential", F.CONFIDENTIAL_DISAGREES, **told)

    def _share_out(self, row: Row, draft: _Draft) -> None:
        for given in self._grantees(row) if self._level_columns else ():
            self._share(draft, given)

    def _grantees(self, row: Row) -> Iterator[GivenTo]:
        """Whom the row gives the client: names and e-mail addresses with semicolons between them."""
        for field, level in self._level_columns:
            header = self.cells.header(field)
            for part in self.cells.word(row, field).replace("\r", "\n").replace("\n", ";").split(";"):
                who = self.cells.checked(row.line, header, part, texts.EMAIL)
                if who:
                    yield GivenTo(row.line, header, who, level)

    def _share(self, draft: _Draft, given: GivenTo) -> None:
        first = draft.given.setdefault(unique_key(given.who), given)
        if first.level is not given.level:
            told: dict[str, Value] = {"who": shown(given.who), "row": first.line}
            self.cells.faults.append(RowFault(given.line, given.header, F.GIVEN_OTHERWISE, told))

    def _give_column(
        self,
        line: int,
        draft: _Draft,
        client: str,
        stated: dict[str, str],
        column: _ServiceColumn,
        cell: str,
        told: _TaxReferences,
    ) -> None:
        """Give the client what a service's own column says."""
        key = told.keys.get(cell)
        if key is None or type(cell) is not str:
            for said in self._column(line, column.header, cell, column.service):
                self._give(line, draft, client, said, stated)
            return
        if (doubt := told.doubts.get(cell)) is not None:
            self._remark_doubt(line, column.header, cell, column.service, doubt)
        said = (column.header, column.service, cell)
        self._give_keyed(line, draft, client, said, stated, (column.key, key))

    def _services(self, row: Row) -> Iterator[_Said]:
        """What other columns say of services."""
        if self._lists:
            yield from self._list(row)
        if self._per_service:
            yield from self._pair(row)

    def _utr(self, row: Row, kind: str, name: str) -> Iterator[_Said]:
        """A column that says only UTR: a company's is for Corporation Tax, anybody else's for Income Tax.

        Where no row says the kind, a name that ends as companies' do is remarked on, no more.
        """
        header = self.cells.header("utr")
        word = kind.casefold()
        service = CORPORATION_TAX if word in COMPANIES else INCOME_TAX
        said = list(self._column(row.line, header, row.cells[self._utr_index], service, _UTR))
        if said and word and word not in COMPANIES and word not in OTHERS:
            self.cells.remark(row.line, self.cells.header("kind"), F.UNKNOWN_KIND, kind=shown(kind))
        if said and not word and unique_key(name).rpartition(" ")[2].strip(".") in ENDINGS:
            self.cells.remark(row.line, header, F.COMPANY_WITHOUT_KIND, name=shown(name))
        yield from said

    def _column(
        self, line: int, header: str, cell: str, service: str, kinds: tuple[TaxKind, ...] = ()
    ) -> Iterator[_Said]:
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
        reference = self.cells.checked(line, header, cell, texts.REFERENCE, point_zero)
        if reference.casefold().startswith(_MASKED):
            self.cells.remark(line, header, F.MASKED_REFERENCE, reference=shown(reference))
            return ""
        return self._looked_at(line, header, reference, service, kinds or kinds_for(service))

    def _looked_at(
        self, line: int, header: str, reference: str, service: str, kinds: tuple[TaxKind, ...]
    ) -> str:
        """The tax reference, with a remark where it can hardly be one of these kinds."""
        if reference and (doubt := doubted(reference, kinds)):
            self._remark_doubt(line, header, reference, service, doubt)
        return reference

    def _remark_doubt(self, line: int, header: str, reference: str, service: str, doubt: Doubted) -> None:
        told = doubt_values(doubt, shown(reference), shown(service))
        self.cells.remark(line, header, _REMARKS[doubt.doubt], **told)

    def _list(self, row: Row) -> Iterator[_Said]:
        """A list of services in one cell, each alone or as `service: tax reference`."""
        cell = self.cells.word(row, "services")
        if not cell:
            return
        header = self.cells.header("services")
        cell = cell.replace("\r", "\n").replace("\n", ";")
        for part in cell.split(";" if ";" in cell else ","):
            service, _, reference = part.partition(":")
            name = self.cells.checked(row.line, header, service, texts.SERVICE_NAME)
            if name:
                yield header, name, self._tax_reference(row.line, header, reference, name)

    def _pair(self, row: Row) -> Iterator[_Said]:
        """The service column and the tax reference that goes with it."""
        service = self.cells.text(row, "service", texts.SERVICE_NAME)
        reference = ""
        if self._tax_index >= 0:
            cell = row.cells[self._tax_index]
            reference = self._tax_reference(row.line, self.cells.header("tax_reference"), cell, service)
        if service:
            yield self.cells.header("service"), service, reference
        elif reference and not self.cells.given(row, "service"):
            self.cells.fault(row.line, "tax_reference", F.TAX_REFERENCE_ALONE)

    def _give(self, line: int, draft: _Draft, client: str, said: _Said, stated: dict[str, str]) -> None:
        _, service, reference = said
        keys = self._service_key(service), tax_key(reference) if reference else ""
        self._give_keyed(line, draft, client, said, stated, keys)

    def _give_keyed(
        self,
        line: int,
        draft: _Draft,
        client: str,
        said: _Said,
        stated: dict[str, str],
        keys: tuple[str, str],
    ) -> None:
        """Give the client a service; another tax reference than in another row, or one in use, is a fault.

        `stated` holds what this row has said already: service keys to keys of tax references; `keys` are the
        two of what it says now.
        """
        header, service, reference = said
        service_key, reference_key = keys
        if service_key not in stated:
            first_name, count = self.named.get(service_key, (service, 0))
            self.named[service_key] = (first_name, count + 1)
        elif reference_key and stated[service_key] not in ("", reference_key):
            self._fault(line, header, F.TWO_TAX_REFERENCES, service=shown(service))
            return
        if reference_key:
            first, owner = self._tax_references.setdefault(keys, (line, client))
            if owner != client and not any(map(str.isdigit, reference)):
                stands = self._words.setdefault((service_key, reference_key), {owner: first})
                stands.setdefault(client, line)
                reference = reference_key = ""
            elif owner != client:
                told = {"reference": shown(reference), "service": shown(service)}
                self._fault(line, header, F.TAX_REFERENCE_TWICE, row=first, **told)
                return
        name, held = draft.services.get(service_key, (service, ""))
        if held and reference_key and tax_key(held) != reference_key:
            first = draft.lines.get(name, draft.line)
            told = {"reference": shown(held), "service": shown(service)}
            self._fault(line, header, F.SERVICE_OTHERWISE, row=first, **told)
            return
        if not stated.get(service_key):
            stated[service_key] = reference_key
        if not held:
            self._keep(line, draft, service_key, name, reference)

    def _keep(self, line: int, draft: _Draft, service_key: str, name: str, reference: str) -> None:
        """Note the service of the first row that says it, or that says its tax reference."""
        if service_key in draft.services and not reference:
            return
        draft.services[service_key] = (name, reference)
        draft.lines.pop(name, None)
        if line != draft.line:
            draft.lines[name] = line

    def _fault(self, line: int, header: str, code: F, **values: Value) -> None:
        self.cells.faults.append(RowFault(line, header, code, values))
