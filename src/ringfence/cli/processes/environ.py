"""A request as granian gives it (RSGI), in the words of WSGI. Nothing of the process's own is in it."""

import io
import sys
from typing import Any

from ringfence.web.shell.visitors import plain_address

THIS_MACHINE = "127.0.0.1"
"""Where whoever speaks over a Unix socket is: it has no address, and attempts are counted by one."""


def environ(scope: Any, body: bytes) -> dict[str, Any]:
    """What a WSGI application is called with; the body is whole."""
    server, port = _host_and_port(scope.server)
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{'1.0' if scope.http_version == '1' else scope.http_version}",
        "REMOTE_ADDR": _address(scope.client),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    found.update(_headers(scope))
    found["CONTENT_LENGTH"] = str(len(body)) if body else ""
    return found


def _headers(scope: Any) -> dict[str, str]:
    """Each header by WSGI's name; one that is told several times as one, joined as HTTP says."""
    found: dict[str, str] = {}
    for name, value in scope.headers.items():
        # With an underscore it would be taken for another one, which a proxy has set or taken away.
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        joint = "; " if name == "cookie" else ","
        found[key] = f"{found[key]}{joint}{value}" if key in found else value
    return found


def _address(client: str) -> str:
    host, port = _host_and_port(client)
    return plain_address(host) if port.isdecimal() else THIS_MACHINE


def _host_and_port(address: str) -> tuple[str, str]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), port
