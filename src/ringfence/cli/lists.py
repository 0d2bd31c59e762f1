"""`ringfence import` and `ringfence export`: lists of clients, members and access from and to files.

Options, exit codes and messages; what lists are, and how they are saved, is `ringfence.lists`.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from ringfence.access import OPERATOR, Actor, Rehearsal
from ringfence.cli.list_terminal import Terminal, watched
from ringfence.core.terms import Thing
from ringfence.firms.models import Firm
from ringfence.lists.export.export_list import MayNotExport, export_list
from ringfence.lists.export.writing import Format
from ringfence.lists.faults import TableError
from ringfence.lists.plans.known_firm import KnownFirm
from ringfence.lists.plans.plan_list import Prepared, plan_list
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import ReadList, read_list
from ringfence.lists.rows.typed_rows import counted
from ringfence.lists.saving import NothingLeft, NotSaved, RowsRefused, save_list

from .effect import show_effect
from .faults import Fault
from .finding import FirmNames, find_firm
from .options import firm_option
from .sentences import problem_text
from .show import line

ROWS_NAMED = 20
"""Rows named when one command that comes from many is refused."""
Function = TypeVar("Function", bound=Callable[..., Any])


@click.group("import")
def import_() -> None:
    """Bring in a list of clients, members or access: CSV, XLSX or ODS.

    What will be added, changed and left alone is shown first, with every bad row. All rows are saved or none.
    """


@click.group("export")
def export() -> None:
    """Write a list that can be imported again: CSV or XLSX, by the file's name."""


