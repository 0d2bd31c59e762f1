"""Answering a request for access: by whoever may share the client, once, with what it does shown first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.access.ledger.requests import DAY, LAPSE_DAYS
from ringfence.access.notices_due import lapse_requests
from ringfence.core.commands.definitions import (
    ChangeMember,
    ChangeSettings,
    DeclineRequest,
    GrantRequest,
    On,
    OpenRequest,
    SetGrant,
    WithdrawRequest,
)
from ringfence.core.days import close_of
from ringfence.core.terms import Instant, Level, Target, member_subject
from ringfence.firms.models import LedgerEntry, Request
from tests.web.cast import BAKER, CAI, DILYS, ENID, OWEN, Cast, do
from tests.web.reading import document, errors, heading, link, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

WHY = "I am to renew their screening this month."
LATER = {"until-day": "31", "until-month": "3", "until-year": "2125"}


@pytest.fixture
def asked(cast: Cast) -> Cast:
    """Dilys has asked for Baker & Sons, for good."""
    do(cast.firm, OpenRequest(client=BAKER, reason=WHY), DILYS)
    return cast


def deciding(cast: Cast, member: int = DILYS) -> str:
    return reverse("decide-request", args=[cast.firm, BAKER, member])


def grant(client: PageClient, cast: Cast, **fields: str) -> Any:
    """Fill the form in, look at what it does, and say yes."""
    form = {"decision": "grant", **fields}
    question = client.post(deciding(cast), form)
    assert question.status_code == 200, errors(question)
    return client.post(
        deciding(cast), {**form, "answer": "yes", "version": value(question, "version")}, follow=True
    )


def given(cast: Cast) -> Any:
    return firm_state(cast.firm).grants_of(member_subject(DILYS)).grant_on(Target("client", BAKER))


@pytest.mark.parametrize("who", ["Cai", "Owen"])
def test_everyone_who_may_share_the_client_finds_the_request(asked: Cast, who: str, signed_in: Any) -> None:
    client = signed_in(asked, who)
    home = client.get(reverse("firm-home", args=[asked.firm]), follow=True)
    waiting = client.get(link(home, "1 request for access waits for your answer."))
    assert heading(waiting) == "Requests for access"
    assert rows(waiting)[0][:2] == ["Dilys", "Baker & Sons"]
    page = client.get(link(waiting, "Answer Dilys: Baker & Sons"))
    assert WHY in text(page)
    assert "Their access now No access" in text(page)


def test_a_request_is_granted_for_good(asked: Cast, cai: PageClient) -> None:
    done = grant(cai, asked)
    assert "Dilys has access to Baker & Sons now." in text(done)
    assert heading(done) == "Requests for access"
    assert given(asked).level is Level.EDITOR
    assert given(asked).expires is None
    assert firm_state(asked.firm).sees(DILYS, BAKER)


def test_a_request_is_granted_for_a_time(asked: Cast, cai: PageClient) -> None:
    grant(cai, asked, **LATER)
    from datetime import date
    from zoneinfo import ZoneInfo

    from ringfence.firms.models import Firm

    zone = ZoneInfo(Firm.objects.get(pk=asked.firm).timezone)
    assert given(asked).expires == close_of(date(2125, 3, 31), zone)


def test_what_granting_does_is_shown_first(asked: Cast, cai: PageClient) -> None:
    question = cai.post(deciding(asked), {"decision": "grant"})
    assert heading(question) == "Grant the request of Dilys"
    assert "Who gains access Dilys: Baker & Sons" in text(question)
    assert given(asked) is None


def test_a_request_is_declined_with_a_reason(asked: Cast, cai: PageClient) -> None:
    page = cai.post(deciding(asked), {"decision": "decline"})
    assert errors(page) == [("Enter why you decline it", "#answer")]
    done = cai.post(
        deciding(asked), {"decision": "decline", "answer-reason": "Not your client."}, follow=True
    )
    assert "The request of Dilys for Baker & Sons is declined." in text(done)
    assert given(asked) is None
    assert not firm_state(asked.firm).requests


def test_an_answer_must_be_chosen(asked: Cast, cai: PageClient) -> None:
    page = cai.post(deciding(asked), {})
    assert errors(page) == [("Select whether you grant the request", "#decision")]


def test_a_request_that_was_answered_says_by_whom_and_how(asked: Cast, owen: PageClient) -> None:
    do(asked.firm, DeclineRequest(client=BAKER, member=DILYS, reason="Not your client."), CAI)
    for page in (owen.get(deciding(asked)), owen.post(deciding(asked), {"decision": "grant"})):
        assert heading(page) == "This request is answered already"
        assert "Declined by Cai on" in text(page)
        assert "Reason given: Not your client." in text(page)


def test_what_nobody_answered_in_time_has_lapsed_and_says_so_in_the_readers_language(
    asked: Cast, owen: PageClient, signed_in: Any
) -> None:
    two_weeks_ago = Instant(firm_state(asked.firm).now - LAPSE_DAYS * DAY)
    Request.objects.filter(firm=asked.firm).update(opened_at=two_weeks_ago)
    LedgerEntry.objects.filter(firm=asked.firm, command="request.open").update(at=two_weeks_ago)
    lapse_requests(asked.firm, "Nobody answered in time.")
    page = owen.get(deciding(asked))
    assert heading(page) == "The request has lapsed"
    assert "Lapsed on" in text(page)
    dilys = signed_in(asked, "Dilys")
    dilys.post(reverse("set_language"), {"language": "cy"})
    yours = text(dilys.get(reverse("your-requests", args=[asked.firm])))
    assert "nid atebodd neb mewn pryd" in yours
    for told in (text(page), yours):
        assert "Nobody answered in time." not in told


def test_what_was_withdrawn_says_so(asked: Cast, owen: PageClient) -> None:
    do(asked.firm, WithdrawRequest(client=BAKER), DILYS)
    assert heading(owen.get(deciding(asked))) == "The request was withdrawn"


def test_the_later_of_two_who_answer_is_told_of_the_earlier(asked: Cast, cai: PageClient) -> None:
    question = cai.post(deciding(asked), {"decision": "grant"})
    do(asked.firm, GrantRequest(client=BAKER, member=DILYS), OWEN)
    late = cai.post(
        deciding(asked), {"decision": "grant", "answer": "yes", "version": value(question, "version")}
    )
    assert heading(late) == "This request is answered already"
    assert "Granted by Owen on" in text(late)


def test_a_forwarded_link_opens_nothing_for_who_may_not_share(asked: Cast, dilys: PageClient) -> None:
    for page in (dilys.get(deciding(asked)), dilys.post(deciding(asked), {"decision": "grant"})):
        assert page.status_code == 403
        assert heading(page) == "You cannot answer this request"
        assert "You may not share this client relationship." in text(page)
        assert WHY not in text(page)
    assert given(asked) is None


def test_a_forwarded_link_to_a_hidden_client_finds_nothing(asked: Cast, dilys: PageClient) -> None:
    do(asked.firm, ChangeSettings(values={"inaccessible": "hidden"}))
    assert dilys.get(deciding(asked)).status_code == 404


def test_with_access_alone_one_answers_where_everybody_with_access_shares(
    asked: Cast, signed_in: Any
) -> None:
    do(asked.firm, ChangeMember(member=ENID, access=True))
    do(asked.firm, SetGrant(to=(member_subject(ENID),), on=On.client(BAKER), level=Level.EDITOR))
    enid = signed_in(asked, "Enid")
    assert enid.get(deciding(asked)).status_code == 403
    do(asked.firm, ChangeSettings(values={"sharing": "anyone_with_access"}))
    assert grant(enid, asked).status_code == 200
    assert given(asked) is not None


def test_where_administrators_alone_share_an_owner_answers_nothing(asked: Cast, cai: PageClient) -> None:
    do(asked.firm, ChangeSettings(values={"sharing": "administrators"}))
    assert cai.get(deciding(asked)).status_code == 403
    assert "waits for your answer" not in text(cai.get(reverse("clients", args=[asked.firm])))


def test_no_more_is_granted_than_was_asked_for(cast: Cast, cai: PageClient) -> None:
    until = Instant(firm_state(cast.firm).now + 10 * 24 * 3600 * 1_000_000)
    do(cast.firm, ChangeSettings(values={"levels": "four"}))
    do(cast.firm, OpenRequest(client=BAKER, level=Level.EDITOR, expires=until, reason=WHY), DILYS)
    page = cai.post(deciding(cast), {"decision": "grant", "level": "owner", **LATER})
    assert errors(page) == [
        ("Select what they may do", "#level"),
        ("Enter the day that was asked for, or an earlier one", "#until-day"),
    ]
    page = cai.post(deciding(cast), {"decision": "grant", "level": "reader"})
    assert errors(page) == [("Enter the day that was asked for, or an earlier one", "#until-day")]
    assert given(cast) is None


def test_with_requests_off_one_that_stands_can_be_declined_alone(asked: Cast, cai: PageClient) -> None:
    do(asked.firm, ChangeSettings(values={"requests": False}))
    page = cai.get(deciding(asked))
    assert "Requests are turned off in your firm." in text(page)
    refused = cai.post(deciding(asked), {"decision": "grant"})
    assert errors(refused) == [("Select whether you grant the request", "#decision")]
    done = cai.post(deciding(asked), {"decision": "decline", "answer-reason": "No."}, follow=True)
    assert "is declined." in text(done)


def test_a_request_that_there_never_was_is_said_not_to_be_there(cast: Cast, cai: PageClient) -> None:
    page = cai.get(deciding(cast), follow=True)
    assert "There is no such request." in text(page)


def test_manage_account_leads_to_requests_where_there_can_be_any(cast: Cast, owen: PageClient) -> None:
    manage = reverse("manage", args=[cast.firm])
    assert link(owen.get(manage), "Requests for access") == reverse("open-requests", args=[cast.firm])
    do(cast.firm, ChangeSettings(values={"requests": False}))
    assert "Requests for access" not in text(owen.get(manage))
    page = owen.get(reverse("open-requests", args=[cast.firm]))
    assert "Requests are turned off in your firm: nobody can ask" in text(page)


def test_nothing_below_what_the_asker_has_is_offered(cast: Cast, signed_in: Any) -> None:
    do(cast.firm, ChangeSettings(values={"levels": "four"}))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.EDITOR))
    do(cast.firm, OpenRequest(client=BAKER, level=Level.OWNER, reason=WHY), DILYS)
    page = signed_in(cast, "Owen").get(deciding(cast))
    levels = {each.get("value") for each in document(page).iter("input") if each.get("name") == "level"}
    assert levels == {"editor", "owner"}
