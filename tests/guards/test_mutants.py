"""The breaks of `make mutants` are not tried by `make test`; that they still fit the sources is."""

from pathlib import Path

import pytest

from tests.mutants import Mutant, read_mutants
from tests.mutants.__main__ import misfit

SOURCE = Path(__file__).parents[2] / "src"


@pytest.mark.parametrize("mutant", read_mutants(), ids=lambda mutant: mutant.rule)
def test_a_break_of_the_rules_fits_the_sources(mutant: Mutant) -> None:
    assert misfit(SOURCE, mutant) == ""
