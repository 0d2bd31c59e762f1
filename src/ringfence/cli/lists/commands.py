"""`ringfence import` and `ringfence export`: lists of clients, members and access from and to files.

Options and help; how an import goes is in `importing`; what lists are, and how they are saved, is
`ringfence.lists`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import actor_of, find_firm
from ringfence.cli.options import firm_option, json_option
from ringfence.lists.export.export_list import MayNotExport, export_list
from ringfence.lists.export.writing import Format, TooManyRows
from ringfence.lists.memory import all_kept
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.shapes import NO_SHAPE, SHAPES
from ringfence.lists.rows.typed_rows import counted

from .faults import TOO_MANY_ROWS
from .importing import ImportOptions, bring_in
from .terminal import Terminal, watched

Function = TypeVar("Function", bound=Callable[..., Any])
CODES = tuple(dict.fromkeys(shape.code for shape in SHAPES))
WAYS_TO_GIVE = (
    "FILE is a file, a folder, of which the list that was changed last is taken, or - for standard input."
)
WAYS_TO_END = (
    "Exit codes: 0 saved or shown; 2 something is wrong, and nothing was changed; with --sync, 3 nothing to "
    "do."
)


OF_ALL_IMPORTS = (
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
    click.option(
        "--sheet",
        default="",
        metavar="S",
        help="The worksheet to read of a workbook, the table (1, 2 …) of a web page.",
    ),
    click.option(
        "--header-row", type=click.IntRange(min=1), metavar="N", help="Which row names the columns."
    ),
    click.option("--without-hidden-rows", is_flag=True, help="Leave out rows that the sheet hides."),
    click.option("--read-totals", is_flag=True, help="Read a total at the end of the list as a row."),
    click.option(
        "--map",
        "columns",
        multiple=True,
        metavar='"HEADER=FIELD"',
        help="What a column is, where its header does not say. FIELD “ignore” leaves it out.",
    ),
    click.option(
        "--shape",
        default="",
        metavar="NAME",
        help=f"Whose list it is ({', '.join(CODES)}), where that is not seen; “{NO_SHAPE}” for nobody's.",
    ),
    click.option("--as", "member", metavar="MEMBER", help="The member who imports, by e-mail address."),
    click.option(
        "--faults",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Write all that is wrong or odd to FILE, .csv or .xlsx: row, column, what stands there.",
    ),
    click.option(
        "--at-most",
        type=click.IntRange(min=1),
        metavar="N",
        help="With --remove: as many may go, though it is more than a tenth of what the firm has.",
    ),
    click.option("--remove", is_flag=True, help="With --sync: remove what is gone from the list."),
    click.option(
        "--sync",
        is_flag=True,
        help="The list is all that the firm has: tell what is gone from it. Exit code 3: nothing to do.",
    ),
    json_option,
    firm_option,
    click.argument("file", type=click.Path(path_type=Path, allow_dash=True)),
)
"""The arguments that all imports share."""


@click.group("import")
def import_() -> None:
    """Bring in a list of clients, members or access: CSV, XLSX, XLS, XLSB or ODS.

    What will be added, changed and left alone is shown first, with every bad row. All rows are saved or none.

    A list that is given again every night is whole (--sync): what the firm has and the list lacks is told,
    and removed where --remove is given.
    """


@click.group("export")
def export() -> None:
    """Write a list that can be imported again: CSV or XLSX, by the file's name."""


def _importing(command: Function) -> Function:
    """The command with what all imports take."""
    for option in OF_ALL_IMPORTS:
        command = option(command)
    command.__doc__ = f"{command.__doc__}\n\n    {WAYS_TO_GIVE}\n\n    {WAYS_TO_END}"
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
    "--last-row-counts",
    is_flag=True,
    help="Where rows of one client differ in its name or type, take the last.",
)
@click.option(
    "--access",
    "access",
    multiple=True,
    metavar='"WHO=LEVEL"',
    help="Who gets access to the new clients, instead of the defaults; “none” for nobody.",
)
@click.option("--add-services", is_flag=True, help="Add the services that the firm lacks, with the list.")
@click.option(
    "--service",
    default="",
    metavar="NAME",
    help="With --sync: the list is all clients of this one service, and nothing else is looked at.",
)
@_importing
def import_clients(**options: Any) -> None:
    """Clients, found by their client reference: a row each, or a row for each of their services.

    Columns Owner, Editor, Reader and Blocked hold groups and members, by name or e-mail address, with
    semicolons between them.
    """
    bring_in(ImportOptions(kind=ListKind.CLIENTS, **options))


@import_.command("members")
@click.option("--add-groups", is_flag=True, help="Create the groups that the firm lacks, with the list.")
@click.option(
    "--yes-deactivate",
    type=click.IntRange(min=1),
    metavar="N",
    help="With --sync: deactivate who is gone from the list, as many as N though it is more than a tenth.",
)
@_importing
def import_members(**options: Any) -> None:
    """Members, found by their external id, else by their e-mail address.

    A column Groups holds the names of groups, with semicolons between them. With --sync, groups that the list
    names lose those of its members whose rows do not name them.
    """
    bring_in(ImportOptions(kind=ListKind.MEMBERS, **options))


@import_.command("access")
@click.option("--add-groups", is_flag=True, help="Create the groups that the firm lacks, with the list.")
@_importing
def import_access(**options: Any) -> None:
    """Who has access to which client, and who is in which group.

    A row names a client reference, a group or an e-mail address, a level and an expiry; or a group and a
    member.
    """
    bring_in(ImportOptions(kind=ListKind.ACCESS, **options))


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
    viewer = actor_of(held, member)
    terminal = Terminal()
    try:
        with terminal.progress() as progress:
            done = export_list(held, kind, file, Format(suffix), viewer=viewer, watch=watched(progress))
    except MayNotExport as error:
        raise Fault(str(error)) from error
    except TooManyRows as error:
        raise Fault(TOO_MANY_ROWS.format(file=file)) from error
    except OSError as error:
        raise Fault(f"{file} cannot be written ({error.strerror}). Choose another place.") from error
    terminal.say(f"{counted(done.count, 'row')} written to {file}.")
    for note in done.notes:
        terminal.warn(f"{note}{_WITH.get(note.code, '')}")
