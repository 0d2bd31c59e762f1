"""`ringfence ledger verify | export | show`: the proof, the entries, the past."""

import csv
import json as text_json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from ringfence.access import Entry, Report, as_record, entries, note_export, place_of_last, verify
from ringfence.core.events import ExportTaken, RecordOpened
from ringfence.core.terms import Export, Thing
from ringfence.firms.models import Firm

from .faults import Fault
from .finding import find_firm
from .looking import Look, look
from .options import at_option, firm_option, json_option, moment_text
from .show import as_json, counted, line, table

COLUMNS = ("number", "at", "actor", "command", "self_access", "reason", "body", "texts", "previous", "hash")
LAST = 20
"""Entries that `show` lists unless told otherwise."""


@click.group()
def ledger() -> None:
    """Prove, export and read a firm's ledger."""


# --- The proof


@ledger.command("verify")
@firm_option
@click.option("--all", "every", is_flag=True, help="Every firm of the database.")
@json_option
@click.pass_context
def verify_(ctx: click.Context, firm: str | None, every: bool, json: bool) -> None:
    """Prove the chain whole, its texts untouched, and the tables what it says. Exit code 1 where not."""
    firms = list(Firm.objects.order_by("name_key")) if every else [find_firm(firm)]
    reports = [(each, verify(each.pk)) for each in firms]
    if json:
        as_json([_report_record(each, report) for each, report in reports])
    else:
        for each, report in reports:
            show_report(each, report)
    ctx.exit(0 if all(report.whole for _, report in reports) else 1)


def show_report(firm: Firm, report: Report) -> None:
    """One firm's result for people."""
    size = f"{counted(report.entries, 'entry', 'entries')}, {counted(report.texts, 'text')}"
    erased = f", {report.erased:,} erased" if report.erased else ""
    if report.whole:
        line(f"{firm.name}: whole. {size}{erased}. Head {report.head.hex()}")
        if report.future:
            line(f"  {report.future}")
        return
    line(f"{firm.name}: NOT WHOLE. {size}{erased}.")
    for problem in report.problems:
        line(f"  {problem}")


def _report_record(firm: Firm, report: Report) -> dict[str, Any]:
    return {
        "firm": firm.pk,
        "name": firm.name,
        "whole": report.whole,
        "entries": report.entries,
        "texts": report.texts,
        "erased": report.erased,
        "head": report.head.hex(),
        "future": report.future,
        "problems": list(report.problems),
    }


# --- Export


@ledger.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default="-")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), help="Else by the file's name.")
@click.option("--after", type=click.IntRange(min=0), default=0, help="Only entries after this number.")
@firm_option
def export(file: Path, form: str | None, after: int, firm: str | None) -> None:
    """Write every entry to FILE (- for standard output) as JSON Lines or CSV.

    `body` is what was hashed, so the chain can be proved from the export alone. That the ledger was exported
    is an entry too, written first: it comes with the next export.
    """
    found = find_firm(firm)
    if form is None:
        form = "csv" if file.suffix.lower() == ".csv" else "jsonl"
    with _opened(file) as out:
        note_export(found.pk, Export.LEDGER, max(found.version - after, 0))
        told = entries(found.pk, after=after, until=found.version)
        count = _write_csv(told, out) if form == "csv" else _write_lines(told, out)
    if str(file) != "-":
        line(f"{counted(count, 'entry', 'entries')} of {found.name} written to {file}.")


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    if str(file) == "-":
        yield sys.stdout
        return
    try:
        with file.open("x", encoding="utf-8", newline="") as out:
            try:
                yield out
            except BaseException:
                file.unlink()
                raise
    except FileExistsError as problem:
        raise Fault(f"{file} is there already: name another file, or remove it first.") from problem
    except OSError as problem:
        raise Fault(f"{file} cannot be written: {problem.strerror}.") from problem


def _write_lines(told: Iterable[Entry], out: TextIO) -> int:
    count = 0
    for entry in told:
        out.write(text_json.dumps(as_record(entry), ensure_ascii=False) + "\n")
        count += 1
    return count


def _write_csv(told: Iterable[Entry], out: TextIO) -> int:
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    count = 0
    for entry in told:
        record = as_record(entry)
        writer.writerow([_cell(record[column]) for column in COLUMNS])
        count += 1
    return count


def _cell(value: Any) -> str:
    """A cell that no spreadsheet runs: reasons are free text."""
    text = value if isinstance(value, str) else text_json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text


# --- The past


@ledger.command("show")
@at_option
@click.option("--last", type=click.IntRange(min=0), default=LAST, show_default=True, help="Entries to list.")
@click.option("--changes", is_flag=True, help="List no records opened and no exports taken.")
@firm_option
@json_option
def show(at: str | None, last: int, changes: bool, firm: str | None, json: bool) -> None:
    """Show the firm as it was at a moment, by replaying its ledger, and the last entries up to then.

    For "who could open this client then, and why", give --at to `ringfence who` and `ringfence why`.
    """
    seen = look(firm, at)
    place = place_of_last(seen.firm.pk, last, until=seen.version, noted=not changes)
    found = list(entries(seen.firm.pk, after=place, until=seen.version, noted=not changes))
    if json:
        as_json({**seen.head(), **_facts(seen), "entries": [as_record(entry) for entry in found]})
        return
    line(f"{seen.firm.name}{seen.when}, after entry {seen.version}:")
    for name, value in _facts(seen).items():
        line(f"  {name.replace('_', ' '):<16}{value}")
    if found:
        seen.labels.learn(Thing.CLIENT, _opened_records(found))
        rows = (_row(seen, entry) for entry in reversed(found))
        table(("Entry", "When", "Who", "Command", "Reason"), rows)


def _facts(seen: Look) -> dict[str, Any]:
    state = seen.moment.state
    return {
        "profile": state.settings.profile,
        "control": "on" if state.settings.control else "off",
        "members": len(state.members),
        "active_members": len(state.everyone),
        "groups": len(state.groups) - 1,
        "clients": len(state.register.clients),
        "engagements": len(state.register.engagements),
        "open_to_all": len(seen.moment.open_to_all),
        "walls": len(state.walls),
        "delegations": len(state.delegations),
        "requests": len(state.requests),
    }


def _row(seen: Look, entry: Entry) -> tuple[object, ...]:
    member = entry.actor.member
    who = "operator" if member is None else seen.labels.name(Thing.MEMBER, member)
    return entry.number, moment_text(entry.at, seen.names.zone), who, _what(seen, entry), entry.reason


def _what(seen: Look, entry: Entry) -> str:
    """The command, and what was only noted with what it is about."""
    match entry.events:
        case (RecordOpened(client=client),):
            return f"{entry.command}: {seen.labels.client(client)}"
        case (ExportTaken(what=what, rows=rows),):
            return f"{entry.command}: {what.value}, {counted(rows, 'row')}"
        case _:
            return f"{entry.command} (gave its actor access)" if entry.self_access else entry.command


def _opened_records(found: Iterable[Entry]) -> list[int]:
    return [event.client for entry in found for event in entry.events if isinstance(event, RecordOpened)]
