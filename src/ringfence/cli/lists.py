"""`ringfence import` and `ringfence export`: lists of clients, members and access from and to files.

Options, exit codes and messages; what lists are, and how they are saved, is `ringfence.lists`.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from ringfence.access import OPERATOR, Actor, Rehearsal
from ringfence.access.imported_lists import PackedFile, pack_file
from ringfence.core.commands.definitions import GrantTo
from ringfence.core.terms import Level, Thing
from ringfence.firms.models import Firm
from ringfence.lists.export.export_list import MayNotExport, export_list
from ringfence.lists.export.writing import Format
from ringfence.lists.faults import F, TableError, shown
from ringfence.lists.files.table import Told
from ringfence.lists.memory import all_kept
from ringfence.lists.plans.grantee_plan import Grantees
from ringfence.lists.plans.known_firm import KnownFirm
from ringfence.lists.plans.plan_list import Prepared, missing_services, plan_list
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import Choices, ReadList, read_list
from ringfence.lists.rows.typed_rows import counted
from ringfence.lists.saving import NothingLeft, NotSaved, RowsRefused, save_list
from ringfence.wording.list_faults import fault_text

from .effect import show_effect
from .faults import Fault
from .finding import FirmNames, find_firm
from .list_faults import hint
from .list_terminal import Terminal, watched
from .options import firm_option
from .sentences import problem_text
from .show import line

NOBODY = "none"
LEVELS = {level.word: level for level in Level if level is not Level.NONE}
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
        click.option("--yes", is_flag=True, help="Save without asking first."),
        click.option("--dry-run", is_flag=True, help="Show what would happen, and stop there."),
        click.option(
            "--separator",
            default="",
            metavar="C",
            help="Of a text file: comma, semicolon, tab or a character.",
        ),
        click.option("--encoding", default="", metavar="E", help="Of a text file: utf-8, windows-1252 …"),
        click.option("--sheet", default="", metavar="S", help="The worksheet to read of a workbook."),
        click.option(
            "--map",
            "columns",
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
@click.option(
    "--first-row-counts",
    is_flag=True,
    help="Where rows of one client differ in its name or type, take the first.",
)
@click.option(
    "--access",
    "access",
    multiple=True,
    metavar='"WHO=LEVEL"',
    help="Who gets access to the new clients, instead of the defaults; “none” for nobody.",
)
@click.option("--add-services", is_flag=True, help="Add the services that the firm lacks, with the list.")
@_importing
def import_clients(**options: Any) -> None:
    """Clients, found by their client reference: a row each, or a row for each of their services.

    Columns Owner, Editor, Reader and Blocked hold groups and members, by name or e-mail address, with
    semicolons between them.
    """
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


# --- Import


@all_kept()
def _import(
    kind: ListKind,
    *,
    file: Path,
    firm: str | None,
    member: str | None,
    columns: Sequence[str],
    sheet: str,
    encoding: str,
    separator: str,
    dry_run: bool,
    yes: bool,
    everything: bool,
    first_row_counts: bool = False,
    add_services: bool = False,
    access: Sequence[str] = (),
) -> None:
    held = find_firm(firm)
    known = KnownFirm(held, _actor(held, member))
    shared = _shared(known, access)
    choices = Choices(Told(sheet, encoding, separator), tuple(columns), first_row_counts)
    terminal = Terminal()
    asks = Asks(answered=yes, dry_run=dry_run)
    with terminal.progress() as progress:
        try:
            services = known.services().values()
            read = read_list(file, kind, services, choices, watch=watched(progress))
        except TableError as error:
            raise Fault(hint(error)) from error
        progress.add_task("Comparing with the firm", total=None)
        prepared = plan_list(read, known, add_services=add_services, shared=shared)
    if asks.whether_to_add_services(read, prepared, known):
        prepared = plan_list(read, known, add_services=True, shared=shared)
    terminal.show_list(read)
    terminal.show_plan(prepared, known, everything=everything)
    if prepared.faults:
        terminal.show_faults(prepared, read, known, everything=everything)
        raise click.exceptions.Exit(2)
    if prepared.clients is not None and prepared.clients.added:
        terminal.say(_starting(known, prepared))
    if not prepared.commands:
        why = "the firm has all of it already" if read.count else "the list holds no row below its header"
        terminal.say(f"Nothing to do: {why}.")
        return
    try:
        version = _saved(terminal, read, prepared, known, asks, _packed(file, kind, read))
    except NothingLeft:
        terminal.say("Nothing was left to do: the firm was changed meanwhile and has all of it already.")
        return
    if version is None:
        terminal.say("Nothing was saved: this was a dry run." if dry_run else "Nothing was saved.")
    else:
        terminal.say(f"Saved. The firm's ledger ends with entry {version:,}.")


def _shared(known: KnownFirm, options: Sequence[str]) -> tuple[GrantTo, ...] | None:
    """The grantees for the whole file; None where nothing is said of them."""
    if not options:
        return None
    if list(options) == [NOBODY]:
        return ()
    grantees = Grantees(known)
    found = []
    for option in options:
        who, divided, word = option.rpartition("=")
        level = LEVELS.get(word.strip().casefold())
        if not divided or level is None:
            levels = ", ".join(LEVELS)
            raise Fault(f"--access {shown(option)}: write WHO=LEVEL, with one of these levels: {levels}.")
        subject = grantees.find(who.strip())
        if isinstance(subject, F):
            raise Fault(f"--access {shown(option)}: {fault_text(subject, {'who': shown(who.strip())})}")
        found.append(GrantTo(to=subject, level=level))
    return tuple(found)


def _starting(known: KnownFirm, prepared: Prepared) -> str:
    """Whom the new clients give access, but for what their rows say."""
    found = (
        []
        if known.actor.member is None or not known.firm_now.settings.creator_owns
        else ["who imports (owner)"]
    )
    for grant in known.starting(()) if prepared.shared is None else prepared.shared:
        member = known.members.get(grant.to.number) if grant.to.kind == "member" else None
        name = known.groups.get(grant.to.number, "") if member is None else member.name
        found.append(f"{shown(name)} ({grant.level.word})")
    return f"New clients give access to: {', '.join(found) or 'nobody'}; and to whom their rows name."


def _packed(file: Path, kind: ListKind, read: ReadList) -> PackedFile | None:
    """The file as it is kept with its entries; None where it has gone since it was read."""
    try:
        return pack_file(kind.value, file.name, file.read_bytes(), read.count)
    except OSError:
        return None


def _saved(
    terminal: Terminal,
    read: ReadList,
    prepared: Prepared,
    known: KnownFirm,
    asks: "Asks",
    packed: PackedFile | None,
) -> int | None:
    """The firm's version with the list in it; None where nobody wants it saved once the effect was shown."""
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
            wanted = asks.whether_to_save()
            progress.start()
            return wanted

        try:
            return save_list(read, prepared, known, agreed=agreed, file=packed)
        except NotSaved as error:
            raise Fault(str(error)) from error
        except RowsRefused as error:
            raise _refusal(error) from error


