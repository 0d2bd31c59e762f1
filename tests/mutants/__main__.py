"""Runs the mutants: `python -m tests.mutants [WORD…]` breaks the rules whose text holds a word, or all.

Each break is made in a copy of `src/`, never in the checkout, and judged by a process of its own, forked from
this one, which holds pytest and the libraries but nothing of the product and of its tests.
Exits 1 where a break survives or fits no more.
"""

import importlib
import multiprocessing
import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from tests.mutants import Mutant, read_mutants
from tests.support.seed import SHRINK_VARIABLE
from tests.support.seed import VARIABLE as SEED_VARIABLE

ROOT = Path(__file__).parents[2]
NEEDED = ("src", "tests", "docs", "pyproject.toml")
PACKAGE = "ringfence"
WORKERS = 2
# What takes longest to import of that which the tests need.
LIBRARIES = ("django.test", "hypothesis.strategies", "pyroaring", "pytest_django.plugin")
# Which test is red is all that is asked: neither what stood in its way nor where it got to.
QUIET = ("-q", "--no-header", "--tb=no", "--assert=plain", "-p", "no:cacheprovider")
FIRST_RED_ENDS = ("-x", "-p", "no:xdist")
BOTH_CORES = (f"--numprocesses={WORKERS}", "--dist=worksteal")


class Fate(NamedTuple):
    """What became of a break."""

    red: str
    """The first test that turned red; empty where none did."""
    trouble: str = ""
    """Why the break could not be judged."""


class Run(NamedTuple):
    """How a run of pytest ended, which test was the first red one, and the end of what was printed."""

    code: int
    red: str
    said: str


class FirstRed:
    """A plugin of pytest that remembers the first test that failed."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid.removeprefix("tests/")


def still_copy(place: str) -> Path:
    """A copy of all that the tests need, so that a run sees one state of files that go on being edited."""
    still = Path(place, "still")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, still / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, still / name)
    return still


def move_into(still: Path, source: Path) -> None:
    """Have this process, and those that it starts, find the tests in the copy and the product in `source`."""
    os.chdir(still)
    sys.path[:] = [str(source), str(still), *(entry for entry in sys.path if entry not in {"", str(ROOT)})]
    for name in [name for name in sys.modules if name.partition(".")[0] in {"tests", PACKAGE}]:
        del sys.modules[name]
    os.environ["PYTHONPATH"] = str(source)
    # The same worlds for every break, and no time spent on making a failing one small.
    os.environ[SEED_VARIABLE] = "1"
    os.environ[SHRINK_VARIABLE] = "no"


def run(*choice: str) -> Run:
    """Run the chosen tests in this process, which is of no use afterwards."""
    first = FirstRed()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        for printed in (1, 2):
            os.dup2(said.fileno(), printed)
        code = pytest.main([*QUIET, *choice], plugins=[first])
        sys.stdout.flush()
        said.seek(0)
        return Run(int(code), first.name, said.read()[-3000:])


def misfit(source: Path, mutant: Mutant) -> str:
    """Which edit does not fit these sources, if any."""
    for edit in mutant.edits:
        found = (source / PACKAGE / edit.file).read_text(encoding="utf-8").count(edit.old)
        if found != 1:
            return f"out of date: {edit.file} holds {found} times, not once: {edit.old!r}"
    return ""


def fate_of(still: Path, mutant: Mutant) -> Fate:
    """Break one rule and look for a red test among those that are to notice."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as place:
        source = Path(shutil.copytree(still / "src", Path(place, "src")))
        if trouble := misfit(source, mutant):
            return Fate("", trouble)
        for edit in mutant.edits:
            path = source / PACKAGE / edit.file
            path.write_text(path.read_text(encoding="utf-8").replace(edit.old, edit.new), encoding="utf-8")
        move_into(still, source)
        done = run(*FIRST_RED_ENDS, mutant.where, "-k", mutant.tests)
    if done.code == pytest.ExitCode.NO_TESTS_COLLECTED:
        return Fate("", f"no test is named {mutant.tests!r}")
    if done.red or done.code == pytest.ExitCode.OK:
        return Fate(done.red)
    return Fate("", f"the tests did not run:\n{done.said[-600:]}")


def without_a_break(still: Path, mutants: list[Mutant]) -> Run:
    """Run the tests that are to notice on the unbroken copy: red means broken only where these are green."""
    move_into(still, still / "src")
    places = sorted({mutant.where for mutant in mutants})
    names = " or ".join(sorted({mutant.tests for mutant in mutants}))
    return run(*BOTH_CORES, *places, "-k", names)


def main(words: list[str]) -> int:
    everything = read_mutants()
    chosen = [
        one for one in everything if not words or any(word in f"{one.rule}: {one.breaks}" for word in words)
    ]
    if not chosen:
        click.echo(f"No rule that is broken here holds any of: {', '.join(words)}")
        return 2
    survived = unjudged = 0
    for library in LIBRARIES:
        importlib.import_module(library)
    forked = multiprocessing.get_context("fork")
    with (
        tempfile.TemporaryDirectory(prefix="mutants-") as place,
        forked.Pool(WORKERS, maxtasksperchild=1) as pool,
    ):
        still = still_copy(place)
        sound = pool.apply(without_a_break, (still, chosen))
        if sound.code != pytest.ExitCode.OK:
            click.echo(f"Red without any break, so nothing can be learnt:\n{sound.said}")
            return 2
        for mutant, fate in zip(chosen, pool.imap(partial(fate_of, still), chosen), strict=True):
            survived += not fate.red and not fate.trouble
            unjudged += bool(fate.trouble)
            click.echo(f"rules.md {mutant.rule}: {mutant.breaks}")
            click.echo(f"    {fate.red or fate.trouble or f'SURVIVED {mutant.tests}'}")
    noticed = len(chosen) - survived - unjudged
    click.echo(
        f"{len(chosen)} breaks: {noticed} noticed, {survived} survived, {unjudged} could not be judged"
    )
    return 1 if survived or unjudged else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
