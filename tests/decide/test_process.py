"""The real decide process: it starts at once, answers over connections, and is never behind a commit."""

import http.client
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from typing import Any, Self

import msgspec
import pytest
from pyroaring import BitMap

from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, member_subject
from tests.access.cast import Cast
from tests.decide.asking import PLAIN, question
from tests.decide.firm_asked import Firm, made
from tests.decide.running import decide_process

pytestmark = pytest.mark.both_databases

TRIES = 150
"""How often a grant is taken away and given again. `benchmarks/bench_decide.py` tries 10,000 times."""


@pytest.fixture
def shared(transactional_db: None) -> Firm:
    """A firm that other processes see."""
    return made()


@pytest.fixture
def url() -> str:
    from django.conf import settings

    return str(settings.DATABASE_URL)


class Connected:
    """Software with a connection that it keeps."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def post(self, body: Any, path: str = "/access/v1/evaluation", **headers: str) -> tuple[int, Any]:
        sent = {**self.headers, **headers}
        self.connection.request("POST", path, msgspec.json.encode(body), sent)
        answer = self.connection.getresponse()
        content = answer.read()
        return answer.status, msgspec.json.decode(content) if answer.status == 200 else content

    def allowed(self, body: Any) -> bool:
        status, found = self.post(body)
        assert status == 200, found
        return bool(found["decision"])


def token_of(cast: Cast) -> tuple[str, int]:
    from ringfence.access import Actor
    from ringfence.access.tokens import make_token

    made_token = make_token(cast.firm, actor=Actor(1), name="Software", scopes=PLAIN)
    return made_token.text, made_token.number


def test_what_was_committed_is_seen_by_the_next_question_under_load(shared: Firm, url: str) -> None:
    """Each change is made here and acknowledged, and asked about in the process at once (rules.md 2, end)."""
    cast = shared.cast
    text, number = token_of(cast)
    body = question(shared.email("dee"), "view", "ACME-1")
    to, on = (member_subject(shared.dee),), On(clients=BitMap([shared.acme]))
    with decide_process(url) as port, Connected(port, text) as asker:
        over = threading.Event()
        busy = [threading.Thread(target=ask_until, args=(over, port, text, body)) for _each in range(3)]
        for each in busy:
            each.start()
        stale = 0
        for _try in range(TRIES):
            cast.do(w.SetGrant(to=to, on=on, level=Level.EDITOR))
            stale += not asker.allowed(body)
            cast.do(w.RemoveGrant(to=to, on=on))
            stale += asker.allowed(body)
        cast.do(w.RevokeToken(token=number))
        status, _text = asker.post(body)
        over.set()
        for each in busy:
            each.join()
    assert (stale, status) == (0, 401)


def ask_until(over: threading.Event, port: int, token: str, body: Any) -> None:
    with Connected(port, token) as software:
        while not over.is_set():
            software.post(body)


def test_an_id_and_the_version_come_back_over_the_wire(shared: Firm, url: str) -> None:
    text, _number = token_of(shared.cast)
    with decide_process(url, workers=2) as port, Connected(port, text) as software:
        connection = software.connection
        for name in ("bfe9eb29-ab87-4ca3-be83-a1d5d8305716", "two words, and a comma", "x" * 500):
            headers = {**software.headers, "X-Request-ID": name}
            body = msgspec.json.encode(question(shared.email("ben"), "view", "ACME-1"))
            connection.request("POST", "/access/v1/evaluation", body, headers)
            answer = connection.getresponse()
            found = msgspec.json.decode(answer.read())
            assert (answer.status, found["decision"], answer.headers["X-Request-ID"]) == (200, True, name)
            assert answer.headers["Ringfence-Version"] == str(found["context"]["version"])


def test_who_has_no_token_is_answered_before_the_body_comes(shared: Firm, url: str) -> None:
    with decide_process(url) as port, ExitStack() as held:
        slow = [held.enter_context(Connected(port, "none")).connection for _each in range(4)]
        for each in slow:
            each.putrequest("POST", "/access/v1/evaluation")
            each.putheader("Content-Length", "100")
            each.putheader("Content-Type", "application/json")
            each.endheaders(b"{")
        assert [each.getresponse().status for each in slow] == [401] * 4


def test_who_keeps_a_body_back_holds_others_up_for_seconds_at_most(shared: Firm, url: str) -> None:
    """Another thread answers, or where there is none, another process in place of the one that waits."""
    text, _number = token_of(shared.cast)
    body = question(shared.email("ben"), "view", "ACME-1")
    with decide_process(url) as port, Connected(port, text) as slow:
        assert slow.allowed(body)
        slow.connection.putrequest("POST", "/access/v1/evaluation")
        for name, value in {**slow.headers, "Content-Length": "100"}.items():
            slow.connection.putheader(name, value)
        slow.connection.endheaders(b"{")
        assert answered_in_the_end(port, text, body)


def answered_in_the_end(port: int, token: str, body: Any) -> bool:
    """The decision; asked for again where a process takes the question along as it ends."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with Connected(port, token) as software, suppress(OSError, http.client.HTTPException):
            return software.allowed(body)
    raise AssertionError("nobody answers")


def test_it_loads_no_framework() -> None:
    script = (
        "import sys, ringfence.cli.processes.decide_process as _\n"
        "print({'django', 'structlog'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_it_is_ready_soon_after_it_is_started(shared: Firm, url: str) -> None:
    """A bound on the processor's time, whatever else the machine does."""
    text, _number = token_of(shared.cast)
    began = time.monotonic()
    with decide_process(url) as port, Connected(port, text) as software:
        assert software.allowed(question(shared.email("ben"), "view", "ACME-1"))
        assert time.monotonic() - began < 20
