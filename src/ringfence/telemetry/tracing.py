"""Spans of requests, commands and tasks, for whoever OpenTelemetry's environment names.

It is an extra (`ringfence[otel]`). Where `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_TRACES_EXPORTER` is not set,
nothing of it is loaded and a span costs a comparison. Attributes are ids and words of our own.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

LOG = logging.getLogger(__name__)

ASKED_BY = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER")

_tracer: Tracer | None = None


def start(role: str) -> None:
    """Begin to hand spans on, if somebody is named who takes them."""
    global _tracer
    if not any(os.environ.get(name) for name in ASKED_BY) or os.environ.get("OTEL_TRACES_EXPORTER") == "none":
        return
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return
    if find_spec("opentelemetry.sdk") is None or find_spec("opentelemetry.exporter.otlp") is None:
        LOG.warning("OTEL_… is set, and nothing reads it: install ringfence[otel]")
        return
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = {"service.name": os.environ.get("OTEL_SERVICE_NAME") or f"ringfence-{role}"}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    _tracer = trace.get_tracer("ringfence")


@contextmanager
def span(
    name: str, told: Mapping[str, str | int], headers: Mapping[str, str] | None = None
) -> Iterator[None]:
    """What is done meanwhile is one span; with `headers` it continues the caller's.

    Of an error its kind is told, never its text.
    """
    if _tracer is None:
        yield
        return
    from opentelemetry.propagate import extract
    from opentelemetry.trace import Status, StatusCode

    context = extract(headers) if headers else None
    with _tracer.start_as_current_span(
        name, context=context, attributes=dict(told), record_exception=False, set_status_on_exception=False
    ) as present:
        try:
            yield
        except BaseException as problem:
            present.set_status(Status(StatusCode.ERROR, type(problem).__qualname__))
            raise


def tell(told: Mapping[str, str | int]) -> None:
    """Add to the present span."""
    if _tracer is None:
        return
    from opentelemetry.trace import get_current_span

    get_current_span().set_attributes(dict(told))
