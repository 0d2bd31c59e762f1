"""The Python client asks the real decision service, in this process."""

from __future__ import annotations

import asyncio
import queue
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ringfence.store.sources import StateUnavailable
from ringfence_client import (
    AsyncRingfence,
    Client,
    NotAdmitted,
    Question,
    Ringfence,
    Unavailable,
    Unfit,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.decide.app import DecisionService
    from tests.decide.asking import Caller
    from tests.decide.firm_asked import Firm

ADDRESS = "http://access.example.org"


@pytest.fixture
def ringfence(software: Caller) -> Ringfence:
    return Ringfence(ADDRESS, software.token, transport=httpx.WSGITransport(app=as_wsgi(software.service)))


def test_a_check_says_yes_with_the_level(ringfence: Ringfence, firm: Firm) -> None:
    decision = ringfence.check(firm.email("Ben"), "ACME-1", "edit")
    assert decision
    assert (decision.level, decision.reason) == ("editor", "direct")


def test_a_check_says_no_with_a_text_for_the_user(ringfence: Ringfence, firm: Firm) -> None:
    decision = ringfence.check(firm.email("Dee"), "ACME-1")
    assert not decision
    assert decision.message


def test_an_answer_carries_the_version_of_the_firm(ringfence: Ringfence, firm: Firm) -> None:
    assert ringfence.check(firm.email("Ben"), "ACME-1").version == _version(firm)


def test_a_text_comes_in_the_language_that_was_asked_for(ringfence: Ringfence, firm: Firm) -> None:
    texts = {ringfence.check(firm.email("Dee"), "ACME-1", language=each).message for each in ("en", "cy")}
    assert len(texts) == 2


def test_many_questions_are_answered_in_their_order(ringfence: Ringfence, firm: Firm) -> None:
    ben, dee = Question(firm.email("Ben"), "ACME-1"), Question(firm.email("Dee"), "ACME-1")
    answers = ringfence.check_many([ben, dee] * 501)
    assert list(map(bool, answers)) == [True, False] * 501
    assert {answer.version for answer in answers} == {_version(firm)}


def test_no_question_has_no_answer(ringfence: Ringfence) -> None:
    assert ringfence.check_many([]) == []


def test_visible_clients_are_all_of_them_page_after_page(
    ringfence: Ringfence, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfence_client.questions.AT_ONCE", 1)
    assert list(ringfence.visible_clients(firm.email("Cy"))) == [
        Client("ACME-1", "Acme Ltd"),
        Client("BOOTS-2", "Boots & Co"),
    ]


def test_clients_are_counted_without_being_fetched(ringfence: Ringfence, firm: Firm) -> None:
    assert ringfence.count_clients(firm.email("Cy")) == 2
    assert ringfence.count_clients(firm.email("Cy"), text="boots") == 1


def test_a_token_that_is_none_is_not_admitted(ringfence: Ringfence, software: Caller, firm: Firm) -> None:
    stranger = Ringfence(ADDRESS, "nothing", transport=httpx.WSGITransport(app=as_wsgi(software.service)))
    with pytest.raises(NotAdmitted):
        stranger.check(firm.email("Ben"), "ACME-1")


def test_a_wrong_question_is_told_where_it_is_wrong(ringfence: Ringfence, firm: Firm) -> None:
    with pytest.raises(Unfit, match="sort"):
        list(ringfence.visible_clients(firm.email("Ben"), sort="colour"))


def test_a_word_that_cannot_be_sent_is_a_wrong_question(ringfence: Ringfence) -> None:
    with pytest.raises(Unfit, match="UTF-8"):
        ringfence.check("half a pair \ud83d", "ACME-1")

    async def asked() -> None:
        async with AsyncRingfence(ADDRESS, "a token") as asynchronous:
            await asynchronous.check("half a pair \ud83d", "ACME-1")

    with pytest.raises(Unfit, match="UTF-8"):
        asyncio.run(asked())


def test_a_version_that_was_not_reached_is_no_answer(ringfence: Ringfence, firm: Firm) -> None:
    with pytest.raises(Unavailable):
        ringfence.check(firm.email("Ben"), "ACME-1", at_least=_version(firm) + 1)


def test_no_database_is_no_answer_and_says_when_to_ask_again(software: Caller, firm: Firm) -> None:
    def away() -> None:
        raise StateUnavailable

    software.service.let_go()
    software.service._connect = away  # type: ignore[assignment]
    client = Ringfence(ADDRESS, software.token, transport=httpx.WSGITransport(app=as_wsgi(software.service)))
    with pytest.raises(Unavailable) as raised:
        client.check(firm.email("Ben"), "ACME-1")
    assert raised.value.retry_after == 1


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(Unavailable):
        Ringfence("http://127.0.0.1:9", "token").check("ben@example.com", "ACME-1")


@pytest.mark.parametrize(
    "answer", [{"json": {"decision": "yes"}}, {"json": {"decision": 1}}, {"json": {"decision": None}}]
)
def test_only_a_plain_true_is_a_yes(answer: dict[str, object]) -> None:
    assert not _answered(lambda _request: httpx.Response(200, **answer)).check("ben@example.com", "A")  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", [{"text": "<html>"}, {"json": []}, {"json": {"allowed": True}}])
def test_what_is_no_decision_is_no_answer(answer: dict[str, object]) -> None:
    with pytest.raises(Unavailable):
        _answered(lambda _request: httpx.Response(200, **answer)).check("ben@example.com", "A")  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [301, 401, 403, 404, 502])
def test_a_page_of_something_else_is_no_answer_and_the_address_is_doubted(status: int) -> None:
    elsewhere = httpx.MockTransport(lambda _asked: httpx.Response(status, html="<html>A page</html>"))
    with pytest.raises(Unavailable, match=f"{ADDRESS}/access/v1/evaluation answered {status}") as raised:
        Ringfence(ADDRESS, "token", transport=elsewhere).check("ann@example.org", "ACME-1")
    assert "<html>" not in str(raised.value)


@pytest.mark.parametrize("body", [{}, {"evaluations": None}, {"evaluations": [{"decision": True}]}])
def test_too_few_decisions_are_no_answer(body: dict[str, object]) -> None:
    with pytest.raises(Unavailable):
        _told(body).check_many([Question("ann@example.org", "A"), Question("ann@example.org", "B")])


@pytest.mark.parametrize("body", [{}, {"results": [{}]}, {"results": 7}])
def test_what_is_no_list_of_clients_is_no_answer(body: dict[str, object]) -> None:
    with pytest.raises(Unavailable):
        list(_told(body).visible_clients("ann@example.org"))


def test_what_has_no_total_is_no_answer() -> None:
    with pytest.raises(Unavailable):
        _told({"results": [], "page": {}}).count_clients("ann@example.org")


@pytest.mark.parametrize("token", ["", " ", "ringfence_a\nb", "ringfence_a\u2026b"])
@pytest.mark.parametrize("client", [Ringfence, AsyncRingfence])
def test_what_can_be_no_token_is_not_taken_and_not_told(
    client: type[Ringfence | AsyncRingfence], token: str
) -> None:
    with pytest.raises(NotAdmitted) as raised:
        client(ADDRESS, token)
    assert not token.strip() or token not in str(raised.value)


def test_a_token_read_from_a_file_may_end_its_line(software: Caller, firm: Firm) -> None:
    asking = Ringfence(
        ADDRESS, f"{software.token}\n", transport=httpx.WSGITransport(app=as_wsgi(software.service))
    )
    assert asking.check(firm.email("Ben"), "ACME-1", "edit")


def test_asyncio_asks_the_same(software: Caller, firm: Firm) -> None:
    transport = _FromAnotherThread()

    async def asked() -> tuple[bool, list[bool], list[str], int]:
        async with AsyncRingfence(ADDRESS, software.token, transport=transport) as ringfence:
            one = await ringfence.check(firm.email("Ben"), "ACME-1", "edit")
            many = await ringfence.check_many([Question(firm.email("Dee"), "ACME-1")])
            seen = [client.reference async for client in ringfence.visible_clients(firm.email("Cy"))]
            count = await ringfence.count_clients(firm.email("Cy"))
        return bool(one), list(map(bool, many)), seen, count

    with ThreadPoolExecutor(1) as pool:
        answers = pool.submit(asyncio.run, asked())
        transport.serve(software.service, until=answers)
    assert answers.result() == (True, [False], ["ACME-1", "BOOTS-2"], 2)


def as_wsgi(service: DecisionService) -> Any:
    """The service as httpx asks one without a connection."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        answer = service.answered(environ)
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", answer.headers)
        return [answer.body]

    return application


class _FromAnotherThread(httpx.AsyncBaseTransport):
    """Brings requests of an event loop to the thread of the test, whose transaction has the firm."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[httpx.Request, Future[httpx.Response]]] = queue.Queue()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        answer: Future[httpx.Response] = Future()
        self._waiting.put(
            (httpx.Request(request.method, request.url, headers=request.headers, content=content), answer)
        )
        return await asyncio.wrap_future(answer)

    def serve(self, service: DecisionService, *, until: Future[Any]) -> None:
        transport = httpx.WSGITransport(app=as_wsgi(service))
        while not until.done():
            try:
                request, answer = self._waiting.get(timeout=0.01)
            except queue.Empty:
                continue
            found = transport.handle_request(request)
            answer.set_result(httpx.Response(found.status_code, headers=found.headers, content=found.read()))


def _told(body: dict[str, object]) -> Ringfence:
    return _answered(lambda _request: httpx.Response(200, json=body))


def _answered(answer: Callable[[httpx.Request], httpx.Response]) -> Ringfence:
    return Ringfence(ADDRESS, "token", transport=httpx.MockTransport(answer))


def _version(firm: Firm) -> int:
    from ringfence.access import firm_state

    return firm_state(firm.cast.firm).version
