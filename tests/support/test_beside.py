"""Nothing that is red is lost where targets are made beside one another."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.beside import MAKE, beside

Run = Callable[[str, str], tuple[int, str]]

TARGETS = """
good better:
	@echo made $@
bad:
	@echo broken; exit 1
long:
	@trap 'echo taken away; exit 1' INT; echo begun; sleep 600 & wait
once-long-has-begun:
	@until grep -q begun {said}; do sleep 0.02; done; exit 1
"""


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Make targets behind and in front; the exit code, and all that was printed."""
    said, rules = tmp_path / "said", tmp_path / "rules"
    rules.write_text(TARGETS.format(said=said), "utf-8")

    def made(behind: str, front: str) -> tuple[int, str]:
        code = beside(behind.split(), front.split(), said, [*MAKE, "-f", str(rules)])
        return code, capfd.readouterr().out

    return made


def test_what_is_made_behind_is_told_whole_after_what_is_in_front(run: Run) -> None:
    assert run("good", "better good") == (0, "made better\nmade good\n== Beside: good\nmade good\n")


def test_what_is_red_behind_is_red(run: Run) -> None:
    code, said = run("bad good", "better")
    assert code == 1
    assert said.endswith("== Red: bad good\n")
    assert "broken\n" in said


def test_what_is_red_in_front_is_the_last_there(run: Run) -> None:
    code, said = run("good", "bad better")
    assert code == 1
    assert "made better" not in said


def test_what_is_red_in_front_ends_what_is_behind_which_takes_away_what_it_made(run: Run) -> None:
    code, said = run("long", "once-long-has-begun")
    assert code == 1
    file = Path(said.strip().rpartition(" ")[2])
    assert "taken away" in file.read_text("utf-8")
