"""What an import or export shows on a terminal: progress, the plan before it is saved, and every bad row.

Words in, words out; nothing is saved here.
"""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from ringfence.cli.sentences import worded
from ringfence.lists.faults import shown
from ringfence.lists.files.shape import Aside
from ringfence.lists.plans.description import describe, line_of
from ringfence.lists.plans.known_firm import KnownFirm
from ringfence.lists.plans.missing import missing_groups, missing_services
from ringfence.lists.plans.plan_list import Prepared
from ringfence.lists.rows.columns import Column
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import ListSource, ReadList
from ringfence.lists.rows.shapes import NO_SHAPE
from ringfence.lists.rows.typed_rows import counted
from ringfence.lists.watching import Watch
from ringfence.wording.list_faults import field_text
from ringfence.wording.list_shapes import read_as_text

from .faults import gathered, hints_of, row_numbers

SHOWN = 10
"""Additions and changes that are listed without being asked for all."""

NAMES_SHOWN = 20
"""Services and groups of the firm that are named where a list names one that is not there."""


class Terminal:
    """Where an import is told: `out` for what was asked for, `err` for progress and what went wrong."""

    def __init__(self, out: Console | None = None, err: Console | None = None) -> None:
        self._out = out or Console(highlight=False, soft_wrap=True)
        self._err = err or Console(highlight=False, soft_wrap=True, stderr=True)

    def say(self, text: str = "") -> None:
        """A line as it stands: what is in a list is never taken for mark-up."""
        self._out.print(Text(text))

    def warn(self, text: str) -> None:
        self._err.print(Text(text))

    # --- Progress

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A bar while something takes time; nothing where nobody watches."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            _Count(),
            TimeElapsedColumn(),
        )
        with Progress(
            *columns, console=self._err, transient=True, disable=not self._err.is_terminal
        ) as progress:
            yield progress

    # --- The plan

    def show_list(self, read: ReadList) -> None:
        """The list as it was understood: how many rows, what each column is, what is not used."""
        source = read.source
        rows = counted(read.count, "row")
        self.say(f"{source.file}, {_form(source)}: {rows} below the header in row {source.header_line}")
        if read.shape:
            self.say(f"  {read_as_text(read.shape)} If it is not that, say --shape {NO_SHAPE}.")
        if source.above:
            self.say(f"  Above the header, not read: {_asides(source.above)}")
        if source.totals:
            self.say(f"  A total below the list, not read: {_asides(source.totals)} (--read-totals reads it)")
        self.say(f"  Columns: {', '.join(_column(column) for column in read.columns.used)}")
        if read.columns.ignored:
            self.say(f"  Not used: {', '.join(map(shown, read.columns.ignored))}")
        if source.unheaded:
            self.say(f"  Not used, because they have no header: columns {', '.join(source.unheaded)}")
        what = "tables" if source.kind == "html" else "sheets"
        if source.other_sheets:
            self.say(f"  Other {what}, not read: {', '.join(map(shown, source.other_sheets))}")
        if source.hidden_sheets:
            self.say(f"  Hidden {what}, not read: {', '.join(map(shown, source.hidden_sheets))}")
        if source.hidden_rows:
            numbers = row_numbers(source.hidden_rows)
            told = "left out" if source.without_hidden else "and read all the same"
            way = "" if source.without_hidden else " (--without-hidden-rows leaves them out)"
            self.say(f"  Hidden on the sheet, {told}: {numbers}{way}")
        if source.hidden_columns:
            columns = ", ".join(source.hidden_columns)
            self.say(f"  Hidden on the sheet, and read all the same: columns {columns}")
        if source.doubtful:
            self.say(
                f"  Nothing proves the encoding. Words to look at: {', '.join(source.doubtful)}. If they are "
                "wrong, save the file as CSV (UTF-8), or name its encoding with --encoding."
            )
        self.say()

    def show_plan(self, prepared: Prepared, firm: KnownFirm, *, everything: bool) -> None:
        """Numbers of what would be added, changed and left alone, then what that is, row by row."""
        table = Table(box=None, pad_edge=False)
        for heading in ("", "to be added", "to be changed", "left alone"):
            table.add_column(heading, justify="right" if heading else "left")
        if prepared.services:
            table.add_row("services", f"{len(prepared.services):,}", "0", "")
        if prepared.groups:
            table.add_row("groups", f"{len(prepared.groups):,}", "0", "")
        for what, plan in prepared.plans:
            table.add_row(what, f"{len(plan.added):,}", f"{len(plan.changed):,}", f"{plan.unchanged:,}")
        self._out.print(table)
        for name in prepared.services:
            self.say(f"  + service {shown(name)}")
        for name in prepared.groups:
            self.say(f"  + {worded('[group]')} {shown(name)}")
        for _, plan in prepared.plans:
            self._list("+", plan.added, firm, everything)
            self._list("~", plan.changed, firm, everything)
        if prepared.remarks:
            self.say("To be looked at:")
            for line in gathered(prepared.remarks, everything=everything):
                self.say(f"  {line}")
        self.say()

    def _list(self, sign: str, items: Sequence[Any], firm: KnownFirm, everything: bool) -> None:
        some = items if everything else items[:SHOWN]
        for item in some:
            self.say(f"  {sign} row {line_of(item)}: {describe(item, firm.zone)}")
        if len(items) > len(some):
            self.say(f"  {sign} and {len(items) - len(some):,} more (--all lists each)")

    # --- What is wrong

    def show_faults(self, prepared: Prepared, read: ReadList, firm: KnownFirm, *, everything: bool) -> None:
        """Every bad row with its number and what to do, and last what helps many of them at once.

        Rows with the very same fault share a line, and so do many with the same kind of fault.
        """
        faults = prepared.faults
        for line in gathered(faults, everything=everything):
            self.warn(line)
        rows = len({fault.line for fault in faults})
        self.warn("")
        for hint in hints_of(faults):
            self.warn(hint)
        self._offer_missing(read, prepared, firm)
        wrong = f"{counted(rows, 'row')} {'is' if rows == 1 else 'are'} wrong"
        self.warn(f"{wrong}, so nothing was saved. Correct the list and import it again.")

    def _offer_missing(self, read: ReadList, prepared: Prepared, firm: KnownFirm) -> None:
        services, groups = missing_services(read, firm), missing_groups(read, firm)
        if firm.may_not_manage is not None:
            if services:
                self._name_who_adds(firm)
            return
        if services and read.columns.kind is ListKind.CLIENTS and not prepared.services:
            self._name_there("service", list(firm.services().values()))
            named = ", ".join(f"{shown(name)} ({counted(rows, 'row')})" for name, rows in services.items())
            self.warn(f"--add-services adds with the list: {named}.")
        elif services and not prepared.services:
            self._offer("service", list(firm.services().values()), services, firm)
        if groups:
            self._offer("group", list(firm.groups.values()), groups, firm)
            self.warn("Or create them with the list: --add-groups.")

    def _name_who_adds(self, firm: KnownFirm) -> None:
        """Whom somebody can ask who may not add services."""
        names = ", ".join(shown(member.name) for member in firm.managers[:NAMES_SHOWN])
        self.warn(f"Only administrators and principals add services. Ask one of them: {names}.")

    def _name_there(self, thing: str, there: Sequence[str]) -> None:
        more = f" and {len(there) - NAMES_SHOWN:,} more" if len(there) > NAMES_SHOWN else ""
        names = ", ".join(there[:NAMES_SHOWN]) or "none"
        self.warn(f"The firm's {worded(_MANY[thing])} are: {names}{more}.")

    def _offer(self, thing: str, there: Sequence[str], missing: Iterable[str], firm: KnownFirm) -> None:
        """What the firm has, and the commands that add what a list names besides."""
        self._name_there(thing, there)
        self.warn("To add the missing ones:")
        for name in missing:
            self.warn(f"  {_command(_ADDING[thing], firm, **{thing: name})}")


