"""Whatever a command writes is for its user alone, however open the shell leaves new files."""

import stat
import subprocess
from pathlib import Path

from tests.cli.children import COMMAND, SECONDS, environment


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folder_database_key_and_backup_are_for_their_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    database = f"sqlite:///{folder / 'ringfence.sqlite3'}"
    run = environment(database, folder)
    del run["RINGFENCE_SECRET_KEY"]
    for arguments in (("migrate",), ("backup", str(folder / "all.zip"))):
        subprocess.run([*COMMAND, *arguments], env=run, check=True, timeout=SECONDS, umask=0o000)
    assert rights(folder) == 0o700
    assert {path.name: rights(path) for path in folder.iterdir() if rights(path) != 0o600} == {}
    assert {"ringfence.sqlite3", "secret-key", "all.zip"} <= {path.name for path in folder.iterdir()}
