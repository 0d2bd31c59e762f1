"""Asking for a client that one cannot open, and what became of it (rules.md 4, kyc; 7, `request.*`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    ChangeSettings,
    DeclineRequest,
    GrantRequest,
    On,
    OpenRequest,
    RemoveClient,
    SetGrant,
)
from ringfence.core.days import local_time
from ringfence.core.terms import Instant, Level, member_subject
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, WELSH, Cast, do
from tests.web.reading import errors, heading, link, names, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

DAY = 24 * 60 * 60 * 1_000_000
WHY = "I am to renew their screening this month."


def asking(cast: Cast, client: int = BAKER) -> str:
    return reverse("request-access", args=[cast.firm, client])


def yours(cast: Cast) -> str:
    return reverse("your-requests", args=[cast.firm])


def send(client: PageClient, cast: Cast, **fields: str) -> Any:
    return client.post(asking(cast), {"reason": WHY, **fields}, follow=True)


def test_who_cannot_open_a_client_is_led_to_ask_for_it(cast: Cast, dilys: PageClient) -> None:
    closed = dilys.get(reverse("client", args=[cast.firm, BAKER]))
    assert closed.status_code == 403
    form = dilys.get(link(closed, "Request access"))
    assert heading(form) == "Request access"
    assert "level" not in {each.get("name") for each in _inputs(form)}


def _inputs(page: Any) -> Any:
    from tests.web.reading import document

    return document(page).iter("input")


def test_a_request_says_why_and_until_when(cast: Cast, dilys: PageClient) -> None:
    sent = send(dilys, cast, **{"until-day": "31", "until-month": "3", "until-year": "2125"})
    assert heading(sent) == "Your requests"
    assert "You have asked for access to Baker & Sons." in text(sent)
    [[client, asked, state, _withdraw]] = rows(sent)
    assert client == "Baker & Sons"
    assert "until the end of 31 March 2125" in asked
    assert WHY in asked
    assert state == "Waiting"
    request = firm_state(cast.firm).requests[BAKER, DILYS]
    assert request.level is Level.EDITOR
    assert request.expires is not None


def test_a_request_needs_a_reason(cast: Cast, dilys: PageClient) -> None:
    page = dilys.post(asking(cast), {"reason": " "})
    assert errors(page) == [("Enter why you need access", "#reason")]
    assert not firm_state(cast.firm).requests


def test_a_reason_that_is_too_long_is_kept_and_said(cast: Cast, dilys: PageClient) -> None:
    page = dilys.post(asking(cast), {"reason": "a" * 501})
    assert errors(page) == [("This is too long. Enter 500 characters or fewer.", "#reason")]
    assert "a" * 501 in page.content.decode()


def test_asking_twice_says_so(cast: Cast, dilys: PageClient) -> None:
    send(dilys, cast)
    for again in (dilys.get(asking(cast), follow=True), send(dilys, cast)):
        assert heading(again) == "Your requests"
        assert "You have asked for this client relationship already." in text(again)
    closed = dilys.get(reverse("client", args=[cast.firm, BAKER]))
    assert link(closed, "You have asked for access, and nobody has answered yet") == yours(cast)


def test_what_one_can_open_is_not_asked_for(cast: Cast, dilys: PageClient) -> None:
    page = dilys.get(asking(cast, FORTUNE), follow=True)
    assert "You have this access already." in text(page)


def until_a_day(cast: Cast, level: Level = Level.EDITOR) -> None:
    """Give Dilys the client until three days from now."""
    ends = Instant(firm_state(cast.firm).now + 3 * DAY)
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=level, expires=ends))


def test_who_has_less_than_the_one_level_of_the_screens_is_told_that_they_ask_for_more(
    cast: Cast, dilys: PageClient
) -> None:
    ends = Instant(firm_state(cast.firm).now + 5 * DAY)
    to = (member_subject(DILYS),)
    do(cast.firm, SetGrant(to=to, on=On.client(BAKER), level=Level.READER, expires=ends))
    form = text(dilys.get(asking(cast)))
    assert "You ask for: Can view and manage." in form
    assert "To keep it for longer" not in form


@pytest.mark.parametrize("level", [Level.EDITOR, Level.OWNER])
def test_what_ends_is_asked_for_longer(cast: Cast, dilys: PageClient, level: Level) -> None:
    until_a_day(cast, level)
    panel = dilys.get(reverse("share-client", args=[cast.firm, BAKER]))
    form = dilys.get(link(panel, "Request longer access"))
    assert "Your access now: " in text(form)
    sent = send(dilys, cast)
    assert heading(sent) == "Your requests"
    assert firm_state(cast.firm).requests[BAKER, DILYS].level is level


def test_what_ends_is_not_asked_for_until_sooner(cast: Cast, dilys: PageClient) -> None:
    until_a_day(cast)
    tomorrow = local_time(Instant(firm_state(cast.firm).now + DAY), ZoneInfo("Europe/London"))
    day = {"until-day": tomorrow.day, "until-month": tomorrow.month, "until-year": tomorrow.year}
    page = send(dilys, cast, **{part: str(number) for part, number in day.items()})
    assert [href for _, href in errors(page)] == ["#until-day"]
    assert "You have this access already." in text(page)


def test_with_requests_off_there_is_nothing_to_ask_with(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"requests": False}))
    closed = dilys.get(reverse("client", args=[cast.firm, BAKER]))
    assert "Request access" not in text(closed)
    assert "Given access Cai (case owner)" in text(closed)
    told = dilys.get(asking(cast))
    assert told.status_code == 302
    assert "Requests are turned off." in text(dilys.get(told["Location"]))


def test_a_hidden_client_is_not_there_to_be_asked_for(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"inaccessible": "hidden"}))
    missing = dilys.get(asking(cast, 4711))
    assert dilys.get(asking(cast)).status_code == missing.status_code == 404
    assert dilys.post(asking(cast), {"reason": WHY}).status_code == 404


def test_a_level_is_asked_for_where_the_firm_shows_four(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"levels": "four"}))
    assert errors(dilys.post(asking(cast), {"reason": WHY})) == [("Select what you need to do", "#level")]
    send(dilys, cast, level="reader")
    assert firm_state(cast.firm).requests[BAKER, DILYS].level is Level.READER


def test_more_is_asked_for_where_the_firm_shows_four(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"levels": "four"}))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.READER))
    page = dilys.get(asking(cast))
    assert {each.get("value") for each in _inputs(page) if each.get("name") == "level"} == {"editor", "owner"}


def test_the_only_level_that_can_be_asked_for_is_told(cast: Cast, dilys: PageClient) -> None:
    assert "You ask for" not in text(dilys.get(asking(cast)))
    do(cast.firm, ChangeSettings(values={"levels": "four"}))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.EDITOR))
    page = text(dilys.get(asking(cast)))
    assert "You ask for: Owner (can view, change, submit, share and remove)." in page


def test_an_own_request_is_withdrawn(cast: Cast, dilys: PageClient) -> None:
    question = dilys.get(link(send(dilys, cast), "Withdraw Baker & Sons"))
    assert heading(question) == "Withdraw your request"
    address = question.wsgi_request.path
    assert errors(dilys.post(address)) == [("Select yes if you want to withdraw your request", "#answer")]
    assert dilys.post(address, {"answer": "no"})["Location"] == yours(cast)
    assert firm_state(cast.firm).requests
    done = dilys.post(address, {"answer": "yes"}, follow=True)
    assert "The request is withdrawn." in text(done)
    assert "Withdrawn Withdrawn on" in rows(done)[0][2]
    assert not firm_state(cast.firm).requests


def test_the_answers_stand_on_the_page(cast: Cast, dilys: PageClient) -> None:
    for client in (BAKER, WELSH):
        do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(client), level=Level.BLOCKED))
        do(cast.firm, OpenRequest(client=client, reason=WHY), DILYS)
    do(cast.firm, GrantRequest(client=WELSH, member=DILYS), OWEN)
    do(cast.firm, DeclineRequest(client=BAKER, member=DILYS, reason="Not your client."), CAI)
    page = dilys.get(yours(cast))
    assert names(page) == ["Llŷr Ŵyn Cyfyngedig", "Baker & Sons"]
    granted, declined = (row[2] for row in rows(page))
    assert "Granted Granted by Owen on" in granted
    assert "can view and manage, without an end" in granted.lower()
    assert "Declined Declined by Cai on" in declined
    assert "Reason given: Not your client." in declined


def test_a_request_for_a_client_that_went_is_withdrawn_and_names_nothing(
    cast: Cast, dilys: PageClient
) -> None:
    send(dilys, cast)
    do(cast.firm, RemoveClient(client=BAKER))
    [[client, _asked, state, _withdraw]] = rows(dilys.get(yours(cast)))
    assert client == "A client relationship that you cannot see any more"
    assert "Withdrawn on" in state


def test_a_day_that_is_over_is_refused_and_kept(cast: Cast, dilys: PageClient) -> None:
    page = dilys.post(
        asking(cast), {"reason": WHY, "until-day": "1", "until-month": "1", "until-year": "2020"}
    )
    assert errors(page) == [("Enter a day that is not over yet", "#until-day")]
    assert value(page, "until-year") == "2020"


@pytest.mark.parametrize("name", ["Ada", "Enid"])
def test_who_uses_no_records_asks_for_none(cast: Cast, name: str, signed_in: Any) -> None:
    assert signed_in(cast, name).get(asking(cast)).status_code == 403


def test_the_page_asks_the_database_little_however_much_was_asked(cast: Cast, dilys: PageClient) -> None:
    for reason in ("One", "Two", "Three"):
        do(cast.firm, OpenRequest(client=BAKER, reason=reason), DILYS)
        do(cast.firm, DeclineRequest(client=BAKER, member=DILYS, reason="No."), CAI)
    assert len(rows(dilys.get(yours(cast)))) == 3
    with CaptureQueriesContext(connection) as captured:
        dilys.get(yours(cast))
    assert len(captured) <= 12
