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
from itertools import islice

from ringfence.core import texts
from ringfence.core.directory import tax_key, unique_key, unique_keys
from ringfence.core.terms import Level
from ringfence.lists.faults import F, RowFault, Value, in_order, shown
from ringfence.lists.files.table import Row
from ringfence.lists.rows.cell_texts import point_zero
from ringfence.lists.rows.cells import Cells
from ringfence.lists.rows.columns import Columns
from ringfence.lists.rows.service_cells import Said, ServiceCells, ServiceColumn, TaxReferences
from ringfence.lists.rows.typed_rows import GivenTo, Reading, TypedClient

LEVEL_COLUMNS = (
    ("owners", Level.OWNER),
    ("editors", Level.EDITOR),
    ("readers", Level.READER),
    ("blocked", Level.BLOCKED),
)
"""The columns that give access, each with the level that it gives."""


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
            given=tuple(self.given.values()) if self.given else (),
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


class _ClientReader:
    def __init__(self, cells: Cells, columns: Columns, settled: Settled) -> None:
        self.cells = cells
        self._settled = settled
        self.drafts: dict[str, _Draft] = {}
        self._services = ServiceCells(cells, columns)
        self._marks = cells.has("confidential")
        self._level_columns = [(field, level) for field, level in LEVEL_COLUMNS if self.cells.has(field)]
        self._tax_references: dict[str, dict[str, tuple[int, str]]] = {}  # by keys: line, client's key
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
        of_services = self._services.in_columns(rows)
        by_column = self._by_column(of_services)
        taken: list[tuple[int, int, _Draft, str]] = []
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
            elif not self._services.per_service:
                self._twice(row.line, reference, name, draft.line)
                continue
            if self._services.per_service:
                self._state(row.line, draft, "name", name)
                self._state(row.line, draft, "kind", kinds[place])
            else:
                draft.name, draft.kind = name, kinds[place] or None
            if self._marks:
                self._mark(row, draft)
            if self._level_columns:
                self._share_out(row, draft)
            if by_column:
                taken.append((place, row.line, draft, key))
            else:
                self._give_all(row, place, draft, key, of_services)
        if by_column:
            self._give_columns(taken, of_services)

    def _by_column(self, of_services: Sequence[TaxReferences]) -> bool:
        """Whether what these rows say of services can be given a column at a time.

        Not before each service was named once: which is named first is told by the rows.
        """
        if not self._services.apart:
            return False
        named = [column.key in self.named for column in self._services.columns]
        return all(there or not any(told.cells) for there, told in zip(named, of_services, strict=True))

    def _give_columns(
        self, rows: Sequence[tuple[int, int, _Draft, str]], of_services: Sequence[TaxReferences]
    ) -> None:
        """As `_give_all` of each row: its place, its line, its client and the client's key."""
        for column, told in zip(self._services.columns, of_services, strict=True):
            cells, keys, doubts = told
            holders = self._tax_references.setdefault(column.key, {})
            plainly = 0
            for place, line, draft, client in rows:
                if not (cell := cells[place]):
                    continue
                key, mine = keys.get(cell) if type(cell) is str else None, (line, client)
                if key is not None and cell not in doubts and holders.setdefault(key, mine) is mine:
                    draft.services[column.key] = (column.service, cell)
                    plainly += 1
                else:
                    self._give_column(line, draft, client, {}, column, cell, told)
            if plainly:
                name, count = self.named[column.key]
                self.named[column.key] = (name, count + plainly)

    def _give_all(
        self, row: Row, place: int, draft: _Draft, client: str, of_services: Sequence[TaxReferences]
    ) -> None:
        """Give the client all that the row says of services."""
        stated: dict[str, str] = {}
        for column, told in zip(self._services.columns, of_services, strict=True):
            if cell := told.cells[place]:
                self._give_column(row.line, draft, client, stated, column, cell, told)
        for said in self._services.named_elsewhere(row) if self._services.elsewhere else ():
            self._give(row.line, draft, client, said, stated)
        if self._services.utrs and self._services.has_utr(row):
            if self._services.per_service:
                draft.utrs.append((row, stated))
            else:
                self._give_utr(draft, client, row, stated)

    def finish(self) -> None:
        """What only the last row settles: a client's name and kind, and with that whose its UTRs are."""
        for key, draft in self.drafts.items():
            for field, said in draft.stated.items():
                self._settle(draft, field, said)
            for row, stated in draft.utrs:
                self._give_utr(draft, key, row, stated)
        for (service, key), stands in self._words.items():
            held = [self.drafts[client].services[service][1] for client in stands]
            word = next((each for each in held if tax_key(each) == key), key)
            for client, line in stands.items():
                self._leave_out(self.drafts[client], service, word, line)

    def _leave_out(self, draft: _Draft, service_key: str, word: str, line: int) -> None:
        """Take a word that stands for several clients ("n/k") for no tax reference of any of them."""
        name, held = draft.services[service_key]
        if tax_key(held) == tax_key(word):
            draft.services[service_key] = (name, "")
        self.cells.remark(line, "", F.WORD_LEFT_OUT, service=shown(name), reference=shown(word))

    def _give_utr(self, draft: _Draft, key: str, row: Row, stated: dict[str, str]) -> None:
        for said in self._services.of_utr(row, draft.kind or "", draft.name):
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
        """Let one of several rows state the name or the kind of its client."""
        if not value:
            return
        if not getattr(draft, field):
            setattr(draft, field, value)
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
        for given in self._grantees(row):
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
        column: ServiceColumn,
        cell: str,
        told: TaxReferences,
    ) -> None:
        """Give the client what a service's own column says."""
        key = told.keys.get(cell)
        if key is None or type(cell) is not str:
            for said in self._services.in_column(line, column.header, cell, column.service):
                self._give(line, draft, client, said, stated)
            return
        if (doubt := told.doubts.get(cell)) is not None:
            self._services.remark_doubt(line, column.header, cell, column.service, doubt)
        said = (column.header, column.service, cell)
        self._give_keyed(line, draft, client, said, stated, (column.key, key))

    def _give(self, line: int, draft: _Draft, client: str, said: Said, stated: dict[str, str]) -> None:
        _, service, reference = said
        keys = self._service_key(service), tax_key(reference) if reference else ""
        self._give_keyed(line, draft, client, said, stated, keys)

    def _give_keyed(
        self,
        line: int,
        draft: _Draft,
        client: str,
        said: Said,
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
            holders = self._tax_references.setdefault(service_key, {})
            first, owner = holders.setdefault(reference_key, (line, client))
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
