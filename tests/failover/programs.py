"""The programs of others that a cluster is made of, from Debian: found, or installed with apt.

`python -m tests.failover.programs` makes sure that they are there. What is missing is an error that names the
package.
"""

import os
import shutil
import sys
from pathlib import Path

from tests.support.debian import ProgramMissing, can_install, install

PACKAGES = ("postgresql-15", "patroni", "etcd-server", "python3-etcd", "iproute2")
POSTGRES = Path("/usr/lib/postgresql/15/bin")
PROGRAMS = ("patroni", "etcd", "ip", str(POSTGRES / "postgres"))
USER = "postgres"
"""Whom Debian's package makes: PostgreSQL does not run as root."""


def missing() -> list[str]:
    """The programs that are not here."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    return [each for each in PROGRAMS if shutil.which(each, path=path) is None]


def ensure() -> None:
    """Install what is missing where this is root on a machine with apt; else raise `ProgramMissing`."""
    if not missing():
        return
    if not can_install():
        raise ProgramMissing(f"{', '.join(missing())} missing: install Debian's {' '.join(PACKAGES)}")
    # None makes a cluster.
    config = Path("/etc/postgresql-common/createcluster.conf")
    if not config.exists():
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text("create_main_cluster = false\n")
    install(PACKAGES)
    if missing():
        raise ProgramMissing(f"{', '.join(missing())} still missing after installing")


if __name__ == "__main__":
    try:
        ensure()
    except ProgramMissing as fault:
        sys.exit(str(fault))
