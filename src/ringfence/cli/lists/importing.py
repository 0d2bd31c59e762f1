"""How `ringfence import` goes: read, compared, shown, asked after, saved.

What lists are, and how they are saved, is `ringfence.lists`; the options are in `commands`.
"""

import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import click
import msgspec

from ringfence.access import Refused, Rehearsal
from ringfence.access.beside import ProcessBeside, room_beside
from ringfence.access.imported_lists import PackedFile, pack_file
from ringfence.cli.changing.effect import show_effect
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import actor_of, find_firm
from ringfence.cli.sentences import problem_text
from ringfence.cli.show import as_json, line
from ringfence.core.commands.definitions import GrantTo
from ringfence.core.terms import Level
from ringfence.lists.faults import F, RowFault, TableError, shown
from ringfence.lists.files.table import Told
from ringfence.lists.memory import all_kept
from ringfence.lists.plans.gone_plan import Whole
from ringfence.lists.plans.grantee_plan import Grantees
from ringfence.lists.plans.known_firm import KnownFirm
from ringfence.lists.plans.missing import missing_services
from ringfence.lists.plans.plan_list import Prepared, plan_list
from ringfence.lists.rows.client_rows import Settled
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import Choices, ReadList, read_list
from ringfence.lists.rows.typed_rows import counted
from ringfence.lists.saving import NothingLeft, NotSaved, RowsRefused, refused_rows, save_list
from ringfence.wording.list_faults import fault_text

from .faults import hint, write_faults
from .gone import show_brake, show_gone
from .input import ListInput, given_list
from .report import ImportReport, Status
from .terminal import Terminal, silent, watched

