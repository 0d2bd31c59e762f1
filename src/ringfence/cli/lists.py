"""`ringfence import` and `ringfence export`: lists of clients, members and access from and to files.

Options, exit codes, and the one transaction that saves a list; what lists are is `ringfence.imports`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from django.db import transaction

from ringfence.access import OPERATOR, Actor
from ringfence.access.connection import answering, plain
from ringfence.access.directory import TableDirectory
from ringfence.access.door import STATES, instant_for, lock
from ringfence.access.recording import record
from ringfence.access.seats import seat_members
from ringfence.core.commands import Refused, carry_out, command_name
from ringfence.core.commands import words as w
from ringfence.core.directory import Directory, unique_key
from ringfence.core.events import Change
from ringfence.core.moment import Moment
from ringfence.core.terms import Thing
from ringfence.firms.models import Client, Engagement, Firm
from ringfence.imports.console import Terminal, watched
from ringfence.imports.export import Format
from ringfence.imports.exporting import MayNotExport, export_list
from ringfence.imports.faults import TableError
from ringfence.imports.firm import FirmLists, portions
from ringfence.imports.importing import Prepared, plan_list, read_list
from ringfence.imports.steps import Step
from ringfence.imports.vocabulary import ListKind

from .faults import Fault
from .finding import FirmNames, find_firm
from .sentences import problem_text

ATTEMPTS = 5
"""How often a list is checked anew because the firm changed before it could be saved."""
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
        click.option("--firm", "firm_name", metavar="F", help="The firm, where there are several."),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


def _exporting(command: Function) -> Function:
    """The arguments that all exports share."""
    for option in (
        click.option("--as", "member", metavar="MEMBER", help="The member whose view is exported."),
        click.option("--firm", "firm_name", metavar="F", help="The firm, where there are several."),
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


# --- Import


def _import(
    kind: ListKind,
    *,
    file: Path,
    firm_name: str | None,
    member: str | None,
    told: Sequence[str],
    sheet: str | None,
    dry_run: bool,
    everything: bool,
) -> None:
    firm = find_firm(firm_name)
    known = FirmLists(firm, _actor(firm, member))
    terminal = Terminal()
    with terminal.progress() as progress:
        try:
            read = read_list(file, kind, known, told=told, sheet=sheet, watch=watched(progress))
        except TableError as error:
            raise Fault(str(error)) from error
        progress.add_task("Comparing with the firm", total=None)
        prepared = plan_list(read, known)
    terminal.show_list(read)
    terminal.show_plan(prepared, known, everything=everything)
    if prepared.faults:
        terminal.show_faults(prepared.faults, read, known, everything=everything)
        raise click.exceptions.Exit(2)
    if not prepared.steps:
        terminal.say("Nothing to do: the firm has all of it already.")
    elif dry_run:
        terminal.say("Nothing was saved: this was a dry run.")
    else:
        with terminal.progress() as progress:
            progress.add_task("Saving", total=None)
            version = _save(prepared, known, lambda firm_now: plan_list(read, firm_now))
        terminal.say(f"Saved. The firm's ledger ends with entry {version:,}.")


def _save(prepared: Prepared, known: FirmLists, plan: Callable[[FirmLists], Prepared]) -> int:
    """Save a list, checked anew where the firm has changed since; the firm's version after it."""
    for _ in range(ATTEMPTS):
        version = save_steps(known.firm.pk, prepared.steps, actor=known.actor, version=prepared.version)
        if version is not None:
            return version
        known = FirmLists(known.firm, known.actor)
        prepared = plan(known)
        if prepared.faults:
            raise Fault(
                "The firm was changed meanwhile, and the list does not fit any more. Nothing was saved: "
                "import it again to see why."
            )
        if not prepared.steps:
            return prepared.version
    raise Fault("The firm keeps being changed. Nothing was saved: import the list again later.")


def save_steps(firm: int, steps: Sequence[Step], *, actor: Actor, version: int) -> int | None:
    """Carry out the commands of a list, all or none, in one transaction; the firm's version after it.

    They were made for `version`: None, with nothing changed, where the firm is at another one. All that is
    about clients is one entry of the ledger, `client.import`; other commands are entries of their own.
    Raises `Fault` for the first command that is refused, naming the rows it comes from.
    """
    with answering(), transaction.atomic(durable=True):
        if lock(firm).version != version:
            return None
        state = STATES.current(plain(), firm).state
        for name, together in _entries(steps):
            row = lock(firm)
            now = instant_for(row)
            change = _carried_out(state.at(now), Foreseen(firm, together), together, actor)
            loaded = record(row, state, change, command=name, actor=actor, now=now)
            seat_members(firm, change)
            state = loaded.state
    STATES.put(firm, loaded)
    return loaded.version


