"""The body of a request arrives whole, in time and size, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from types import SimpleNamespace

import pytest

from ringfence.cli.processes import bodies
from ringfence.cli.processes.bodies import MOST_BYTES, Bodies, Unfit
from tests.support.own_loop import awaited


async def parts(*sent: bytes, pause: float = 0.0) -> AsyncIterator[bytes]:
    """As granian gives them: a body that breaks off ends with an empty part."""
    for part in sent:
        await asyncio.sleep(pause)
        yield part
    yield b""


def asked(length: int | None, method: str = "POST", **headers: str) -> SimpleNamespace:
    told = headers if length is None else {"content-length": str(length), **headers}
    return SimpleNamespace(method=method, headers=told)


def gathered(
    scope: SimpleNamespace, protocol: object, kept: Bodies | None = None, limits: bodies.Limits = bodies.SHORT
) -> bytes | HTTPStatus:
    """The body, or with what status it is refused; nothing is held afterwards."""
    kept = kept or Bodies()

    async def gather() -> bytes:
        async with kept.gathered(scope, protocol, limits) as body:
            assert kept.held >= len(body) or kept.files
            return body

    try:
        return awaited(gather())
    except Unfit as unfit:
        return unfit.status


def test_a_body_is_what_was_sent() -> None:
    assert gathered(asked(6), parts(b"abc", b"def")) == b"abcdef"
    assert gathered(asked(0), parts()) == b""
    assert gathered(asked(None, "GET"), parts()) == b""


def test_a_request_that_tells_of_no_body_has_none() -> None:
    assert gathered(asked(None, "POST"), parts()) == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_body_without_a_length_is_refused(method: str) -> None:
    chunked = asked(3, method, **{"transfer-encoding": "chunked"})
    assert gathered(chunked, parts(b"abc")) == HTTPStatus.LENGTH_REQUIRED


def test_a_body_that_breaks_off_is_refused() -> None:
    assert gathered(asked(6), parts(b"abc")) == HTTPStatus.BAD_REQUEST


def test_a_body_that_takes_too_long_is_refused_however_much_arrives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "MOST_SECONDS", 0.05)
    assert gathered(asked(1_000), parts(*[b"a"] * 1_000, pause=0.01)) == HTTPStatus.REQUEST_TIMEOUT


def test_a_body_that_is_too_long_is_refused_and_not_held() -> None:
    kept = Bodies()
    half = bytes(MOST_BYTES)

    async def watched() -> AsyncIterator[bytes]:
        for part in (half, half):
            yield part
            assert kept.held == 0

    told = gathered(asked(2 * MOST_BYTES), watched(), kept)
    assert told == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert gathered(asked(10**12), parts(b"a")) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_so_much_at_once_is_held_and_no_more() -> None:
    kept = Bodies()
    kept.held = bodies.ALL_BYTES - 5
    assert gathered(asked(6), parts(b"abc", b"def"), kept) == HTTPStatus.SERVICE_UNAVAILABLE
    assert gathered(asked(5), parts(b"abcde"), kept) == b"abcde"
    assert kept.held == bodies.ALL_BYTES - 5


FILE = bodies.Limits.of_file(3 * MOST_BYTES)


def test_a_form_with_a_file_may_be_longer_where_a_page_takes_one() -> None:
    kept, sent = Bodies(), bytes(3 * MOST_BYTES)
    assert gathered(asked(len(sent)), parts(sent), kept, FILE) == sent
    assert (kept.held, kept.files) == (0, 0)
    longer = 4 * MOST_BYTES
    told = gathered(asked(longer), parts(bytes(longer)), kept, FILE)
    assert told == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_few_files_are_taken_at_once_and_keep_no_form_waiting() -> None:
    kept, sent = Bodies(), bytes(2 * MOST_BYTES)
    kept.files = bodies.FILES_AT_ONCE
    assert gathered(asked(len(sent)), parts(sent), kept, FILE) == HTTPStatus.SERVICE_UNAVAILABLE
    assert gathered(asked(3), parts(b"abc"), kept, FILE) == b"abc"
    assert kept.files == bodies.FILES_AT_ONCE
