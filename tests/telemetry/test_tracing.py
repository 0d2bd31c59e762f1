"""Spans: handed to whoever OpenTelemetry's environment names, and nothing without it.

A collector of ours takes them over HTTP, as the standard's own exporter sends them.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

WORK = """
import sys
from ringfence.telemetry import tracing
tracing.start("decide")
parent = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
with tracing.span("GET request", {"request": "order-7"}, parent):
    tracing.tell({"http.response.status_code": 200})
    try:
        with tracing.span("command", {"command": "grant.set"}):
            raise ValueError("Pryce & Daughters")
    except ValueError:
        pass
print("opentelemetry" in sys.modules)
"""


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and the bodies that it was sent."""
    taken: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # http.server calls it so
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", taken
    server.shutdown()
    server.server_close()


def work(**settings: str) -> str:
    """A process that does two spans; what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", WORK], env=kept | settings, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def spans(bodies: list[bytes]) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for body in bodies:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                found |= {span.name: span for span in scope.spans}
    return found


def test_spans_reach_the_collector_within_the_callers_own_and_hold_no_text_of_an_error(
    collector: tuple[str, list[bytes]],
) -> None:
    address, taken = collector
    work(OTEL_EXPORTER_OTLP_ENDPOINT=address, OTEL_EXPORTER_OTLP_COMPRESSION="none")
    found = spans(taken)
    request, command = found["GET request"], found["command"]
    assert request.trace_id.hex() == "0af7651916cd43dd8448eb211c80319c"
    assert request.parent_span_id.hex() == "b7ad6b7169203331"
    assert command.parent_span_id == request.span_id
    assert {each.key for each in request.attributes} == {"request", "http.response.status_code"}
    assert command.status.message == "ValueError"
    assert b"Pryce" not in b"".join(taken)
    assert b"ringfence-decide" in b"".join(taken)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"},
        {"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"},
    ],
)
def test_nothing_of_it_is_loaded_where_nobody_is_named(settings: dict[str, str]) -> None:
    assert work(**settings) == "False"
