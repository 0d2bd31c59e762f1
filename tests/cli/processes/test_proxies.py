"""The examples of proxies make one origin: each path reaches its role, and nobody lends an address.

Behind Caddy, which comes as a wheel, stand three servers that say what reached them.
"""

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.cli.processes.test_serve import free_port
from tests.cli.processes.test_supervisor import SECONDS
from tests.support.repository import ROOT

ROLES = {"8000": "web", "8001": "decide", "8002": "changes"}
"""By the port at which the example expects it."""
CADDYFILE = (ROOT / "examples/proxy/Caddyfile").read_text("utf-8")
REACHED: list[str] = []
"""Where something was posted to, as soon as its headers came."""
NGINX = (ROOT / "examples/proxy/nginx.conf").read_text("utf-8")


def answering(role: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # http.server calls it so
            said = {"role": role, "path": self.path, "version": self.request_version, **self.headers}
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:  # http.server calls it so
            REACHED.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_said: object) -> None:
            pass

    return Handler


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Caddy with the example's configuration, but for name, ports and certificate."""
    configuration, servers = CADDYFILE, []
    for port, role in ROLES.items():
        server = ThreadingHTTPServer(("127.0.0.1", 0), answering(role))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        assert f"127.0.0.1:{port}" in configuration
        configuration = configuration.replace(f"127.0.0.1:{port}", f"127.0.0.1:{server.server_port}")
    address = f"http://127.0.0.1:{free_port()}"
    assert "ringfence.example {" in configuration
    configuration = configuration.replace("ringfence.example {", f"{address} {{")
    folder = tmp_path_factory.mktemp("caddy")
    file = folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n}\n" + configuration)
    command = [
        str(Path(sys.executable).with_name("caddy")),
        "run",
        "--config",
        str(file),
        "--adapter",
        "caddyfile",
    ]
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with subprocess.Popen(command, env=home, stderr=subprocess.DEVNULL) as running:
        try:
            wait_for(address)
            yield address
        finally:
            running.terminate()
            for server in servers:
                server.shutdown()
                server.server_close()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            told(address, "/")
            return
        except OSError:
            assert time.monotonic() < deadline, "the proxy does not answer"
            time.sleep(0.1)


def told(address: str, path: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the server behind the proxy was asked."""
    asked = urllib.request.Request(address + path, headers=dict(headers or {}))
    with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/", "web"),
        ("/firms/1/clients?text=a", "web"),
        ("/api/v1/clients", "web"),
        ("/api/v1/changes-of-mine", "web"),
        ("/api/v1/changes?after=7", "changes"),
        ("/access/v1/evaluation", "decide"),
        ("/access/v1/search/resource", "decide"),
        ("/.well-known/authzen-configuration", "decide"),
        ("/.well-known/authzen-configuration/firms/1", "decide"),
        ("/.well-known/change-password", "web"),
    ],
)
def test_one_origin_leads_to_each_role_whole(proxy: str, path: str, role: str) -> None:
    found = told(proxy, path)
    assert (found["role"], found["path"], found["version"]) == (role, path, "HTTP/1.1")


def test_an_address_that_a_browser_lends_itself_does_not_reach_ringfence(proxy: str) -> None:
    found = told(proxy, "/", {"X-Forwarded-For": "192.0.2.9", "X-Forwarded-Proto": "gopher"})
    assert found["X-Forwarded-For"] == "127.0.0.1"
    assert found["X-Forwarded-Proto"] == "http"


def test_a_name_with_an_underscore_does_not_reach_ringfence(proxy: str) -> None:
    """Where it would be taken for the header that the proxy sets."""
    for path in ("/", "/access/v1/evaluation"):
        found = told(proxy, path, {"X_Forwarded_For": "192.0.2.9", "X-Kept": "yes"})
        assert not [name for name in found if "_" in name]
        assert found["X-Kept"] == "yes"


def test_a_body_reaches_decisions_once_it_is_whole(proxy: str) -> None:
    """Else whoever sends one slowly keeps a thread that answers others."""
    path = "/access/v1/evaluation?slow"
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n12"
    port = int(proxy.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as caller:
        caller.sendall(head.replace("Host: a", f"Host: 127.0.0.1:{port}").encode())
        time.sleep(0.5)
        early = path in REACHED
        caller.sendall(b"34")
        assert caller.recv(12) == b"HTTP/1.1 200"
    assert not early
    assert path in REACHED


def test_the_id_of_a_request_goes_through(proxy: str) -> None:
    assert told(proxy, "/access/v1/evaluation", {"X-Request-ID": "order-7"})["X-Request-Id"] == "order-7"


def test_both_examples_send_the_same_paths_to_the_same_ports() -> None:
    for port in ROLES:
        assert f"127.0.0.1:{port}" in CADDYFILE
        assert f"server 127.0.0.1:{port};" in NGINX
    for path in ("/access/", "/.well-known/authzen-configuration", "/api/v1/changes"):
        assert path in CADDYFILE
        assert f"{path} {{" in NGINX
