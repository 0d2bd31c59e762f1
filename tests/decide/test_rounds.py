"""Rounds: who asks at the same time shares one reading of the version, none from before they asked."""

import asyncio
import random
from collections.abc import Callable
from typing import Any, cast

import pytest
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]  # its module re-exports it unsaid

from ringfence.core.terms import Instant
from ringfence.decide import together
from ringfence.decide.app import CLOSE, TEXT, WAITING, DecisionService, WireAnswer
from ringfence.decide.kept import NotYet
from ringfence.decide.rounds import TURNS, Rounds
from ringfence.decide.together import DecisionsTogether
from ringfence.store.proving import NotProved, Prover
from ringfence.store.shared_marks import Round, SharedMarks
from ringfence.store.sources import Mark
from tests.support.own_loop import awaited

FIRM, OTHER = 1, 2


class Ledgers:
    """A database in which entries are committed, as far as marks are concerned."""

    seconds_alone = 0.0

    def __init__(self) -> None:
        self.version = 1
        self.reads = 0
        self.source, self.connection = object(), object()

    def mark(self, firm: int) -> Mark:
        self.reads += 1
        if self.version < 0:
            raise NotProved
        return Mark(self.version, b"", Instant(firm))

    def let_go(self) -> bool:
        self.source = object()
        return True


class Answering(DecisionService):
    """Answers with the version; "/long" looks a text up on the way, and reads it once more."""

    def __init__(self, ledgers: Ledgers, shared: Round) -> None:
        self.ledgers = ledgers
        self.marks = SharedMarks(cast(Prover, ledgers), shared)
        self.while_answering: Callable[[], None] = lambda: None

    def knows(self, environ: Any) -> bool:
        return bool(environ.get("HTTP_AUTHORIZATION") == "known")

    def answered(self, environ: Any) -> WireAnswer:
        if environ["PATH_INFO"] == "/fails":
            raise ZeroDivisionError
        if environ.get("HTTP_AUTHORIZATION") == "none":
            return WireAnswer(401, [TEXT, CLOSE], b"")
        if "wsgi.input" in environ:
            environ["wsgi.input"].read()
        mark = self.marks.mark(FIRM)
        if environ["PATH_INFO"] == "/far" and mark.version < 5:
            if environ[WAITING].is_over():
                return WireAnswer(503, [TEXT], b"never")
            raise NotYet
        self.while_answering()
        if environ["PATH_INFO"] == "/long":
            mark = self.marks.mark(FIRM)
        return WireAnswer(200, [TEXT], b"%d" % mark.version)


class Played:
    """Rounds over ledgers, in the loop that is running."""

    def __init__(self) -> None:
        self.ledgers, shared = Ledgers(), Round()
        self.service = Answering(self.ledgers, shared)
        self.rounds = Rounds(self.service, shared)
        self.told: list[bytes] = []

    def ask(self, path: str = "/") -> None:
        self.rounds.ask({"PATH_INFO": path}, lambda answer: self.told.append(answer.body if answer else b""))

    async def round(self) -> None:
        for _turn in range(TURNS + 2):
            await asyncio.sleep(0)


def test_all_that_are_there_share_one_reading() -> None:
    async def play() -> Played:
        played = Played()
        for _each in range(5):
            played.ask()
        await played.round()
        return played

    played = awaited(play())
    assert (played.told, played.ledgers.reads) == ([b"1"] * 5, 1)


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_answered_by_what_was_read_before_they_asked(seed: int) -> None:
    chance = random.Random(seed)

    async def play() -> int:
        played, late = Played(), 0

        def commit() -> None:
            # Also while others of the round are answered.
            played.ledgers.version += chance.random() < 0.3

        def ask() -> None:
            nonlocal late
            asked_at = played.ledgers.version

            def told(answer: WireAnswer | None) -> None:
                nonlocal late
                assert answer is not None
                late += int(answer.body) < asked_at

            played.rounds.ask({"PATH_INFO": chance.choice(["/", "/long"])}, told)

        played.service.while_answering = commit
        for _step in range(500):
            if chance.random() < 0.5:
                ask()
            commit()
            if chance.random() < 0.3:
                await asyncio.sleep(0)
        await played.round()
        assert played.ledgers.reads < 500
        return late

    assert awaited(play()) == 0


def test_what_is_read_again_in_one_request_is_read_anew() -> None:
    async def play() -> Played:
        played = Played()
        played.ask()
        played.ask("/long")
        played.service.while_answering = lambda: setattr(played.ledgers, "version", 2)
        await played.round()
        return played

    assert awaited(play()).told == [b"1", b"2"]


