"""What is noted of answers: a firm's log of decisions, where it has one on."""

from typing import Any

import pytest

from ringfence.decide.app import DecisionService
from ringfence.store.decision_log import DecisionLog
from tests.decide.asking import Caller, question
from tests.decide.firm_asked import Firm


class Kept(DecisionLog):
    """A log that keeps what it is given in memory."""

    def __init__(self, *firms: int) -> None:
        super().__init__(connect=lambda: pytest.fail("nothing is written here"))
        self.firms = frozenset(firms)
        self.entries: list[Any] = []

    def note(self, firm: int, entry: tuple[object, ...]) -> None:
        assert firm in self.firms
        self.entries.append(entry[1:-1])


def test_each_question_of_a_firm_that_wants_it_is_noted(
    software: Caller, service: DecisionService, firm: Firm
) -> None:
    log = service.log = Kept(firm.cast.firm)
    software.evaluate(firm.email("ben"), "edit", "ACME-1")
    software.evaluate(firm.email("dee"), "view", "CLOSED-3")
    software.evaluate(firm.email("ben"), "view", "id:2", kind="engagement")
    software.evaluate("nobody@example.com", "view", "NONE-9")
    software.post(
        "/access/v1/search/resource",
        {
            "subject": {"type": "user", "id": firm.email("cy")},
            "action": {"name": "view"},
            "resource": {"type": "client"},
        },
    )
    token = 1
    assert log.entries == [
        ("evaluation", token, firm.ben, firm.acme, 0, "edit", 1, "direct"),
        ("evaluation", token, firm.dee, firm.closed, 0, "view", 0, "not_assigned"),
        ("evaluation", token, firm.ben, firm.acme, 2, "view", 1, "direct"),
        ("evaluation", token, 0, 0, 0, "view", 0, "outside_firm"),
        ("resource", token, firm.cy, 0, 0, "view", 2, ""),
    ]


def test_every_question_of_a_list_is_noted(software: Caller, service: DecisionService, firm: Firm) -> None:
    log = service.log = Kept(firm.cast.firm)
    asked = [question(firm.email(who), "view", "ACME-1") for who in ("ben", "dee")]
    software.post("/access/v1/evaluations", {"evaluations": asked})
    assert [entry[2] for entry in log.entries] == [firm.ben, firm.dee]


def test_nothing_is_noted_of_a_firm_that_does_not_want_it(
    software: Caller, service: DecisionService, firm: Firm
) -> None:
    log = service.log = Kept()
    software.evaluate(firm.email("ben"), "edit", "ACME-1")
    assert log.entries == []
