"""`ringfence ledger verify`: a firm's ledger proved, or a file of one, which needs no database of ours."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from ringfence.cli.faults import Fault
from ringfence.cli.options import firm_option, json_option
from ringfence.cli.setup import set_up
from ringfence.cli.show import as_json, counted, line
from ringfence.proof.ledger_file import FileReport, prove_file
from ringfence.proof.notes import BadKey, VerifierKey, read_key
from ringfence.proof.stamps import NoStamp, StampUnproved, read_stamp

from .checkpoint_files import head_in, note_in

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@firm_option
@click.option("--all", "every", is_flag=True, help="Every firm of the database.")
@click.option(
    "--against",
    "checkpoints",
    type=_FILE,
    multiple=True,
    metavar="CHECKPOINT",
    help="Prove besides that it is the ledger that this signed checkpoint is of; may be repeated.",
)
@click.option(
    "--export", "file", type=_FILE, help="Prove this export (`--format proof`): no database is asked."
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help="The firm's public key, or a file of keys, by which the checkpoint was signed.",
)
@click.option(
    "--stamp", "stamps", type=_FILE, multiple=True, help="The time stamp of the checkpoint in the same place."
)
@click.option("--roots", type=_FILE, help="The certificates (PEM) of the authority for time stamps.")
@json_option
@click.pass_context
def verify(
    ctx: click.Context,
    firm: str | None,
    every: bool,
    checkpoints: tuple[Path, ...],
    file: Path | None,
    keys: tuple[str, ...],
    stamps: tuple[Path, ...],
    roots: Path | None,
    json: bool,
) -> None:
    """Prove the chain whole, its texts untouched, and the tables what it says. Exit code 1 where not.

    The proof begins with the first entry, always: checkpoints shorten nothing of it, and are proved too.

    With --export a file is proved instead, on any machine: each entry, each word; with --against, that all
    up to the checkpoint is as it was when the firm signed it. The first entry that differs is named.
    """
    given = [key for text in keys for key in _keys(text)]
    if len(stamps) > len(checkpoints):
        raise Fault("A time stamp is of a checkpoint: say with --against of which, in the same order.")
    # Each of them is told, whatever the ones before it proved.
    shown = [_show_stamp(stamp, path, roots) for stamp, path in zip(stamps, checkpoints, strict=False)]
    stamped = all(shown)
    if file is not None:
        if checkpoints and not given:
            raise Fault(
                "Say with --key by which public key the checkpoint is signed. The firm shows it on its page"
                " “Proof for outsiders”; take it from there once, by a way that you trust."
            )
        heads = [head_in(path, given) for path in checkpoints]
        with _read(file) as lines:
            report = prove_file(lines, heads)
        _show_file(report, file, json)
        ctx.exit(1 if report.problem or not stamped else 0)
    if checkpoints and every:
        raise Fault("A checkpoint is of one firm's ledger: leave --all out.")
    set_up()
    # It stands on the database, which a file is proved without.
    from .proved import prove_firms

    proved = prove_firms(firm, every, checkpoints, given, json)
    ctx.exit(0 if proved and stamped else 1)


def _keys(text: str) -> list[VerifierKey]:
    """The keys that are named: one, or those of a file, a line each. Raises `Fault`."""
    if "+" in text and not Path(text).exists():
        return [_key(text)]
    try:
        lines = Path(text).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise Fault(
            f"--key {text} is neither a public key (name+0123abcd+AW…=) nor a file of them."
        ) from problem
    return [_key(each) for each in lines if each.strip()]


def _key(text: str) -> VerifierKey:
    try:
        return read_key(text)
    except BadKey as problem:
        raise Fault(f"--key: {problem}.") from problem


def _show_stamp(stamp: Path, checkpoint: Path, roots: Path | None) -> bool:
    """Whether it proves when the checkpoint was there. Raises `Fault` for what is no time stamp."""
    if roots is None:
        raise Fault("A time stamp is proved with --roots: the certificates of its authority.")
    try:
        found = read_stamp(stamp.read_bytes(), note_in(checkpoint).encode(), roots=roots)
    except OSError as problem:
        raise Fault(f"{stamp} cannot be read: {problem.strerror}.") from problem
    except StampUnproved as problem:
        click.echo(f"{stamp} does not prove when {checkpoint} was there: {problem}.", err=True)
        return False
    except NoStamp as problem:
        raise Fault(f"{stamp}: {problem}.") from problem
    click.echo(
        f"{checkpoint}: was there on {found.at:%Y-%m-%d at %H:%M:%S} UTC, its time stamp proves.", err=True
    )
    return True


@contextmanager
def _read(path: Path) -> Iterator[IO[bytes]]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        with path.open("rb") as lines:
            yield lines
    except OSError as problem:
        raise Fault(f"The export {path} cannot be read: {problem.strerror}.") from problem


def _show_file(report: FileReport, path: Path, json: bool) -> None:
    if json:
        as_json(
            {
                "whole": not report.problem,
                "firm": report.firm,
                "entries": report.entries,
                "texts": report.texts,
                "erased": report.erased,
                "withheld": report.withheld,
                "head": report.head,
                "proved_by_checkpoints": report.covered,
                "first_that_differs": report.entry,
                "problem": report.problem,
            }
        )
        return
    size = f"{counted(report.entries, 'entry', 'entries')}, {counted(report.texts, 'text')}"
    erased = f", {report.erased:,} erased" if report.erased else ""
    if report.problem:
        line(f"{path}: REFUSED. {report.problem}")
        if report.entry:
            line(f"  The first entry that differs: {report.entry}")
        return
    line(f"{path}: whole. {size}{erased}. Head {report.head}")
    if report.withheld:
        line(f"  {counted(report.withheld, 'text')} withheld: nothing is proved of them.")
    line(f"  It is the ledger of the firm {report.firm}.")
    if report.covered:
        line(f"  The checkpoint proves entries 1 to {report.covered}.")
    if report.covered < report.entries:
        line(f"  No checkpoint given proves entries {report.covered + 1} to {report.entries}.")