def test_each_firm_is_read_for_itself_and_with_what_belongs_to_it() -> None:
    ledgers, shared = Ledgers(), Round()
    marks = SharedMarks(cast(Prover, ledgers), shared)
    shared.begin()
    shared.next_request()
    marks.mark(FIRM)
    first = marks.source
    ledgers.source = object()
    shared.next_request()
    assert marks.mark(OTHER).at == OTHER
    assert marks.source is ledgers.source
    shared.next_request()
    assert marks.mark(FIRM).at == FIRM
    assert marks.source is first


def test_nothing_is_shared_that_was_read_over_a_connection_that_is_gone() -> None:
    ledgers, shared = Ledgers(), Round()
    marks = SharedMarks(cast(Prover, ledgers), shared)
    shared.begin()
    shared.next_request()
    marks.mark(FIRM)
    marks.let_go()
    ledgers.version = -1
    shared.next_request()
    with pytest.raises(NotProved):
        marks.mark(FIRM)


@pytest.mark.parametrize(("reached", "answer"), [(True, b"5"), (False, b"never")])
def test_who_waits_for_a_version_keeps_nobody_else_waiting(
    monkeypatch: pytest.MonkeyPatch, reached: bool, answer: bytes
) -> None:
    monkeypatch.setattr("ringfence.decide.kept.REACHING_SECONDS", 60 if reached else 0.05)

    async def play() -> list[bytes]:
        played = Played()
        for path in ("/far", "/", "/far", "/"):
            played.ask(path)
        await played.round()
        assert played.told == [b"1", b"1"]
        if reached:
            played.ledgers.version = 5
        async with asyncio.timeout(20):
            while len(played.told) < 4:
                await asyncio.sleep(0.01)
        return played.told[2:]

    assert awaited(play()) == [answer] * 2


def test_one_that_fails_leaves_the_others_of_its_round_their_answers() -> None:
    async def play() -> list[bytes]:
        played = Played()
        for path in ("/", "/fails", "/"):
            played.ask(path)
        await played.round()
        return played.told

    first, failed, last = awaited(play())
    assert (first, last) == (b"1", b"1")
    assert b"Zero" not in failed


class _Items:
    def __init__(self, items: list[tuple[str, str]]) -> None:
        self.items = lambda: items


class Spoken:
    """A request as granian brings it, and what it was told."""

    method, path, client = "POST", "/", "192.0.2.7:4000"

    def __init__(self, *headers: tuple[str, str], body: bytes | None = b"{}", gone: bool = False) -> None:
        length = ("content-length", str(len(body or b"12")))
        self.headers = _Items([("content-type", "application/json"), length, *headers])
        self._body, self._gone = body, gone
        self.heard = False
        self.told: list[int] = []

    async def __call__(self) -> bytes:
        self.heard = True
        if self._gone:
            raise ProtocolClosed
        if self._body is None:
            await asyncio.sleep(60)
        return self._body or b""

    def response_bytes(self, status: int, _headers: Any, _body: bytes) -> None:
        self.told.append(status)


def spoken(*requests: Spoken) -> None:
    async def play() -> None:
        shared = Round()
        served = DecisionsTogether(Answering(Ledgers(), shared), shared)
        await asyncio.gather(*[served.__rsgi__(each, each) for each in requests])

    awaited(play())


def test_a_body_is_heard_of_a_known_token_and_of_one_that_is_proved_first() -> None:
    known, new = (Spoken(("authorization", token)) for token in ("known", "new"))
    spoken(known, new)
    assert (known.told, new.told) == ([200], [200])


@pytest.mark.parametrize(
    "headers", [[("authorization", "none")], [("authorization", "none"), ("content-length", "1" * 9)]]
)
def test_who_is_refused_is_not_heard(headers: list[tuple[str, str]]) -> None:
    refused = Spoken(*headers)
    spoken(refused)
    assert (refused.told, refused.heard) == ([401], False)


def test_who_keeps_a_body_back_is_told_so_and_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "BODY_SECONDS", 0.05)
    slow, other = Spoken(("authorization", "known"), body=None), Spoken(("authorization", "known"))
    spoken(slow, other)
    assert (slow.told, other.told) == ([408], [200])


def test_who_has_gone_is_told_nothing() -> None:
    gone = Spoken(("authorization", "known"), gone=True)
    spoken(gone)
    assert gone.told == []


def test_headers_are_heard_as_a_proxy_means_them() -> None:
    sent = Spoken(
        ("x-forwarded-for", "192.0.2.1"), ("x_forwarded_for", "192.0.2.9"), ("x-forwarded-for", "192.0.2.2")
    )
    found = together._environ(sent)
    assert (found["HTTP_X_FORWARDED_FOR"], found["REMOTE_ADDR"]) == ("192.0.2.1,192.0.2.2", "192.0.2.7")
