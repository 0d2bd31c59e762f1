"""Programs of Debian that tests need: installed with apt where this is root on a machine that has it.

A program that is missing is an error that names its package, never a skipped test. Not here: which programs
there are, and how they are found and started.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

QUIET = ("-qq", "-o", "Dpkg::Use-Pty=0", "-o", "Dpkg::Options::=--force-confold")
# No package asks anything, and none starts a server of its own.
ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}


class ProgramMissing(RuntimeError):
    """A program is not on this machine; the message says what to install."""


def can_install() -> bool:
    """Whether this is root on a machine with apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str]) -> None:
    """Install them, one call after the other where several processes do; `ProgramMissing` where apt fails."""
    sys.stderr.write(f"Installing {' and '.join(packages)} with apt-get …\n")
    with (Path(tempfile.gettempdir()) / "ringfence-tests-apt.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            run = subprocess.run(
                ["apt-get", *QUIET, *command],
                env=os.environ | ENVIRONMENT,
                capture_output=True,
                check=False,
                text=True,
            )
            if run.returncode != 0:
                raise ProgramMissing(f"apt-get {' '.join(command)} failed:\n{run.stdout}{run.stderr}")