NOBODY = "none"
LEVELS = {level.word: level for level in Level if level is not Level.NONE}
ROWS_NAMED = 20
"""Rows named when one command that comes from many is refused."""
WRONG = 2
NOTHING_TO_DO = 3
"""Exit codes; of the second, a list that is no whole one (--sync) knows nothing."""


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed."""

    kind: ListKind
    file: Path
    firm: str | None = None
    member: str | None = None
    columns: Sequence[str] = ()
    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    shape: str = ""
    header_row: int | None = None
    without_hidden_rows: bool = False
    read_totals: bool = False
    dry_run: bool = False
    yes: bool = False
    everything: bool = False
    json: bool = False
    sync: bool = False
    remove: bool = False
    at_most: int | None = None
    yes_deactivate: int | None = None
    service: str = ""
    first_row_counts: bool = False
    last_row_counts: bool = False
    faults: Path | None = None
    add_services: bool = False
    add_groups: bool = False
    access: Sequence[str] = ()

    @property
    def settled(self) -> Settled:
        """Which row of a client counts where its rows differ. Raises `Fault`."""
        if self.first_row_counts and self.last_row_counts:
            raise Fault("Either the first or the last row counts. Leave one of the two options out.")
        if self.first_row_counts:
            return Settled.FIRST
        return Settled.LAST if self.last_row_counts else Settled.NEITHER

    @property
    def whole(self) -> Whole | None:
        """What is said of a list that is all that the firm has. Raises `Fault`."""
        if self.sync:
            if self.yes_deactivate is not None:
                if self.at_most is not None:
                    raise Fault("--yes-deactivate says all that --at-most says. Leave one of the two out.")
                return Whole(remove=True, at_most=self.yes_deactivate, counts_stated=True)
            if self.at_most is not None and not self.remove:
                raise Fault("--at-most says how much --remove may remove. Give both, or leave it out.")
            counts_stated = self.kind is ListKind.MEMBERS
            return Whole(
                service=self.service, remove=self.remove, at_most=self.at_most, counts_stated=counts_stated
            )
        for option, given in (
            ("--remove", self.remove),
            ("--at-most", self.at_most is not None),
            ("--yes-deactivate", self.yes_deactivate is not None),
            ("--service", bool(self.service)),
        ):
            if given:
                raise Fault(f"{option} is for a list that is all that the firm has. Say so with --sync.")
        return None


@all_kept()
def bring_in(asked: ImportOptions) -> None:
    """Import the list; ends the command with its exit code."""
    report = ImportReport(asked.kind, str(asked.file))
    try:
        status = _Importing(asked, report).run()
    except TableError as error:
        if not asked.json:
            raise Fault(hint(error)) from error
        report.unreadable(error)
        status = Status.FAULTS
    except Refused as refused:
        if not asked.json:
            raise
        report.not_permitted(refused)
        status = Status.FAULTS
    if asked.json:
        as_json(report.ended(status))
    if status in (Status.FAULTS, Status.BRAKED):
        raise click.exceptions.Exit(WRONG)
    if status is Status.NOTHING_TO_DO and asked.sync:
        raise click.exceptions.Exit(NOTHING_TO_DO)


class _Importing:
    """One list on its way in."""

    def __init__(self, asked: ImportOptions, report: ImportReport) -> None:
        self._asked = asked
        self._report = report
        self._whole = asked.whole
        self._known = KnownFirm(held := find_firm(asked.firm), actor_of(held, asked.member))
        self._shared = _shared(self._known, asked.access)
        self._terminal = silent() if asked.json else Terminal()
        self._asks = Asks(answered=asked.yes or asked.json, dry_run=asked.dry_run)

    def run(self) -> Status:
        """Read, compare, show, save. Raises TableError, and `Fault` for what was typed."""
        given = given_list(self._asked.file)
        self._tell_passed_over(given)
        read = self._read(given)
        prepared = self._compared(read)
        if self._asked.json:
            # Each of its faults and remarks is a sentence: much where there are many.
            self._report.planned(read, prepared)
        self._write_faults([*prepared.faults, *prepared.remarks])
        self._terminal.show_list(read)
        self._terminal.show_plan(prepared, self._known, everything=self._asked.everything)
        if prepared.faults:
            everything = self._asked.everything
            self._terminal.show_faults(prepared, read, self._known, everything=everything)
            return Status.FAULTS
        show_gone(self._terminal, prepared, self._known, everything=self._asked.everything)
        if prepared.braked:
            show_brake(self._terminal, prepared)
            return Status.BRAKED
        prepared = self._asked_to_remove(read, prepared)
        if prepared.clients is not None and prepared.clients.added:
            self._terminal.say(_starting(self._known, prepared))
        if not prepared.commands:
            self._terminal.say(f"Nothing to do: {_nothing(read, prepared)}.")
            return Status.NOTHING_TO_DO
        return self._saved(read, prepared, given)

    def _tell_passed_over(self, given: ListInput) -> None:
        self._report.passed_over(given.passed_over)
        for name in given.passed_over:
            self._terminal.say(f"{name} holds what was wrong with a list and is none, so it is passed over.")

    def _read(self, given: ListInput) -> ReadList:
        asked = self._asked
        told = Told(
            sheet=asked.sheet,
            encoding=asked.encoding,
            separator=asked.separator,
            header=asked.header_row or 0,
            without_hidden=asked.without_hidden_rows,
            read_totals=asked.read_totals,
        )
        choices = Choices(told, tuple(asked.columns), asked.settled, shape=asked.shape)
        with self._terminal.progress() as progress:
            services = self._known.services().values()
            read = read_list(
                given.source,
                asked.kind,
                services,
                choices,
                watch=watched(progress),
                beside=ProcessBeside if room_beside() else None,
            )
        given.need_unchanged()
        return read

    def _compared(self, read: ReadList) -> Prepared:
        with self._terminal.progress() as progress:
            progress.add_task("Comparing with the firm", total=None)
            missing = missing_services(read, self._known)
            wanted = missing if self._asked.add_services else ()
            prepared = self._planned(read, self._whole, add_services=wanted)
        if self._asks.whether_to_add_services(read, prepared, self._known):
            prepared = self._planned(read, self._whole, add_services=missing)
        return prepared

    def _planned(self, read: ReadList, whole: Whole | None, *, add_services: Collection[str]) -> Prepared:
        return plan_list(
            read,
            self._known,
            add_services=add_services,
            add_groups=self._asked.add_groups,
            shared=self._shared,
            whole=whole,
        )

    def _asked_to_remove(self, read: ReadList, prepared: Prepared) -> Prepared:
        """The same with the removals, where somebody at the terminal says yes to them."""
        if self._whole is None or self._whole.remove or not self._asks.whether_to_remove(prepared):
            return prepared
        whole = msgspec.structs.replace(self._whole, remove=True)
        return self._planned(read, whole, add_services=prepared.services)

    def _saved(self, read: ReadList, prepared: Prepared, given: ListInput) -> Status:
        """Show who gains and who loses, and save it where that is wanted."""
        with self._terminal.progress() as progress:
            progress.add_task("Working out who gains and who loses", total=None)

            def agreed(rehearsal: Rehearsal) -> bool:
                effect, ownerless = rehearsal.difference(), rehearsal.ownerless()
                self._report.effect(effect, rehearsal.breaks())
                # The bar makes room for it.
                progress.stop()
                if not self._asked.json:
                    if rehearsal.version != prepared.version:
                        line("The firm was changed meanwhile. The list was compared with it again.")
                    if not effect.empty:
                        line("This is what it would do to access:")
                    breaks, both_sides = rehearsal.breaks(), rehearsal.both_sides()
                    show_effect(self._known.firm, effect, ownerless, rehearsal.texts, breaks, both_sides)
                    line("")
                wanted = self._asks.whether_to_save()
                progress.start()
                return wanted

            file = _packed(given, self._asked.kind, read)
            try:
                version = save_list(read, prepared, self._known, agreed=agreed, file=file)
            except NotSaved as error:
                raise Fault(str(error)) from error
            except RowsRefused as error:
                self._write_faults([*refused_rows(error), *prepared.remarks])
                if not self._asked.json:
                    raise _refusal(error) from error
                self._report.refused(error)
                return Status.FAULTS
            except NothingLeft:
                version = 0
        return self._told(version)

    def _write_faults(self, faults: Sequence[RowFault]) -> None:
        """Everything that is wrong or odd as a file, where one was named. Raises `Fault`."""
        path = self._asked.faults
        if path is not None:
            write_faults(path, faults)
            self._terminal.say(f"{counted(len(faults), 'line')} on what is wrong or odd written to {path}.")

    def _told(self, version: int | None) -> Status:
        """What became of it: the firm's version, None where nobody wanted it, 0 where nothing was left."""
        dry_run = self._asked.dry_run
        if version is None:
            self._terminal.say("Nothing was saved: this was a dry run." if dry_run else "Nothing was saved.")
            return Status.DRY_RUN if dry_run else Status.NOT_SAVED
        if not version:
            self._terminal.say(
                "Nothing was left to do: the firm was changed meanwhile and has all of it already."
            )
            return Status.NOTHING_TO_DO
        self._terminal.say(f"Saved. The firm's ledger ends with entry {version:,}.")
        self._report.saved_as(version)
        return Status.SAVED


