"""`ringfence …` as a process of its own, on a database that the test names."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support import forked

COMMAND = (sys.executable, "-m", "ringfence.cli")
PAGES = ("--role", "web", "--role", "jobs")
"""Of `serve`, for a test that asks for pages alone: other roles want ports of their own."""
SECONDS = 120


def environment(database: str, folder: Path, **more: str) -> dict[str, str]:
    """The environment of a child: this database, its data in `folder`."""
    ours = ("DJANGO_SETTINGS_MODULE", "RINGFENCE_TEST_", "RINGFENCE_SEED")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"RINGFENCE_DATABASE": database, "RINGFENCE_DATA": str(folder)} | more


def child(
    database: str, folder: Path, *arguments: str | Path, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return forked.run(list(map(str, arguments)), environment(database, folder, **more), SECONDS)


def succeeding(database: str, folder: Path, *arguments: str | Path, **more: str) -> str:
    """The same for what must succeed; what it printed."""
    done = child(database, folder, *arguments, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def refused(database: str, folder: Path, *arguments: str | Path, **more: str) -> str:
    """The same for a mistake: exit code 2 and no traceback; what was said on stderr."""
    done = child(database, folder, *arguments, **more)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr
