"""A firm compared with its whole directory where nothing has changed: by a real LDAP server, and by a list.

`python -m benchmarks.bench_directory DATABASE`. Each is the command as an operator types it, from start to
end; the middle of three. Everybody is in ten of two hundred groups. `RINGFENCE_BENCH_USERS` makes a smaller
firm.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.support.directory_server import (
    BASE,
    PASSWORD,
    ROOT,
    DirectoryServer,
    directory_server,
    group,
    person,
)

from .bench_decide import own_database
from .measure import Figure, set_up_django

USERS = int(os.environ.get("RINGFENCE_BENCH_USERS", "10000"))
GROUPS, EACH_IN = 200, 10
ROUNDS = 3
NOTHING_TO_DO = 3
"""The exit code of both commands where the firm is as its directory says."""
RINGFENCE = str(Path(sys.executable).with_name("ringfence"))


def main(url: str) -> list[Figure]:
    with own_database(url) as own, tempfile.TemporaryDirectory(prefix="ringfence-bench-") as data:
        os.environ |= {"RINGFENCE_DATABASE": own, "RINGFENCE_DATA": data}
        set_up_django()
        from ringfence.access import create_firm

        create_firm("Bench", "agency", admin_email="owen@bench.example")
        what = f"a sync of {USERS:,} unchanged members in {GROUPS} groups, {{}}"
        with slapd() as server:
            _set_up(server, Path(data))
            told = ["directory", "sync"]
            assert _run(*told).returncode == 0
            taken = [_unchanged(what.format("LDAP"), told)]
        staff = Path(data) / "staff.csv"
        staff.write_bytes(_as_list())
        told = ["import", "members", str(staff), "--sync", "--remove", "--yes"]
        return [*taken, _unchanged(what.format("a list"), told)]


def _as_list() -> bytes:
    rows = [
        f"Person {each},p{each}@example.com,00000000-0000-4000-8000-{each:012},{'; '.join(_groups_of(each))}"
        for each in range(USERS)
    ]
    return "\n".join(["Name,Email,Staff ID,Groups", *rows]).encode()


def _groups_of(number: int) -> list[str]:
    return sorted({f"Group {(number * 7 + each * 19) % GROUPS}" for each in range(EACH_IN)})


@contextmanager
def slapd() -> Iterator[DirectoryServer]:
    """A directory that has everybody."""
    members: dict[str, list[str]] = {}
    for each in range(USERS):
        for name in _groups_of(each):
            members.setdefault(name, []).append(f"uid=p{each},{BASE}")
    held = [*(person(each) for each in range(USERS)), *(group(name, who) for name, who in members.items())]
    with (
        tempfile.TemporaryDirectory(prefix="slapd-") as folder,
        directory_server(Path(folder), held) as server,
    ):
        yield server


def _set_up(server: DirectoryServer, folder: Path) -> None:
    (folder / "authority.pem").write_text(server.authority)
    (folder / "reader.txt").write_text(PASSWORD)
    where = ["--server", server.encrypted, "--ca-file", f"{folder}/authority.pem", "--people-base", BASE]
    who = ["--user", ROOT, "--password-file", f"{folder}/reader.txt", "--groups-base", BASE]
    done = _run("directory", "set", "--kind", "openldap", *where, *who)
    assert done.returncode == 0, done.stderr


def _unchanged(what: str, told: list[str]) -> Figure:
    """How long the command takes from its start to its end; its processor's time beside it."""
    taken, worked = [], []
    for _each in range(ROUNDS):
        start, before = time.perf_counter(), _processor()
        done = _run(*told)
        taken.append(time.perf_counter() - start)
        worked.append(_processor() - before)
        assert done.returncode == NOTHING_TO_DO, (done.stdout, done.stderr)
    return Figure(what, statistics.median(taken), "s", 5, statistics.median(worked), "of the processor")


def _run(*told: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([RINGFENCE, *told], capture_output=True, check=False)


def _processor() -> float:
    """Seconds of processors that ended children have taken."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(main(sys.argv[1])))
