"""`ringfence serve` on a wrong disk or by a wrong clock: an error, or the truth.

The file is SQLite's; a real server answers, and real commands work beside it.
"""

import ctypes
import os
import re
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.browser.serving import Instance
from tests.cli.processes.visitor import PASSWORD, Visitor
from tests.support.databases import Databases

ADMIN = "ivy@dairy.example"
PARTS = ("", "-wal", "-shm")
"""What is added to the name of the file for each of those that belong together."""
GROUPS, RENAME = "/firms/1/manage/groups", "/firms/1/manage/groups/2/rename"
SET_PASSWORD = f"""
from ringfence.cli.setup import set_up
set_up()
from ringfence.firms.models import User
user = User.objects.get()
user.set_password({PASSWORD!r})
user.save()
"""
TWO_DAYS_AHEAD = """
from ringfence.cli.setup import set_up
set_up()
from ringfence.access import clock
from ringfence.cli import main
right = clock.clock
clock.clock = lambda: right() + 2 * 86_400_000_000
main(["do", "group.create", "group=Later", "--firm", "Dairy"])
"""
DROP_CAPABILITY, OVERRIDE_MODES = 24, 1
"""PR_CAPBSET_DROP and CAP_DAC_OVERRIDE, as Linux has them."""


@pytest.fixture(scope="module")
def office(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the firm Dairy, whose administrator Ivy has a password, and one group, Churns."""
    file = tmp_path_factory.mktemp("office") / "ringfence.sqlite3"
    databases.migrated_file(file)
    there = server(file)
    there.run("firm", "create", "Dairy", "--profile", "agency", "--admin", ADMIN)
    there.do("Dairy", "group.create", "group=Churns")
    there.run_code(SET_PASSWORD)
    return file


def server(file: Path) -> Instance:
    """A server on the file, bound by its permissions also where the tests run as root; to be started."""
    return Instance(f"sqlite:///{file}", {"RINGFENCE_DATA": str(file.parent)}, before=heed_permissions)


def heed_permissions() -> None:
    # Who is not root heeds them anyway, and may not do this.
    ctypes.CDLL(None).prctl(DROP_CAPABILITY, OVERRIDE_MODES, 0, 0, 0)


def copy(old: Path, new: Path) -> Path:
    """A whole copy of a database, also of one that is in use."""
    with closing(sqlite3.connect(old)) as source, closing(sqlite3.connect(new)) as target:
        source.backup(target)
    return new


@pytest.fixture
def file(office: Path, tmp_path: Path) -> Path:
    """The office's database for this test alone."""
    return copy(office, tmp_path / "ringfence.sqlite3")


def signed_in(served: Instance) -> Visitor:
    visitor = Visitor(served.address)
    assert visitor.sign_in(ADMIN, then=GROUPS).path == GROUPS
    return visitor


def groups(visitor: Visitor) -> tuple[int, str]:
    answer = visitor.get(GROUPS)
    return answer.status, answer.text


def named(file: Path) -> set[str]:
    """The groups that the file at this path holds."""
    with closing(sqlite3.connect(file)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM firms_group")}


def move(file: Path, to: Path) -> None:
    """Move the database with all that belongs to it."""
    for part in PARTS:
        if Path(f"{file}{part}").exists():
            os.replace(f"{file}{part}", f"{to}{part}")


# --- Moved


def test_a_database_restored_over_while_serving_is_the_one_that_is_read_and_written(
    file: Path, tmp_path: Path
) -> None:
    with server(file) as served:
        visitor = signed_in(served)
        backup = copy(file, tmp_path / "backup")
        served.do("Dairy", "group.create", "group=Lost")
        assert "Lost" in groups(visitor)[1]
        move(file, tmp_path / "aside")
        os.replace(backup, file)
        status, text = groups(visitor)
        assert (status, "Churns" in text, "Lost" in text) == (200, True, False)
        served.do("Dairy", "group.create", "group=Later")
        assert "Later" in groups(visitor)[1]
        assert visitor.post(RENAME, name="Renamed").status == 200
        assert {"Renamed", "Later"} < named(file)


def test_a_database_that_is_moved_away_is_an_error_until_it_is_back(file: Path, tmp_path: Path) -> None:
    with server(file) as served:
        visitor = signed_in(served)
        move(file, tmp_path / "aside")
        assert groups(visitor)[0] == 503
        served.wait_for(rf"503 GET /firms/1/manage/groups: .*{file.name} is not there")
        assert not file.exists()
        move(tmp_path / "aside", file)
        assert groups(visitor)[0] == 200


def test_a_database_put_beside_the_log_of_another_is_refused(file: Path, tmp_path: Path) -> None:
    with server(file) as served:
        visitor = signed_in(served)
        os.replace(copy(file, tmp_path / "backup"), file)
        assert groups(visitor)[0] == 503
        served.wait_for("the -wal beside .* is that of the file before it. Stop Ringfence")


# --- Not to be written


@contextmanager
def no_room(served: Instance) -> Iterator[None]:
    """No process of the server can write to any file meanwhile."""
    before = [(each, resource.prlimit(each, resource.RLIMIT_FSIZE)) for each in served.processes]
    for process, (_, most) in before:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (1, most))
    try:
        yield
    finally:
        for process, limits in before:
            resource.prlimit(process, resource.RLIMIT_FSIZE, limits)


def test_on_a_full_disk_reading_goes_on_and_writing_is_an_error_that_the_log_explains(file: Path) -> None:
    with server(file) as served:
        visitor, stranger = signed_in(served), Visitor(served.address)
        with no_room(served):
            assert "Churns" in groups(visitor)[1]
            assert stranger.sign_in(ADMIN).status == 503
            served.wait_for("503 POST /sign-in: .*OperationalError: disk I/O error")
            assert visitor.post(RENAME, name="Renamed").status == 503
            assert "Churns" in groups(visitor)[1]
        assert named(file) == {"Everyone", "Churns"}
        assert visitor.post(RENAME, name="Renamed").status == 200
        assert stranger.sign_in(ADMIN, then=GROUPS).path == GROUPS


def test_a_file_that_was_read_only_at_the_start_is_written_once_it_may_be(file: Path) -> None:
    file.chmod(0o444)
    with server(file) as served:
        visitor = Visitor(served.address)
        assert visitor.sign_in(ADMIN).status == 503
        served.wait_for("503 POST /sign-in: .*OperationalError: attempt to write a readonly database")
        for part in PARTS:
            Path(f"{file}{part}").chmod(0o644)
        assert visitor.sign_in(ADMIN, then=GROUPS).path == GROUPS


# --- A wrong clock


def test_what_expired_while_the_clock_was_ahead_stays_closed_and_everything_says_why(file: Path) -> None:
    with server(file) as served:
        served.do("Dairy", "client.add", "client=Acme")
        served.do("Dairy", "control.turn_on")
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        served.do("Dairy", "grant.set", f"to={ADMIN}", "on=Acme", "level=reader", f"expires={tomorrow}")
        visitor = signed_in(served)
        assert visitor.get("/firms/1/clients/1").status == 200
        served.run_code(TWO_DAYS_AHEAD)
        assert visitor.get("/firms/1/clients/1").status == 403
        future = "The last entry is dated .* UTC, later than this machine's clock"
        served.wait_for(f"WARNING Firm 1: {future}")
        assert re.search(future, served.run("ledger", "verify", "--firm", "Dairy"))
        # It has something to say against the secret key of the tests.
        assert re.search(f"Clock of Dairy .*look at .*{future}", served.run("doctor", code=1))
