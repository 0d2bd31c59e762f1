"""Runs the mutants: `python -m tests.mutants [WORD…]` breaks the rules whose text holds a word, or all.

Each break is made in a copy of `src/`, never in the checkout. Exits 1 where a break survives or fits no more.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from tests.mutants import Mutant, read_mutants

ROOT = Path(__file__).parents[2]
NEEDED = ("src", "tests", "docs", "pyproject.toml")
PACKAGE = "ringfence"
WORKERS = 2
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider")
RED = re.compile(r"^FAILED tests/(.+?)(?: - .*)?$", re.MULTILINE)
GREEN, SOME_RED, NONE_CHOSEN = 0, 1, 5
"""What pytest exits with."""


class Fate(NamedTuple):
    mutant: Mutant
    red: str
    """The first test that turned red; empty where none did."""
    trouble: str = ""
    """Why the break could not be judged."""


def still_copy(place: str) -> Path:
    """A copy of all that the tests need, so that a run sees one state of files that go on being edited."""
    still = Path(place, "still")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, still / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, still / name)
    return still


def run(still: Path, source: Path, *choice: str) -> "subprocess.CompletedProcess[str]":
    """The chosen tests, as copied, against these sources."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(source),
        "PYTHONDONTWRITEBYTECODE": "1",
        # The same worlds for every break, and no time spent on making a failing one small.
        "RINGFENCE_SEED": "1",
        "RINGFENCE_SHRINK": "no",
    }
    return subprocess.run(
        [*PYTEST, *choice], cwd=still, env=environment, capture_output=True, text=True, check=False
    )


def misfit(source: Path, mutant: Mutant) -> str:
    """Which edit does not fit these sources, if any."""
    for edit in mutant.edits:
        found = (source / PACKAGE / edit.file).read_text(encoding="utf-8").count(edit.old)
        if found != 1:
            return f"out of date: {edit.file} holds {found} times, not once: {edit.old!r}"
    return ""


def fate_of(still: Path, mutant: Mutant) -> Fate:
    """Break one rule and look for a red test: first among those that are to notice, then among all."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as place:
        source = Path(shutil.copytree(still / "src", Path(place, "src")))
        if trouble := misfit(source, mutant):
            return Fate(mutant, "", trouble)
        for edit in mutant.edits:
            path = source / PACKAGE / edit.file
            path.write_text(path.read_text(encoding="utf-8").replace(edit.old, edit.new), encoding="utf-8")
        for choice in ((mutant.where, "-k", mutant.tests), (mutant.where,)):
            done = run(still, source, *choice)
            if done.returncode == NONE_CHOSEN:
                return Fate(mutant, "", f"no test is named {mutant.tests!r}")
            if done.returncode == SOME_RED and (red := RED.search(done.stdout)):
                return Fate(mutant, red[1])
            if done.returncode != GREEN:
                return Fate(mutant, "", f"the tests did not run:\n{done.stdout[-600:]}{done.stderr[-600:]}")
    return Fate(mutant, "")


def sound(still: Path, mutants: list[Mutant]) -> bool:
    """Whether the tests that are to notice are green on the unbroken copy, so that red means broken."""
    places = sorted({mutant.where for mutant in mutants})
    names = " or ".join(sorted({mutant.tests for mutant in mutants}))
    done = run(still, still / "src", *places, "-k", names)
    if done.returncode != GREEN:
        click.echo(f"Red without any break, so nothing can be learnt:\n{done.stdout[-3000:]}{done.stderr}")
    return done.returncode == GREEN


def main(words: list[str]) -> int:
    everything = read_mutants()
    chosen = [
        one for one in everything if not words or any(word in f"{one.rule}: {one.breaks}" for word in words)
    ]
    if not chosen:
        click.echo(f"No rule that is broken here holds any of: {', '.join(words)}")
        return 2
    survived = unjudged = 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as place, ThreadPoolExecutor(WORKERS) as pool:
        still = still_copy(place)
        if not sound(still, chosen):
            return 2
        for fate in pool.map(partial(fate_of, still), chosen):
            survived += not fate.red and not fate.trouble
            unjudged += bool(fate.trouble)
            click.echo(f"rules.md {fate.mutant.rule}: {fate.mutant.breaks}")
            click.echo(f"    {fate.red or fate.trouble or 'SURVIVED'}")
    noticed = len(chosen) - survived - unjudged
    click.echo(
        f"{len(chosen)} breaks: {noticed} noticed, {survived} survived, {unjudged} could not be judged"
    )
    return 1 if survived or unjudged else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