class Asks:
    """The questions that are asked where somebody sits at the terminal and gave no --yes."""

    def __init__(self, *, answered: bool, dry_run: bool) -> None:
        self._dry_run = dry_run
        self._asks = not answered and _somebody_is_there()

    def whether_to_add_services(self, read: ReadList, prepared: Prepared, known: KnownFirm) -> bool:
        """Whether to add the services that a list of clients names and the firm lacks."""
        if not self._asks or prepared.services or read.columns.kind is not ListKind.CLIENTS:
            return False
        missing = missing_services(read, known) if known.may_not_manage is None else []
        if not missing:
            return False
        names = ", ".join(map(shown, missing))
        return click.confirm(f"The firm has no service {names}. Add with the list?", default=False)

    def whether_to_save(self) -> bool:
        """Whether to save what was shown; where nobody can be asked, whoever called has decided already."""
        if self._dry_run:
            return False
        return not self._asks or click.confirm("Save this?", default=False)


def _somebody_is_there() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _refusal(error: RowsRefused) -> Fault:
    """Which rows were refused, and why."""
    rows = "Row" if len(error.lines) == 1 else "Rows"
    some = ", ".join(map(str, error.lines[:ROWS_NAMED]))
    more = f" and {len(error.lines) - ROWS_NAMED:,} more" if len(error.lines) > ROWS_NAMED else ""
    refusal = error.refused.refusal.value
    return Fault(f"{rows} {some}{more}: refused, {refusal}. {problem_text(error.refused)} Nothing was saved.")


# --- Export

_WITH = {
    "members_without_email": " (ringfence do member.change)",
    "clients_without_reference": " (ringfence do client.change)",
    "wide_grants": " (ringfence do grant.set)",
}
"""The command that does what a note asks for."""


@all_kept()
def _export(kind: ListKind, *, file: Path, firm: str | None, member: str | None) -> None:
    suffix = file.suffix.lower().removeprefix(".")
    if suffix not in list(Format):
        raise Fault(f"{file.name}: lists are written as .csv or .xlsx. End the file's name with one of them.")
    held = find_firm(firm)
    viewer = _actor(held, member)
    terminal = Terminal()
    try:
        with terminal.progress() as progress:
            done = export_list(held, kind, file, Format(suffix), viewer=viewer, watch=watched(progress))
    except MayNotExport as error:
        raise Fault(str(error)) from error
    except OSError as error:
        raise Fault(f"{file} cannot be written ({error.strerror}). Choose another place.") from error
    terminal.say(f"{counted(done.count, 'row')} written to {file}.")
    for note in done.notes:
        terminal.warn(f"{note}{_WITH.get(note.code, '')}")


def _actor(firm: Firm, word: str | None) -> Actor:
    """The member of that word; the operator for none."""
    return OPERATOR if word is None else Actor(FirmNames(firm).need(Thing.MEMBER, word))
