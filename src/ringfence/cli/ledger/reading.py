"""`ringfence ledger checkpoint | export | show`: the entries, and the firm as it was.

How a ledger is proved is in `proved`, what is said of that in `report`.
"""

import csv
import json as text_json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import click

from ringfence.access import (
    Entry,
    checkpoints,
    drop_checkpoints,
    entries,
    firm_state,
    make_checkpoints,
    note_export,
    place_of_last,
)
from ringfence.access.proof import ledger_lines
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import find_firm
from ringfence.cli.naming.looking import Look, look
from ringfence.cli.options import at_option, firm_option, json_option, moment_text
from ringfence.cli.sentences import worded
from ringfence.cli.show import as_json, counted, line, table
from ringfence.core.terms import Export
from ringfence.firms.models import Firm
from ringfence.lists.rows.cell_texts import neutralise

from .entries import EntryNames, record_of, told
from .undo import undo

COLUMNS = (
    "number",
    "at",
    "actor",
    "actor_name",
    "command",
    "what",
    "self_access",
    "reason",
    "events",
    "names",
    "body",
    "texts",
    "previous",
    "hash",
)
PAGE = 100
"""Entries whose names are read at once."""
LAST = 20
"""Entries that `show` lists unless told otherwise."""


@click.group()
def ledger() -> None:
    """Prove, export and read a firm's ledger, and take an entry back."""


ledger.add_command(undo)


# --- Checkpoints


@ledger.command()
@firm_option
@click.option("--all", "every", is_flag=True, help="Every firm of the database.")
@click.option("--anew", is_flag=True, help="Take out those that are there first, whatever they hold.")
def checkpoint(firm: str | None, every: bool, anew: bool) -> None:
    """Make the checkpoints from which questions about the past are answered.

    The background makes them by itself; this does it now.
    """
    for each in list(Firm.objects.order_by("name_key")) if every else [find_firm(firm)]:
        if anew:
            drop_checkpoints(each.pk)
        made = make_checkpoints(each.pk)
        line(f"{each.name}: {counted(made, 'checkpoint')} made, {len(checkpoints(each.pk)):,} in all.")


# --- Export


@ledger.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default="-")
@click.option(
    "--format", "form", type=click.Choice(["proof", "jsonl", "csv"]), help="Else by the file's name."
)
@click.option("--after", type=click.IntRange(min=0), default=0, help="Only entries after this number.")
@firm_option
def export(file: Path, form: str | None, after: int, firm: str | None) -> None:
    """Write every entry to FILE (- for standard output).

    As `proof` (a file called .ledger) nothing stands in it but what is hashed: it proves itself anywhere, by
    `ringfence ledger verify --export` or tools/verify_ledger.py (docs/ledger-file.md).

    As `jsonl` or `csv` it is for reading: `what` says in sentences what each entry did, `events` the same in
    plain numbers, `names` what those are called, `body` what was hashed. That the ledger was exported is an
    entry too, written first: it comes with the next export.
    """
    found = find_firm(firm)
    if form is None:
        form = {".csv": "csv", ".ledger": "proof"}.get(file.suffix.lower(), "jsonl")
    if form == "proof":
        if after:
            raise Fault("A ledger that proves itself begins with its first entry: leave --after out.")
        note_export(found.pk, Export.LEDGER, found.version)
        with _opened(file) as out:
            count = sum(_write_line(out, each) for each in ledger_lines(found.pk)) - 1
        if str(file) != "-":
            line(f"{counted(count, 'line')} of the ledger of {found.name} written to {file}.")
        return
    with _opened(file) as out:
        note_export(found.pk, Export.LEDGER, max(found.version - after, 0))
        records = _records(found, after)
        count = _write_csv(records, out) if form == "csv" else _write_lines(records, out)
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


def _records(firm: Firm, after: int) -> Iterator[dict[str, Any]]:
    """The entries after a number as records, with names as they are now, also of what is gone."""
    names = EntryNames(firm, firm.version, firm_state(firm.pk).moment.state.register)
    told = entries(firm.pk, after=after, until=firm.version)
    while some := list(islice(told, PAGE)):
        names.learn_all(some)
        yield from (record_of(entry, names) for entry in some)


def _write_line(out: TextIO, written: bytes) -> int:
    out.write(written.decode())
    return 1


def _write_lines(records: Iterable[dict[str, Any]], out: TextIO) -> int:
    count = 0
    for record in records:
        out.write(text_json.dumps(record, ensure_ascii=False) + "\n")
        count += 1
    return count


def _write_csv(records: Iterable[dict[str, Any]], out: TextIO) -> int:
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    count = 0
    for record in records:
        said = {**record, "what": "; ".join(record["what"])}
        writer.writerow([_cell(said[column]) for column in COLUMNS])
        count += 1
    return count


def _cell(value: Any) -> str:
    return neutralise(value if isinstance(value, str) else text_json.dumps(value, ensure_ascii=False))


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
    place = place_of_last(seen.firm.pk, min(last, seen.version), until=seen.version, noted=not changes)
    found = list(entries(seen.firm.pk, after=place, until=seen.version, noted=not changes))
    names = EntryNames(seen.firm, seen.version, seen.moment.state.register)
    if json:
        names.learn_all(found)
        as_json({**seen.head(), **_facts(seen), "entries": [record_of(entry, names) for entry in found]})
        return
    line(f"{seen.firm.name}{seen.when}, after entry {seen.version}:")
    for name, value in _facts(seen).items():
        called = worded(_MARKED.get(name, name.replace("_", " ")))
        line(f"  {called:<28}{value}")
    if found:
        rows = (_row(entry, names, seen.names.zone) for entry in reversed(found))
        table(("Entry", "When", "Who", "Command", "What", "Reason"), rows)


_MARKED = {
    "members": "[members]",
    "active_members": "active [members]",
    "groups": "[groups]",
    "clients": "[clients]",
    "engagements": "services of [clients]",
    "open_to_all": "services open to all",
}


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
        "policies": len(state.policies),
        "delegations": len(state.delegations),
        "requests": len(state.requests),
    }


def _row(entry: Entry, names: EntryNames, zone: ZoneInfo) -> tuple[object, ...]:
    member = entry.actor.member
    who = "operator" if member is None else names.member(member)
    return entry.number, moment_text(entry.at, zone), who, entry.command, told(entry, names), entry.reason