_ABOUT_CLIENTS = (w.ImportClients, w.ChangeClient, w.AddEngagement, w.ChangeEngagement)


def _entries(steps: Sequence[Step]) -> Iterator[tuple[str, Sequence[Step]]]:
    """The entries of the ledger that the steps become, each by its name."""
    together = [step for step in steps if isinstance(step.command, _ABOUT_CLIENTS)]
    if together:
        yield "client.import", together
    for step in steps:
        if not isinstance(step.command, _ABOUT_CLIENTS):
            yield command_name(step.command), [step]


class Foreseen(TableDirectory):
    """The directory of a firm, with what the commands of a list will ask looked up all at once.

    A list may change a hundred thousand clients, and each would be two or three questions to the database.
    """

    def __init__(self, firm: int, steps: Sequence[Step]) -> None:
        super().__init__(firm)
        self._references: set[tuple[int, str]] = set()
        clients, engagements = [], []
        for step in steps:
            match step.command:
                case w.ChangeClient(client=number):
                    clients.append(number)
                case w.AddEngagement(service=service, reference=reference) if reference:
                    self._references.add((service, unique_key(reference)))
                case w.ChangeEngagement(engagement=number):
                    engagements.append(number)
        self._taken = super().engagements_by_reference(self._references)
        self._texts: dict[tuple[Thing, int, str], str] = {}
        for some in portions(clients):
            rows = Client.objects.filter(firm=firm, number__in=some).values_list("number", "name", "kind")
            for number, name, kind in rows:
                self._texts[Thing.CLIENT, number, "name"] = name
                self._texts[Thing.CLIENT, number, "kind"] = kind
        for some in portions(engagements):
            found = Engagement.objects.filter(firm=firm, number__in=some).values_list("number", "reference")
            self._texts |= {(Thing.ENGAGEMENT, number, "reference"): text for number, text in found}

    def text(self, thing: Thing, number: int, field: str) -> str:
        known = self._texts.get((thing, number, field))
        return super().text(thing, number, field) if known is None else known

    def engagements_by_reference(self, keys: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
        if not self._references.issuperset(keys):
            return super().engagements_by_reference(keys)
        return {key: self._taken[key] for key in keys if key in self._taken}


def _carried_out(moment: Moment, directory: Directory, steps: Sequence[Step], actor: Actor) -> Change:
    """What the steps do one after the other, as one change.

    What is looked up is as it was before the first: a list names nothing twice, and takes no name in use.
    """
    changes = []
    for step in steps:
        try:
            change = carry_out(moment, directory, step.command, actor=actor.member)
        except Refused as refused:
            _refuse(step, refused)
        changes.append(change)
        moment = moment.state.apply_all(change.events).at(moment.now)
    return Change(
        events=tuple(chain.from_iterable(change.events for change in changes)),
        texts=tuple(chain.from_iterable(change.texts for change in changes)),
        self_access=any(change.self_access for change in changes),
    )


def _refuse(step: Step, refused: Refused) -> NoReturn:
    """Say which rows were refused, and why."""
    lines = step.lines if refused.row is None else (step.lines[refused.row],)
    rows = "Row" if len(lines) == 1 else "Rows"
    some = ", ".join(map(str, lines[:ROWS_NAMED]))
    more = f" and {len(lines) - ROWS_NAMED:,} more" if len(lines) > ROWS_NAMED else ""
    raise Fault(
        f"{rows} {some}{more}: refused, {refused.refusal.value}. {problem_text(refused)} Nothing was saved."
    ) from refused


# --- Export


def _export(kind: ListKind, *, file: Path, firm_name: str | None, member: str | None) -> None:
    suffix = file.suffix.lower().removeprefix(".")
    if suffix not in list(Format):
        raise Fault(f"{file.name}: lists are written as .csv or .xlsx. End the file's name with one of them.")
    firm = find_firm(firm_name)
    viewer = _actor(firm, member)
    terminal = Terminal()
    try:
        with terminal.progress() as progress:
            done = export_list(firm, kind, file, Format(suffix), viewer=viewer, watch=watched(progress))
    except MayNotExport as error:
        raise Fault(str(error)) from error
    except OSError as error:
        raise Fault(f"{file} cannot be written ({error.strerror}). Choose another place.") from error
    terminal.say(f"{done.count:,} rows written to {file}.")
    for note in done.notes:
        terminal.warn(note)


def _actor(firm: Firm, word: str | None) -> Actor:
    """The member of that word; the operator for none."""
    return OPERATOR if word is None else Actor(FirmNames(firm).need(Thing.MEMBER, word))
