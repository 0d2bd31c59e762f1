"""`ringfence scenario`: what holds, what fails with its explanation, and files that are none."""

import json
from pathlib import Path

import pytest

from tests.cli.listing import refuse, run, succeed

FIRM = """
name: a team's level
firm: {profile: planning}
members: {John: {}}
groups: {Team A: [John]}
clients: {Acme: {}}
grants: [{to: {group: Team A}, on: Acme, level: editor}]
checks: [{member: John, client: Acme, level: LEVEL}]
"""


@pytest.fixture
def holding(tmp_path: Path) -> Path:
    path = tmp_path / "holds.yaml"
    path.write_text(FIRM.replace("LEVEL", "editor"))
    return path


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    path = tmp_path / "fails.yaml"
    path.write_text(FIRM.replace("LEVEL", "owner"))
    return path


def test_a_scenario_that_holds_is_counted(holding: Path) -> None:
    assert succeed("scenario", holding) == "1 statement in 1 scenario of 1 file: all hold.\n"


def test_a_failed_statement_is_printed_with_the_explanation_of_the_decision(failing: Path) -> None:
    done = run("scenario", failing)
    assert done.exit_code == 1
    assert "FAILED John on Acme: editor (group), expected owner" in done.output
    assert "group Team A has editor on Acme: won" in done.output


def test_one_failure_among_several_files_fails_them_all(holding: Path, failing: Path) -> None:
    done = run("scenario", holding, failing)
    assert done.exit_code == 1
    assert "2 statements in 2 scenarios of 2 files: 1 failed." in done.output


def test_programs_get_each_scenario_with_its_failures(holding: Path, failing: Path) -> None:
    done = run("scenario", holding, failing, "--json")
    assert [len(each["failures"]) for each in json.loads(done.stdout)] == [0, 1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"hello", "a scenario must be a mapping"),
        (b"members: [}", "this is not YAML"),
        (b"name: x\nmember: {}\n", "a scenario has no member"),
        (b"name: x\nmembers: {Ada: {}}\nclients: {Oak: {}}\n", "it states nothing"),
        (b"name: x\nsteps: [{at: 2026-02-01T00:00:00Z}]\n", "it states nothing"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"name: x\nchecks: [{member: Nobody, client: Acme, level: none}]", "there is no member"),
    ],
    ids=[
        "empty",
        "text",
        "broken",
        "unknown key",
        "nothing stated",
        "only the clock",
        "binary",
        "unknown member",
    ],
)
def test_a_file_that_is_no_scenario_is_a_mistake(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    assert said in refuse("scenario", path)


def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    assert "No such file" in refuse("scenario", tmp_path / "none.yaml")


def test_a_file_that_is_too_large_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * 10_000_001)
    assert "split it into several files" in refuse("scenario", path)
