"""Rounds: who asks at the same time shares one reading of the version, none from before they asked."""

import random
import threading
from collections.abc import Callable
from typing import Any, cast

import pytest

from ringfence.core.terms import Instant
from ringfence.decide import gathering
from ringfence.decide.app import CLOSE, TEXT, WAITING, DecisionService, WireAnswer
from ringfence.decide.gathering import Gathering
from ringfence.decide.kept import NotYet
from ringfence.decide.rounds import AtOnce, Rounds
from ringfence.store.proving import NotProved, Prover
from ringfence.store.shared_marks import Round, SharedMarks
from ringfence.store.sources import Mark

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
        if environ["PATH_INFO"] == "/ends":
            raise SystemExit
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
    """Rounds over ledgers; `told` has the answers of all rounds in their order."""

    def __init__(self) -> None:
        self.ledgers, shared = Ledgers(), Round()
        self.service = Answering(self.ledgers, shared)
        self.rounds = Rounds(self.service, shared)
        self.told: list[bytes] = []

    def ask(self, *paths: str) -> None:
        for path in paths:
            self.rounds.ask(
                {"PATH_INFO": path}, lambda answer: self.told.append(answer.body if answer else b"")
            )


def test_all_that_are_there_share_one_reading() -> None:
    played = Played()
    played.ask(*["/"] * 5)
    played.rounds.answer()
    assert (played.told, played.ledgers.reads) == ([b"1"] * 5, 1)


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_answered_by_what_was_read_before_they_asked(seed: int) -> None:
    chance = random.Random(seed)
    played, there, late = Played(), 0, 0

    def commit() -> None:
        # Also while others of the round are answered.
        played.ledgers.version += chance.random() < 0.3

    def ask() -> None:
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
            there += 1
        commit()
        if there and chance.random() < 0.3:
            played.rounds.answer()
            there = 0
    assert 0 < played.ledgers.reads < 500
    assert late == 0


def test_what_is_read_again_in_one_request_is_read_anew() -> None:
    played = Played()
    played.ask("/", "/long")
    played.service.while_answering = lambda: setattr(played.ledgers, "version", 2)
    played.rounds.answer()
    assert played.told == [b"1", b"2"]


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

    played = Played()
    played.ask("/far", "/", "/far", "/")
    played.rounds.answer()
    assert played.told == [b"1", b"1"]
    if reached:
        played.ledgers.version = 5
    while len(played.told) < 4:
        played.rounds.answer()
    assert played.told[2:] == [answer] * 2


def test_one_that_fails_leaves_the_others_of_its_round_their_answers() -> None:
    played = Played()
    played.ask("/", "/fails", "/")
    played.rounds.answer()
    first, failed, last = played.told
    assert (first, last) == (b"1", b"1")
    assert b"Zero" not in failed


class Spoken:
    """A request as granian brings it: its body, and what it was told."""

    def __init__(self, token: str, length: str = "2") -> None:
        self.environ = {
            "PATH_INFO": "/",
            "HTTP_AUTHORIZATION": token,
            "CONTENT_LENGTH": length,
            "wsgi.input": self,
        }
        self.heard = threading.Event()
        self.told: list[int] = []

    def read(self) -> bytes:
        self.heard.set()
        return b"{}"

    def response_bytes(self, status: int, _headers: Any, _body: bytes) -> None:
        self.told.append(status)


class KeptBack(Spoken):
    """One whose body does not come."""

    def __init__(self) -> None:
        super().__init__("known")
        self.comes = threading.Event()

    def read(self) -> bytes:
        self.heard.set()
        self.comes.wait()
        return b""


def gathered(threads: int = 1) -> Gathering:
    service = Answering(Ledgers(), Round())
    return Gathering(service, AtOnce(service), threads)


@pytest.mark.parametrize("token", ["known", "new"])
def test_a_body_is_heard_of_a_known_token_and_of_one_that_is_proved_first(token: str) -> None:
    spoken = Spoken(token)
    gathered().take(spoken, spoken.environ)
    assert (spoken.told, spoken.heard.is_set()) == ([200], True)


@pytest.mark.parametrize("length", ["2", "1" * 9, ""])
def test_who_is_refused_is_not_heard(length: str) -> None:
    refused = Spoken("none", length)
    gathered().take(refused, refused.environ)
    assert (refused.told, refused.heard.is_set()) == ([401], False)


def test_who_is_answered_in_a_round_is_taken_in_whole_before() -> None:
    played, spoken = Played(), Spoken("known")
    Gathering(played.service, played.rounds, threads=1).take(spoken, spoken.environ)
    assert (spoken.told, spoken.heard.is_set()) == ([], True)
    played.rounds.answer()
    assert spoken.told == [200]


def test_a_new_token_is_proved_in_a_round_before_its_body_is_heard() -> None:
    played, spoken = Played(), Spoken("new")
    gathering = Gathering(played.service, played.rounds, threads=1)
    taking = threading.Thread(target=gathering.take, args=(spoken, spoken.environ))
    taking.start()
    assert not spoken.heard.is_set()
    played.rounds.answer()
    taking.join()
    played.rounds.answer()
    assert (spoken.told, spoken.heard.is_set()) == ([200], True)


def test_a_process_is_stuck_once_each_of_its_threads_waits_for_a_body(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gathering, "BODY_SECONDS", -1)
    taken, requests = gathered(threads=2), [KeptBack(), KeptBack()]
    found, waiting = [], []
    for each in requests:
        waiting.append(threading.Thread(target=taken.take, args=(each, each.environ)))
        waiting[-1].start()
        each.heard.wait()
        found.append(taken.stuck())
    for each in requests:
        each.comes.set()
    for thread in waiting:
        thread.join()
    assert (found, taken.stuck()) == ([False, True], False)


def test_a_process_is_stuck_once_its_rounds_have_ended() -> None:
    """What is no `Exception` ends a thread, and whoever asks from then on would wait for ever."""
    played = Played()
    taken = Gathering(played.service, played.rounds, threads=2)
    found = [taken.stuck()]
    played.ask("/ends")
    with pytest.raises(SystemExit):
        played.rounds.go_on()
    found.append(taken.stuck())
    assert found == [False, True]
