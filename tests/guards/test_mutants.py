"""`make test` tries one break of `make mutants`; of the others it asks that they still fit the sources."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.mutants import Mutant, read_mutants
from tests.mutants.__main__ import misfit

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutant", read_mutants(), ids=lambda mutant: mutant.rule)
def test_a_break_of_the_rules_fits_the_sources(mutant: Mutant) -> None:
    assert misfit(ROOT / "src", mutant) == ""


@pytest.mark.parametrize("mutant", read_mutants(), ids=lambda mutant: mutant.rule)
def test_the_tests_that_a_break_names_are_where_it_says(mutant: Mutant) -> None:
    wanted = set(re.findall(r"\w+", mutant.tests)) - {"and", "or", "not"}
    there = names_and_texts(ROOT / mutant.where)
    assert any(word in there for word in wanted), f"no test in {mutant.where} is named {mutant.tests!r}"


@cache
def names_and_texts(where: Path) -> str:
    """Of a file of tests, or of all in a folder and of the scenarios."""
    files = [where] if where.is_file() else [*where.rglob("test_*.py"), *(ROOT / "tests/truth").glob("*.*")]
    return "\n".join(f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in files)


def test_a_break_of_the_rules_is_noticed_by_a_test_that_it_names() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutants", "capitals make another name"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert "test_the_scenario_holds[authority-names.yaml" in done.stdout, done.stdout + done.stderr
    assert done.stdout.endswith("1 breaks: 1 noticed, 0 survived, 0 could not be judged\n")
