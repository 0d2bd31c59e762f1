"""Requests for access by mail: to all who may share the client, with a reminder, a lapse, an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import F
from django.test import override_settings

from ringfence.access import execute, firm_state, notices_due
from ringfence.access.ledger.telling import nothing_to_tell
from ringfence.access.notices import NoticeKind
from ringfence.core.commands.definitions import (
    AddMember,
    ChangeSettings,
    DeclineRequest,
    GrantRequest,
    OpenRequest,
    RaiseWall,
    TurnOn,
    WithdrawRequest,
)
from ringfence.core.terms import Instant, Level, Role
from ringfence.core.values import Side
from ringfence.firms.models import Firm, LedgerEntry, Request
from ringfence.jobs.notices_due import remind_of_requests
from ringfence.jobs.tell_changes import Ledgers
from tests.notices.people import all_kept, everybody_came_in, give, in_days, kept, own, sent, told
from tests.web.cast import ADA, BAKER, CAI, DILYS, ENID, FORTUNE, OWEN, make_cast

GWEN = 6
DAY = 24 * 3600 * 1_000_000


@pytest.fixture(autouse=True)
def mail_is_sent() -> Iterator[None]:
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


@pytest.fixture
def firm(db: None) -> int:
    """A KYC company with requests on: Fortune 500 is Cai's, Owen and Gwen are administrators."""
    firm = make_cast("kyc").firm
    give(firm, AddMember(name="Gwen", email="gwen@pike.example", role=Role.ADMINISTRATOR))
    give(firm, ChangeSettings(values={"requests": True, "on_activation": "leave"}))
    own(firm, CAI)
    own(firm, OWEN, client=BAKER)
    give(firm, TurnOn())
    everybody_came_in()
    nothing_to_tell()
    return firm


def ask(firm: int, *, until: Instant | None = None) -> None:
    give(firm, OpenRequest(client=FORTUNE, expires=until, reason="The year end\n<b>is near</b>"), DILYS)


def ago(days: float) -> None:
    """Make every request so many days older."""
    for row in Request.objects.all():
        Request.objects.filter(pk=row.pk).update(opened_at=row.opened_at - int(days * DAY))
    Firm.objects.update(reminded=F("reminded") - int(days * DAY))
    LedgerEntry.objects.filter(command="request.open").update(at=F("at") - int(days * DAY))


def test_everybody_who_may_share_the_client_is_asked_with_the_reason_and_a_link(firm: int) -> None:
    ask(firm)
    found = sent()
    assert sorted(found) == told("cai", "gwen", "owen")
    said = found["cai@pike.example"]
    assert said.startswith("Dilys asks for access in Pike & Marlow\nDilys asks to open Fortune 500.\n")
    assert "> The year end\n> <b>is near</b>\n" in said
    assert f"https://ringfence.example/firms/{firm}/" in said
    assert "Fortune" not in said.splitlines()[0]
    assert kept(firm, ADA) == kept(firm, ENID) == []


def test_who_shares_by_the_setting_is_asked_too(firm: int) -> None:
    own(firm, ENID, Level.READER)
    give(firm, ChangeSettings(values={"sharing": "administrators"}))
    nothing_to_tell()
    ask(firm)
    assert sorted(sent()) == told("gwen", "owen")


def test_until_when_is_said(firm: int) -> None:
    ask(firm, until=in_days(firm, 30))
    assert "Dilys asks to open Fortune 500, until " in sent()["cai@pike.example"]


@pytest.mark.parametrize("closes", [WithdrawRequest(client=FORTUNE), None], ids=["withdrawn", "declined"])
def test_a_request_that_was_closed_before_the_mail_is_told_to_nobody(
    firm: int, closes: WithdrawRequest | None
) -> None:
    ask(firm)
    Ledgers().tell()
    if closes:
        give(firm, closes, DILYS)
    else:
        give(firm, DeclineRequest(client=FORTUNE, member=DILYS), CAI)
    assert set(sent()) <= set(told("dilys"))


def test_who_may_not_share_the_client_any_more_is_not_asked(firm: int) -> None:
    ask(firm)
    Ledgers().tell()
    give(firm, ChangeSettings(values={"sharing": "administrators"}))
    assert sorted(sent()) == told("gwen", "owen")


def test_the_asker_is_told_that_it_was_granted_and_until_when(firm: int) -> None:
    ask(firm)
    nothing_to_tell()
    give(firm, GrantRequest(client=FORTUNE, member=DILYS, expires=in_days(firm, 10)), CAI)
    found = sent()
    assert list(found) == told("dilys")
    said = found["dilys@pike.example"]
    assert said.startswith("Your request in Pike & Marlow was granted\n")
    assert "Cai granted your request: you can open Fortune 500, until " in said
    assert kept(firm, DILYS) == [NoticeKind.REQUEST_ANSWERED]


def test_the_asker_is_told_that_it_was_declined_and_why(firm: int) -> None:
    ask(firm)
    nothing_to_tell()
    give(firm, DeclineRequest(client=FORTUNE, member=DILYS, reason="Ask Owen first"), CAI)
    said = sent()["dilys@pike.example"]
    assert said.startswith("Your request in Pike & Marlow was declined\n")
    assert "Cai declined your request to open Fortune 500." in said
    assert "> Ask Owen first" in said


def test_the_asker_behind_a_wall_gets_no_answer(firm: int) -> None:
    ask(firm)
    nothing_to_tell()
    give(firm, DeclineRequest(client=FORTUNE, member=DILYS), CAI)
    Ledgers().tell()
    sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({FORTUNE})))
    give(firm, RaiseWall(name="Quiet", sides=sides))
    assert sent() == {}


def test_who_decides_is_reminded_once_after_two_days(firm: int) -> None:
    ask(firm)
    nothing_to_tell()
    ago(1.9)
    remind_of_requests.call()
    assert sent() == {}
    ago(0.2)
    remind_of_requests.call()
    remind_of_requests.call()
    found = sent()
    assert sorted(found) == told("cai", "gwen", "owen")
    assert found["cai@pike.example"].startswith("Dilys still waits for access in Pike & Marlow\n")
    assert [notice.kind for notice in all_kept(firm, CAI)] == [NoticeKind.REQUEST_WAITS]


def test_a_request_that_nobody_answers_lapses_after_two_weeks_and_its_asker_is_told(firm: int) -> None:
    ask(firm)
    ago(13.9)
    remind_of_requests.call()
    assert firm_state(firm).requests
    ago(0.2)
    remind_of_requests.call()
    remind_of_requests.call()
    assert not firm_state(firm).requests
    nothing = sent()
    assert nothing["dilys@pike.example"].startswith("Your request in Pike & Marlow was not answered\n")
    assert [notice.kind for notice in all_kept(firm, DILYS)] == [NoticeKind.REQUEST_ANSWERED]


def test_a_request_that_was_opened_anew_meanwhile_does_not_lapse(
    firm: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(firm)
    ago(14.1)

    def asked_anew_first(*what: Any, **how: Any) -> Any:
        give(firm, WithdrawRequest(client=FORTUNE), DILYS)
        ask(firm)
        return execute(*what, **how)

    monkeypatch.setattr(notices_due, "execute", asked_anew_first)
    remind_of_requests.call()
    assert Request.objects.filter(member=DILYS).exists()


def test_while_requests_are_switched_off_nobody_is_reminded_and_nothing_lapses(firm: int) -> None:
    ask(firm)
    give(firm, ChangeSettings(values={"requests": False}))
    nothing_to_tell()
    ago(20)
    remind_of_requests.call()
    assert firm_state(firm).requests
    assert sent() == {}
