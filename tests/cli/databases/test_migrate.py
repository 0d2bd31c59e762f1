"""`ringfence migrate` as processes: it makes the file, and two at once wait for each other."""

import stat
import subprocess
from pathlib import Path

from tests.cli.children import COMMAND, environment, refused


def test_two_migrations_at_once_both_end_well(tmp_path: Path) -> None:
    file = tmp_path / "ringfence.sqlite3"
    both = [
        subprocess.Popen(
            [*COMMAND, "migrate"],
            env=environment(f"sqlite:///{file}", tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [each.communicate()[0] for each in both]
    assert said == ["The tables are up to date.\n"] * 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_database_in_a_folder_that_is_not_there_says_to_make_it(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    said = refused(f"sqlite:///{missing}/ringfence.sqlite3", tmp_path, "migrate")
    assert f"{missing} cannot be opened: No such file or directory. Make the folder." in said
