"""A request in the words of WSGI: what outsiders may say of themselves, and what only a proxy says."""

from types import SimpleNamespace

import pytest

from ringfence.cli.processes.environ import environ


def asked(*headers: tuple[str, str], client: str = "192.0.2.1:4711", path: str = "/") -> dict[str, object]:
    scope = SimpleNamespace(
        server="127.0.0.1:8000",
        client=client,
        http_version="1.1",
        scheme="http",
        method="GET",
        path=path,
        query_string="",
        headers=SimpleNamespace(items=lambda: list(headers)),
    )
    return environ(scope, b"")


@pytest.mark.parametrize(
    ("client", "address"),
    [
        ("192.0.2.1:4711", "192.0.2.1"),
        ("[::ffff:192.0.2.1]:4711", "192.0.2.1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[::1]:4711", "::1"),
    ],
)
def test_an_ipv4_address_is_the_same_in_either_form(client: str, address: str) -> None:
    assert asked(client=client)["REMOTE_ADDR"] == address


@pytest.mark.parametrize("client", ["", "unix:", "unix:/run/ringfence/web.sock"])
def test_whoever_comes_over_a_unix_socket_comes_from_this_machine(client: str) -> None:
    assert asked(client=client)["REMOTE_ADDR"] == "127.0.0.1"


def test_a_header_with_an_underscore_is_not_taken_for_one_that_a_proxy_sets() -> None:
    told = asked(("x_forwarded_for", "192.0.2.9"), ("x-forwarded-for", "192.0.2.1"))
    assert told["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"


def test_a_header_that_comes_twice_is_told_as_one() -> None:
    told = asked(("x-forwarded-for", "a"), ("x-forwarded-for", "b"), ("cookie", "c=1"), ("cookie", "d=2"))
    assert told["HTTP_X_FORWARDED_FOR"] == "a,b"
    assert told["HTTP_COOKIE"] == "c=1; d=2"


def test_letters_of_an_address_come_as_their_bytes() -> None:
    assert asked(path="/caffè")["PATH_INFO"] == "/caffè".encode().decode("latin-1")


def test_nothing_of_the_servers_own_environment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGFENCE_SECRET_KEY", "known to nobody")
    assert "known to nobody" not in str(asked())
