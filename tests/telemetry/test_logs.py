"""A line of the log: what stands in it, and what never does."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ringfence.telemetry import logs
from ringfence.telemetry.request_ids import answering_request

Log = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    found = logging.Logger("tests.telemetry")
    yield found
    found.handlers.clear()


@pytest.fixture
def written(logger: logging.Logger) -> Callable[[], list[dict[str, Any]]]:
    """The lines written so far, read as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Lines("json"))
    logger.addHandler(handler)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_how_grave_and_what(logger: logging.Logger, written: Log) -> None:
    logger.warning("The task %s waits", "prune")
    (line,) = written()
    assert line.pop("time").endswith("Z")
    assert line == {"event": "The task prune waits", "level": "warning"}


def test_a_line_names_its_request(logger: logging.Logger, written: Log) -> None:
    with answering_request("order-7"):
        logger.error("refused")
    logger.error("later")
    assert [line.get("request") for line in written()] == ["order-7", None]


def test_only_what_may_be_told_stands_beside_a_text(logger: logging.Logger, written: Log) -> None:
    logger.error("answered", extra={"status": 200, "email": "dilys@pike.example", "environ": {"a": "b"}})
    (line,) = written()
    assert line["status"] == 200
    assert not {"email", "environ"} & set(line)


def test_of_an_error_its_kind_and_its_code_are_told_and_never_its_text(
    logger: logging.Logger, written: Log
) -> None:
    first, second = "dilys@pike.example", "Pryce & Daughters"
    try:
        try:
            raise KeyError(first)
        except KeyError as cause:
            raise ValueError(second) from cause
    except ValueError:
        logger.exception("a fault")
    (line,) = written()
    assert line["trace"].count("Traceback") == 2
    assert line["trace"].endswith("ValueError")
    assert "test_logs.py" in line["trace"]
    assert "Pryce" not in json.dumps(line)
    assert "dilys" not in json.dumps(line)


def test_a_break_in_a_text_makes_no_second_line(logger: logging.Logger, written: Log) -> None:
    logger.error('one\n{"event": "forged"}')
    assert len(written()) == 1


def test_plain_text_is_for_terminals(logger: logging.Logger) -> None:
    record = logger.makeRecord("tests", logging.ERROR, "here", 1, "it broke", (), None, extra={"status": 500})
    assert logs.Lines("console").format(record).endswith(" ERROR it broke status=500")
    assert logs.Lines("auto").format(record).startswith("{")