def _nothing(read: ReadList, prepared: Prepared) -> str:
    if not read.count:
        return "the list holds no row below its header"
    if prepared.lacks:
        return "the firm has all of the list already, and what is gone from it is left as it is"
    return "the firm has all of it already"


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


def _packed(given: ListInput, kind: ListKind, read: ReadList) -> PackedFile | None:
    """The file as it is kept with its entries; None where it has gone since it was read."""
    content = given.content()
    return None if content is None else pack_file(kind.value, given.source.name, content, read.count)


class Asks:
    """The questions that are asked where somebody sits at the terminal and gave no --yes."""

    def __init__(self, *, answered: bool, dry_run: bool) -> None:
        self._dry_run = dry_run
        self._asks = not answered and _somebody_is_there()

    def whether_to_add_services(self, read: ReadList, prepared: Prepared, known: KnownFirm) -> bool:
        """Whether to add the services that a list of clients names and the firm lacks."""
        if not self._asks or prepared.services or read.columns.kind is not ListKind.CLIENTS:
            return False
        missing = missing_services(read, known) if known.may_not_manage is None else {}
        if not missing:
            return False
        names = ", ".join(f"{shown(name)} ({counted(rows, 'row')})" for name, rows in missing.items())
        return click.confirm(f"The firm has no service {names}. Add with the list?", default=False)

    def whether_to_remove(self, prepared: Prepared) -> bool:
        """Whether to remove what is gone from the list; not asked of more than is believed."""
        if not self._asks or not prepared.lacks or any(each.braked(None) for each in prepared.gone):
            return False
        return click.confirm(f"Remove the {prepared.lacks:,} that are gone from the list?", default=False)

    def whether_to_save(self) -> bool:
        """Whether to save what was shown; where nobody can be asked, whoever called has decided already."""
        if self._dry_run:
            return False
        return not self._asks or click.confirm("Save this?", default=False)


def _somebody_is_there() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _refusal(error: RowsRefused) -> Fault:
    """Which rows were refused, and why; what is gone from the list is of no row."""
    rows = "Row" if len(error.lines) == 1 else "Rows"
    some = ", ".join(map(str, error.lines[:ROWS_NAMED]))
    more = f" and {len(error.lines) - ROWS_NAMED:,} more" if len(error.lines) > ROWS_NAMED else ""
    refusal = error.refused.refusal.value
    where = f"{rows} {some}{more}" if error.lines else "Removing what is gone from the list"
    return Fault(f"{where}: refused, {refusal}. {problem_text(error.refused)} Nothing was saved.")