def _importing(command: Function) -> Function:
    """The arguments that all imports share."""
    for option in (
        click.option("--all", "everything", is_flag=True, help="List every addition, change and bad row."),
        click.option("--dry-run", is_flag=True, help="Show what would happen, and stop there."),
        click.option("--sheet", metavar="S", help="The worksheet to read, where it is not the first."),
        click.option(
            "--map",
            "told",
            multiple=True,
            metavar='"HEADER=FIELD"',
            help="What a column is, where its header does not say. FIELD “ignore” leaves it out.",
        ),
        click.option("--as", "member", metavar="MEMBER", help="The member who imports, by e-mail address."),
        firm_option,
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


def _exporting(command: Function) -> Function:
    """The arguments that all exports share."""
    for option in (
        click.option("--as", "member", metavar="MEMBER", help="The member whose view is exported."),
        firm_option,
        click.argument("file", type=click.Path(path_type=Path, dir_okay=False)),
    ):
        command = option(command)
    return command


@import_.command("clients")
@_importing
def import_clients(**options: Any) -> None:
    """Clients, found by their client reference: a row each, or a row for each of their services."""
    _import(ListKind.CLIENTS, **options)


@import_.command("members")
@_importing
def import_members(**options: Any) -> None:
    """Members, found by their e-mail address."""
    _import(ListKind.MEMBERS, **options)


@import_.command("access")
@_importing
def import_access(**options: Any) -> None:
    """Who has access to which client, and who is in which group.

    A row names a client reference, a group or an e-mail address, a level and an expiry; or a group and a
    member.
    """
    _import(ListKind.ACCESS, **options)


@export.command("clients")
@_exporting
def export_clients(**options: Any) -> None:
    """Clients with their services: all, or with --as those that the member sees."""
    _export(ListKind.CLIENTS, **options)


@export.command("members")
@_exporting
def export_members(**options: Any) -> None:
    """Members with role and permissions."""
    _export(ListKind.MEMBERS, **options)


@export.command("access")
@_exporting
def export_access(**options: Any) -> None:
    """Grants on clients and their services, and the places in groups."""
    _export(ListKind.ACCESS, **options)


@contextmanager
def _all_kept() -> Iterator[None]:
    """Without the garbage collector: a list is a million objects that stay to the end, and going through
    them time and again would take as long as all the rest."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# --- Import


@_all_kept()
def _import(
    kind: ListKind,
    *,
    file: Path,
    firm: str | None,
    member: str | None,
    told: Sequence[str],
    sheet: str | None,
    dry_run: bool,
    everything: bool,
) -> None:
    found = find_firm(firm)
    known = KnownFirm(found, _actor(found, member))
    terminal = Terminal()
    with terminal.progress() as progress:
        try:
            read = read_list(file, kind, known.services(), told=told, sheet=sheet, watch=watched(progress))
        except TableError as error:
            raise Fault(str(error)) from error
        progress.add_task("Comparing with the firm", total=None)
        prepared = plan_list(read, known)
    terminal.show_list(read)
    terminal.show_plan(prepared, known, everything=everything)
    if prepared.faults:
        terminal.show_faults(prepared.faults, read, known, everything=everything)
        raise click.exceptions.Exit(2)
    if not prepared.commands:
        why = "the firm has all of it already" if read.count else "the list holds no row below its header"
        terminal.say(f"Nothing to do: {why}.")
        return
    try:
        version = _saved(terminal, read, prepared, known, dry_run=dry_run)
    except NothingLeft:
        terminal.say("Nothing was left to do: the firm was changed meanwhile and has all of it already.")
        return
    if version is None:
        terminal.say("Nothing was saved: this was a dry run.")
    else:
        terminal.say(f"Saved. The firm's ledger ends with entry {version:,}.")


def _saved(
    terminal: Terminal, read: ReadList, prepared: Prepared, known: KnownFirm, *, dry_run: bool
) -> int | None:
    """The firm's version with the list in it; None for a dry run, which stops where the effect was shown."""
    with terminal.progress() as progress:
        progress.add_task("Working out who gains and who loses", total=None)

        def agreed(rehearsal: Rehearsal) -> bool:
            effect, ownerless = rehearsal.difference(), rehearsal.ownerless()
            # The bar makes room for it.
            progress.stop()
            if rehearsal.version != prepared.version:
                line("The firm was changed meanwhile. The list was compared with it again.")
            if not effect.empty:
                line("This is what it would do to access:")
            show_effect(known.firm, effect, ownerless, rehearsal.texts)
            line("")
            progress.start()
            return not dry_run

        try:
            return save_list(read, prepared, known, agreed=agreed)
        except NotSaved as error:
            raise Fault(str(error)) from error
        except RowsRefused as error:
            raise _refusal(error) from error


def _refusal(error: RowsRefused) -> Fault:
    """Which rows were refused, and why."""
    rows = "Row" if len(error.lines) == 1 else "Rows"
    some = ", ".join(map(str, error.lines[:ROWS_NAMED]))
    more = f" and {len(error.lines) - ROWS_NAMED:,} more" if len(error.lines) > ROWS_NAMED else ""
    refusal = error.refused.refusal.value
    return Fault(f"{rows} {some}{more}: refused, {refusal}. {problem_text(error.refused)} Nothing was saved.")


# --- Export


@_all_kept()
def _export(kind: ListKind, *, file: Path, firm: str | None, member: str | None) -> None:
    suffix = file.suffix.lower().removeprefix(".")
    if suffix not in list(Format):
        raise Fault(f"{file.name}: lists are written as .csv or .xlsx. End the file's name with one of them.")
    found = find_firm(firm)
    viewer = _actor(found, member)
    terminal = Terminal()
    try:
        with terminal.progress() as progress:
            done = export_list(found, kind, file, Format(suffix), viewer=viewer, watch=watched(progress))
    except MayNotExport as error:
        raise Fault(str(error)) from error
    except OSError as error:
        raise Fault(f"{file} cannot be written ({error.strerror}). Choose another place.") from error
    terminal.say(f"{counted(done.count, 'row')} written to {file}.")
    for note in done.notes:
        terminal.warn(note)


def _actor(firm: Firm, word: str | None) -> Actor:
    """The member of that word; the operator for none."""
    return OPERATOR if word is None else Actor(FirmNames(firm).need(Thing.MEMBER, word))
