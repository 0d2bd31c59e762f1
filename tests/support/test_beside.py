"""Nothing that is red is lost where targets are made beside one another."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.beside import MAKE, beside

Run = Callable[..., tuple[int, str]]

TARGETS = """
good better:
	@echo made $@
bad:
	@echo broken; exit 1
long:
	@trap 'echo taken away; exit 1' INT; touch {begun}; sleep 600 & wait
once-long-has-begun:
	@until test -e {begun}; do sleep 0.02; done; echo broken; exit 1
"""


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Make targets in lanes, the last in front; the exit code, and all that was printed."""
    rules = tmp_path / "rules"
    rules.write_text(TARGETS.format(begun=tmp_path / "begun"), "utf-8")

    def made(*lanes: str) -> tuple[int, str]:
        code = beside([lane.split() for lane in lanes], tmp_path, [*MAKE, "-f", str(rules)])
        return code, capfd.readouterr().out

    return made


def test_what_is_made_behind_is_told_whole_after_what_is_in_front(run: Run) -> None:
    code, said = run("good better", "good", "better good")
    assert code == 0
    front, *behind = said.split("== Beside: ")
    assert front == "made better\nmade good\n"
    assert behind == ["good better\nmade good\nmade better\n", "good\nmade good\n"]


@pytest.mark.parametrize("lanes", [("bad", "better"), ("good", "bad", "better"), ("better", "bad")])
def test_what_is_red_makes_the_whole_red_and_is_told(run: Run, lanes: tuple[str, ...]) -> None:
    code, said = run(*lanes)
    assert code == 1
    assert "broken\n" in said
    assert said.endswith("== Red: bad\n")


def test_what_is_red_keeps_neither_the_next_nor_the_other_lanes_from_being_made(run: Run) -> None:
    code, said = run("good", "bad good", "bad better")
    assert code == 1
    assert said.count("broken\n") == 2
    assert "made better\n" in said
    assert said.count("made good\n") == 2


def test_a_red_first_lane_ends_the_others_which_take_away_what_they_made(run: Run, tmp_path: Path) -> None:
    code, said = run("once-long-has-begun", "good", "long")
    assert code == 1
    assert "broken\n" in said
    assert "taken away\n" in said
    assert "== Ended: long\n" in said
