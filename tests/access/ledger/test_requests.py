"""What became of a request, as the ledger has it (rules.md 7): who answered, how, and why."""

from __future__ import annotations

import pytest

from ringfence.access import OPERATOR, Actor, RequestState, create_firm, execute, firm_state
from ringfence.access.clock import clock
from ringfence.access.ledger.requests import (
    DAY,
    LAPSE_DAYS,
    asked_in,
    last_request,
    open_requests,
    requests_of,
)
from ringfence.core.commands import Command
from ringfence.core.commands.definitions import (
    AddClient,
    AddMember,
    ChangeSettings,
    ClientRow,
    DeactivateMember,
    DeclineRequest,
    GrantRequest,
    OpenRequest,
    RemoveClient,
    TurnOn,
    WithdrawRequest,
)
from ringfence.core.terms import Instant, Level
from tests.support.once import made_once

pytestmark = pytest.mark.both_databases

NIA, NILS, MADS = 1, 2, 3
AURORA, BLUEFIN = 1, 2


@pytest.fixture
def firm(db: None) -> int:
    """A company whose two clients are Nils's alone; Mads may ask."""
    return made_once("two clients of Nils", make_company)


def make_company() -> int:
    firm = create_firm("Harbour", "kyc", admin_email="nia@harbour.example", admin_name="Nia").firm
    for command in (
        AddMember(name="Nils", email="nils@harbour.example"),
        AddMember(name="Mads", email="mads@harbour.example"),
        TurnOn(),
        ChangeSettings(values={"requests": True, "unassigned": "none"}),
    ):
        do(firm, command)
    for name in ("Aurora", "Bluefin"):
        do(firm, AddClient(client=ClientRow(name=name)), NILS)
    return firm


def do(firm: int, command: Command, member: int | None = None) -> None:
    execute(firm, command, actor=OPERATOR if member is None else Actor(member))


def state(firm: int, client: int = AURORA) -> RequestState:
    asked = last_request(firm_state(firm), client, MADS)
    assert asked is not None
    return asked.end.outcome if asked.end is not None else RequestState.OPEN


def test_a_request_waits_with_its_words(firm: int) -> None:
    do(firm, OpenRequest(client=AURORA, reason="To renew"), MADS)
    [waiting] = open_requests(firm, firm_state(firm).requests)
    assert (waiting.client, waiting.member, waiting.reason) == (AURORA, MADS, "To renew")
    assert state(firm) is RequestState.OPEN


def test_only_the_requests_that_were_asked_for_are_told(firm: int) -> None:
    do(firm, OpenRequest(client=AURORA, reason="To renew"), MADS)
    assert open_requests(firm, []) == []
    assert open_requests(firm, [(AURORA, NILS), (BLUEFIN, MADS)]) == []


def test_a_grant_says_who_gave_what(firm: int) -> None:
    do(firm, OpenRequest(client=AURORA, level=Level.EDITOR, reason="To renew"), MADS)
    do(firm, GrantRequest(client=AURORA, member=MADS, level=Level.READER, reason="Fine"), NILS)
    asked = last_request(firm_state(firm), AURORA, MADS)
    assert asked is not None
    assert asked.end is not None
    assert (asked.reason, asked.level) == ("To renew", Level.EDITOR)
    assert (asked.end.outcome, asked.end.by, asked.end.level) == (RequestState.GRANTED, NILS, Level.READER)
    assert asked.end.reason == "Fine"


def test_a_declined_request_says_why(firm: int) -> None:
    do(firm, OpenRequest(client=AURORA, reason="To renew"), MADS)
    do(firm, DeclineRequest(client=AURORA, member=MADS, reason="No need"), NILS)
    asked = last_request(firm_state(firm), AURORA, MADS)
    assert asked is not None
    assert asked.end is not None
    assert (asked.end.outcome, asked.end.by, asked.end.reason) == (RequestState.DECLINED, NILS, "No need")


def test_withdrawn_by_the_asker_with_the_client_or_with_the_member(firm: int) -> None:
    for client in (AURORA, BLUEFIN):
        do(firm, OpenRequest(client=client, reason="To renew"), MADS)
    do(firm, WithdrawRequest(client=AURORA), MADS)
    do(firm, RemoveClient(client=BLUEFIN))
    assert state(firm) is state(firm, BLUEFIN) is RequestState.WITHDRAWN
    do(firm, OpenRequest(client=AURORA, reason="After all"), MADS)
    assert state(firm) is RequestState.OPEN
    do(firm, DeactivateMember(member=MADS))
    assert state(firm) is RequestState.WITHDRAWN


def test_declined_by_nobody_before_its_time_is_no_lapse(firm: int) -> None:
    do(firm, OpenRequest(client=AURORA, reason="To renew"), MADS)
    do(firm, DeclineRequest(client=AURORA, member=MADS, reason="By the operator"))
    assert state(firm) is RequestState.DECLINED


def test_declined_by_nobody_after_its_time_has_lapsed(firm: int, monkeypatch: pytest.MonkeyPatch) -> None:
    do(firm, OpenRequest(client=AURORA, reason="To renew"), MADS)
    later = Instant(clock() + LAPSE_DAYS * DAY)
    monkeypatch.setattr("ringfence.access.clock.clock", lambda: later)
    do(firm, DeclineRequest(client=AURORA, member=MADS, reason="Nobody answered"))
    assert state(firm) is RequestState.LAPSED


def test_each_request_has_its_own_end(firm: int) -> None:
    do(firm, OpenRequest(client=AURORA, reason="One"), MADS)
    do(firm, DeclineRequest(client=AURORA, member=MADS, reason="No"), NILS)
    do(firm, OpenRequest(client=AURORA, reason="Two"), MADS)
    do(firm, GrantRequest(client=AURORA, member=MADS), NILS)
    now = firm_state(firm)
    told = [
        (asked.reason, asked.end.outcome if asked.end is not None else None)
        for asked in asked_in(now, MADS, list(requests_of(now, MADS)))
    ]
    assert told == [("Two", RequestState.GRANTED), ("One", RequestState.DECLINED)]


def test_nobody_is_told_of_another_members_requests(firm: int) -> None:
    do(firm, OpenRequest(client=AURORA, reason="One"), MADS)
    assert not requests_of(firm_state(firm), NILS)
