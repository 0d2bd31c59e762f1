"""What is answered where nobody can prove that an answer is current: nothing, but to who accepts that."""

from collections.abc import Callable
from typing import Any

import pytest

from ringfence.access.connection import plain
from ringfence.decide import searching
from ringfence.decide.app import DecisionService
from ringfence.store.name_index import NameIndex
from ringfence.store.proving import NotProved, OneDatabase
from ringfence.store.sources import Mark
from tests.decide.asking import Caller, ask, caller, question
from tests.decide.firm_asked import Firm

EVALUATION = "/access/v1/evaluation"


class Standby(OneDatabase):
    """A database that has proofs, until it is cut off."""

    def __init__(self) -> None:
        super().__init__(plain)
        self.cut = False
        self.seconds_alone = 30.0
        self.ago = 2.0
        """How long it says to have been cut off."""
        self.waits = 0.0
        """How long it waits for hosts that say nothing."""
        self.last: Mark | None = None

    def mark(self, firm: int) -> Mark:
        if self.cut:
            raise NotProved("cut off")
        self.last = super().mark(firm)
        return self.last

    def mark_alone(self, firm: int) -> Mark:
        self.ago += self.waits
        return super().mark(firm)

    def proved_before(self, firm: int) -> tuple[float, Mark] | None:
        return None if self.last is None else (self.ago, self.last)

    def able(self) -> bool:
        return not self.cut

    def let_go(self) -> bool:
        return True


@pytest.fixture
def standby(db: None) -> Standby:
    return Standby()


@pytest.fixture
def asks(firm: Firm, standby: Standby, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """Software that has been answered once, before the standby was cut off."""
    monkeypatch.setattr(searching, "NAMES", NameIndex())
    service = DecisionService()
    monkeypatch.setattr(service, "asked", lambda: standby)
    found = caller(service, firm.cast)
    assert found.post(EVALUATION, question(firm.email("ben"), "view", "ACME-1")).status == 200
    standby.cut = True
    return found


@pytest.fixture
def post(asks: Caller, firm: Firm) -> Callable[..., Any]:
    body = question(firm.email("ben"), "view", "ACME-1")
    return lambda **headers: asks.post(EVALUATION, body, **headers)


def test_by_default_there_is_no_answer_and_the_remedy_is_said(post: Callable[..., Any]) -> None:
    found = post()
    assert (found.status, found.headers["retry-after"]) == (503, "1")
    assert "Ringfence-Max-Age" in found.text
    assert "decision" not in found.text


def test_who_accepts_an_older_answer_gets_one_that_says_how_old_it_may_be(post: Callable[..., Any]) -> None:
    found = post(Ringfence_Max_Age="5000")
    assert (found.status, found.json["decision"]) == (200, True)
    assert found.headers["ringfence-age"] == "2000"


def test_what_it_waited_for_silent_hosts_makes_an_answer_older(
    post: Callable[..., Any], standby: Standby
) -> None:
    standby.waits = 1.0
    assert post(Ringfence_Max_Age="3000").headers["ringfence-age"] == "3000"
    assert post(Ringfence_Max_Age="3999").status == 503


def test_who_names_a_version_that_was_reached_gets_an_answer(post: Callable[..., Any], firm: Firm) -> None:
    version = firm.cast.view.version
    assert post(Ringfence_At_Least=str(version)).json["context"]["version"] == version
    assert post(Ringfence_At_Least=str(version + 1)).status == 503


@pytest.mark.parametrize(
    ("accepted", "alone", "ago"),
    [("1999", 30.0, 2.0), ("0", 30.0, 2.0), ("5000", 0.0, 2.0), ("99999", 30.0, 31.0)],
)
def test_an_answer_older_than_is_accepted_here_or_there_is_not_given(
    post: Callable[..., Any], standby: Standby, accepted: str, alone: float, ago: float
) -> None:
    standby.seconds_alone, standby.ago = alone, ago
    assert post(Ringfence_Max_Age=accepted).status == 503


def test_who_was_never_proved_to_be_current_answers_nobody(
    post: Callable[..., Any], standby: Standby
) -> None:
    standby.last = None
    assert post(Ringfence_Max_Age="5000").status == 503


def test_what_is_older_than_what_was_answered_last_is_not_given(
    post: Callable[..., Any], standby: Standby
) -> None:
    assert standby.last is not None
    standby.last = standby.last._replace(version=standby.last.version + 1, head=b"of a later entry")
    assert post(Ringfence_Max_Age="5000").status == 503


def test_once_it_can_be_proved_again_no_age_is_accepted(post: Callable[..., Any], standby: Standby) -> None:
    standby.cut = False
    assert "ringfence-age" not in post(Ringfence_Max_Age="5000").headers


def test_it_is_not_ready_while_nothing_can_be_proved(asks: Caller, standby: Standby) -> None:
    assert ask(asks.service, "GET", "/readyz", b"", {}).text == "proof\n"
    standby.cut = False
    assert ask(asks.service, "GET", "/readyz", b"", {}).status == 200
