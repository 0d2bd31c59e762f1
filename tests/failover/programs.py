"""The programs of others that a cluster is made of, from Debian: found, or installed with apt.

`python -m tests.failover.programs` makes sure that they are there. What is missing is an error that names the
package.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = ("postgresql-15", "patroni", "etcd-server", "python3-etcd", "iproute2")
POSTGRES = Path("/usr/lib/postgresql/15/bin")
PROGRAMS = ("patroni", "etcd", "ip", str(POSTGRES / "postgres"))
USER = "postgres"
"""Whom Debian's package makes: PostgreSQL does not run as root."""


class ProgramsMissing(RuntimeError):
    """The cluster cannot be made here; the message says what to install."""


def missing() -> list[str]:
    """The programs that are not here."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    return [each for each in PROGRAMS if shutil.which(each, path=path) is None]


def ensure() -> None:
    """Install what is missing where this is root on a machine with apt; else raise `ProgramsMissing`."""
    if not missing():
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise ProgramsMissing(f"{', '.join(missing())} missing: install Debian's {' '.join(PACKAGES)}")
    sys.stderr.write(f"Installing {' '.join(PACKAGES)} with apt-get …\n")
    # No package starts a server of its own, and none makes a cluster.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    config = Path("/etc/postgresql-common/createcluster.conf")
    if not config.exists():
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text("create_main_cluster = false\n")
    quiet = ["-qq", "-o", "Dpkg::Use-Pty=0", "-o", "Dpkg::Options::=--force-confold"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        run = subprocess.run(
            ["apt-get", *quiet, *command], env=environment, capture_output=True, check=False, text=True
        )
        if run.returncode != 0:
            raise ProgramsMissing(f"apt-get {' '.join(command)} failed:\n{run.stdout}{run.stderr}")
    if missing():
        raise ProgramsMissing(f"{', '.join(missing())} still missing after installing")


if __name__ == "__main__":
    try:
        ensure()
    except ProgramsMissing as fault:
        sys.exit(str(fault))
