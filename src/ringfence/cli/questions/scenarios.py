"""`ringfence scenario FILE…`: plays scenario files without a server, a database or Django (rules.md 8)."""

from pathlib import Path
from typing import Any

import click

from ringfence.cli.faults import Fault
from ringfence.cli.show import as_json, counted, line
from ringfence.core.scenario import Played, ScenarioFault, run

LARGEST = 10_000_000
"""Bytes of a file that is read at all."""


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "json", is_flag=True, help="Write JSON, for programs.")
@click.pass_context
def scenario(ctx: click.Context, files: tuple[Path, ...], json: bool) -> None:
    """Play scenario files (YAML or JSON) in memory and say which statements do not hold.

    Exit code 1 where a statement failed, 2 where a file is no scenario; nothing is played then.
    """
    texts = {path: _read(path) for path in files}
    results = [(path, outcome) for path, text in texts.items() for outcome in _played(path, text)]
    failed = sum(len(outcome.failures) for _, outcome in results)
    if json:
        as_json([_as_record(path, outcome) for path, outcome in results])
    else:
        for path, outcome in results:
            if outcome.failures:
                _show(path, outcome)
        statements = counted(sum(outcome.statements for _, outcome in results), "statement")
        scenarios, listed = counted(len(results), "scenario"), counted(len(files), "file")
        line(f"{statements} in {scenarios} of {listed}: {f'{failed:,} failed' if failed else 'all hold'}.")
    ctx.exit(1 if failed else 0)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise Fault(f"{path} has more than {LARGEST:,} bytes: split it into several files.")
        return path.read_text("utf-8-sig")
    except OSError as problem:
        raise Fault(f"{path} cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        raise Fault(f"{path} is no text in UTF-8: save it as UTF-8.") from problem


def _played(path: Path, text: str) -> list[Played]:
    try:
        return run(text)
    except ScenarioFault as fault:
        raise Fault(f"{path}: {fault}") from fault
    except RecursionError as fault:
        raise Fault(f"{path}: it is nested too deeply to be a scenario.") from fault


def _show(path: Path, outcome: Played) -> None:
    line(f"{path}: {outcome.name}")
    for failure in outcome.failures:
        first, *rest = failure.splitlines()
        line(f"  FAILED {first}")
        for text in rest:
            line(f"  {text}")


def _as_record(path: Path, outcome: Played) -> dict[str, Any]:
    return {
        "file": str(path),
        "scenario": outcome.name,
        "statements": outcome.statements,
        "failures": list(outcome.failures),
    }