def silent() -> Terminal:
    """One that says nothing, where a program reads the report."""
    return Terminal(Console(quiet=True), Console(quiet=True))


SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_MANY = {"service": "services", "group": "[groups]"}
_ADDING = {"service": "service.add", "group": "group.create"}


class _Count(MofNCompleteColumn):
    """How many of how many, where things are counted at all."""

    def render(self, task: Task) -> Text:
        return super().render(task) if task.completed or task.total is not None else Text("")


def _form(source: ListSource) -> str:
    """`UTF-8, separated by commas`, `sheet “Clients”`, `table 2 of the page, UTF-8`."""
    if source.kind == "text":
        if not source.separator:
            return f"{source.encoding}, one cell in each line"
        separator = SEPARATORS.get(source.separator, f"“{source.separator}”")
        return f"{source.encoding}, separated by {separator}"
    sheet = f"sheet “{shown(source.sheet)}”"
    if source.kind == "html":
        sheet = f"table {source.sheet} of the web page"
    return f"{sheet}, {source.encoding}" if source.encoding else sheet


def _asides(rows: Sequence[Aside]) -> str:
    """`row 1 (Client list), row 2 (Exported today)`."""
    return ", ".join(f"row {each.line} ({each.text})" for each in rows)


def _column(column: Column) -> str:
    return f"{shown(column.header)} ({shown(field_text(column.meaning))})"


def _command(name: str, firm: KnownFirm, **arguments: str) -> str:
    """A command line to be copied."""
    words = [f"{argument}={value}" for argument, value in arguments.items()]
    return shlex.join(["ringfence", "do", name, *words, "--firm", firm.firm.name])


def watched(progress: Progress) -> Watch:
    """The walk through things that the bar shows."""

    def watch(what: str, things: Iterable[Any], count: int | None) -> Iterable[Any]:
        task = progress.add_task(what, total=count)
        yield from progress.track(things, total=count, task_id=task)
        progress.remove_task(task)

    return watch
