"""Where `ringfence serve` listens: addresses as they are written, sockets had and sockets left alone."""

import os
import socket
import stat
from pathlib import Path

import pytest

from ringfence.cli.faults import Fault
from ringfence.cli.processes.binding import Bind, bind_of, let_go, listening
from ringfence.cli.processes.roles import ProcessRole
from ringfence.cli.processes.serve import binds_of

EVERY = (ProcessRole.WEB, ProcessRole.DECIDE, ProcessRole.CHANGES, ProcessRole.JOBS)
USUAL = Bind("127.0.0.1", 8000)


def binds(*roles: ProcessRole, bind: str = "", decide: str = "") -> dict[ProcessRole, str]:
    named = {ProcessRole.WEB: bind or None, ProcessRole.DECIDE: decide or None, ProcessRole.CHANGES: None}
    return {role: found.shown for role, found in binds_of(roles, named, USUAL).items()}


@pytest.mark.parametrize(
    ("text", "bind"),
    [
        ("127.0.0.1:8000", Bind("127.0.0.1", 8000)),
        ("[::]:8000", Bind("::", 8000)),
        ("node-1.example:80", Bind("node-1.example", 80)),
        ("unix:/run/ringfence/web.sock", Bind(path="/run/ringfence/web.sock")),
    ],
)
def test_an_address_is_read_and_shown_as_it_is_written(text: str, bind: Bind) -> None:
    assert bind_of(text, "--bind") == bind
    assert bind.shown == text


@pytest.mark.parametrize(
    "text",
    [
        "8000",
        ":8000",
        "::1:8000",
        "host",
        "host:",
        "host:0",
        "host:65536",
        "host:eight",
        "host:٨٠",
        "unix:web.sock",
        f"unix:/{'x' * 101}",
    ],
)
def test_what_is_no_address_is_refused_with_its_option(text: str) -> None:
    with pytest.raises(Fault, match="--bind"):
        bind_of(text, "--bind")


def test_roles_listen_beside_the_pages_unless_told_otherwise() -> None:
    assert binds(*EVERY) == {
        ProcessRole.WEB: "127.0.0.1:8000",
        ProcessRole.DECIDE: "127.0.0.1:8001",
        ProcessRole.CHANGES: "127.0.0.1:8002",
    }
    assert binds(*EVERY, bind="[::]:90")[ProcessRole.DECIDE] == "[::]:91"
    assert binds(*EVERY, bind="unix:/run/a/web.sock")[ProcessRole.DECIDE] == "unix:/run/a/decide.sock"
    assert binds(*EVERY, decide="10.0.0.1:9")[ProcessRole.DECIDE] == "10.0.0.1:9"


def test_a_role_alone_listens_where_bind_says() -> None:
    assert binds(ProcessRole.DECIDE, bind="0.0.0.0:9000") == {ProcessRole.DECIDE: "0.0.0.0:9000"}
    assert binds(ProcessRole.DECIDE) == {ProcessRole.DECIDE: "127.0.0.1:8001"}
    assert binds(ProcessRole.JOBS) == {}


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name, as a socket's path must be short."""
    return tmp_path_factory.mktemp("s")


def test_a_unix_socket_is_for_our_user_and_group_and_is_taken_away(short: Path) -> None:
    bind = Bind(path=str(short / "web.sock"))
    listener = listening(bind, "--bind")
    assert stat.S_IMODE(os.stat(bind.path).st_mode) == 0o660
    let_go(bind, listener)
    assert not Path(bind.path).exists()


def test_a_unix_socket_that_a_killed_server_left_is_replaced(short: Path) -> None:
    bind = Bind(path=str(short / "web.sock"))
    listening(bind, "--bind").close()
    listener = listening(bind, "--bind")
    listener.listen()
    with socket.socket(socket.AF_UNIX) as proxy:
        proxy.connect(bind.path)
    let_go(bind, listener)


def test_a_unix_socket_at_which_somebody_answers_is_left_alone(short: Path) -> None:
    bind = Bind(path=str(short / "web.sock"))
    listener = listening(bind, "--bind")
    listener.listen()
    with pytest.raises(Fault, match="answers at"):
        listening(bind, "--bind")
    assert Path(bind.path).exists()
    listener.close()


def test_a_file_in_the_place_of_a_unix_socket_is_left_alone(short: Path) -> None:
    file = short / "web.sock"
    file.write_text("kept")
    with pytest.raises(Fault, match="no socket"):
        listening(Bind(path=str(file)), "--bind")
    assert file.read_text() == "kept"


def test_a_folder_that_is_not_there_is_named(short: Path) -> None:
    with pytest.raises(Fault, match="Its folder must be there"):
        listening(Bind(path=str(short / "none" / "web.sock")), "--bind")
