"""The commands of docs/assurance.md about proof for outsiders, run as they are written."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.listing import run
from tests.support.repository import ROOT

WITHOUT = "env/bin/"
"""Where the page's environment is. Making it is left out: the program runs by itself."""


def blocks() -> list[list[str]]:
    page = (ROOT / "docs" / "assurance.md").read_text()
    section = page.partition("## Proof for outsiders\n")[2].partition("\n## ")[0]
    return [found.strip().splitlines() for found in re.findall(r"```sh\n(.*?)```", section, re.DOTALL)]


def follow(line: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """The exit code and what was said; what goes into a file is written there."""
    command, _, file = line.partition(" #")[0].partition(" > ")
    words = shlex.split(command)
    monkeypatch.chdir(folder)
    if words[0] == "ringfence":
        done: Result = run(*words[1:])
        code, said = done.exit_code, done.stdout
    else:
        if words[0] == f"{WITHOUT}python":
            words[:1] = [sys.executable, "-I"]
        finished = subprocess.run(words, capture_output=True, text=True, check=False)
        code, said = finished.returncode, finished.stdout
    if file:
        (folder / file.strip()).write_text(said)
    return code, said


def test_the_page_proves_a_ledger_and_refuses_an_altered_one_both_ways(
    agency: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    making, altering, elsewhere = blocks()
    told = [follow(line, tmp_path, monkeypatch) for line in making + altering]
    assert [code for code, _said in told] == [0, 0, 0, 0, 0, 0, 1]
    assert "The checkpoint proves entries 1 to" in told[4][1]
    (refused,) = re.findall("The first entry that differs: [0-9]+", told[6][1])
    (tmp_path / "verify_ledger.py").write_bytes((ROOT / "tools" / "verify_ledger.py").read_bytes())
    whole, altered = (follow(line, tmp_path, monkeypatch) for line in elsewhere if "verify_ledger.py" in line)
    assert (whole[0], altered[0]) == (0, 1)
    assert "The checkpoint proves entries 1 to" in whole[1]
    assert refused in altered[1]
