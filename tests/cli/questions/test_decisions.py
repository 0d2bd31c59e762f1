"""`ringfence decisions`: the log read, filtered and switched."""

import json

import pytest

from ringfence import access
from ringfence.access.clock import clock
from ringfence.core.terms import Instant
from ringfence.firms.models import DecisionBlock, Firm
from ringfence.store.decision_log import Logged, packed
from tests.access.cast import Cast, found
from tests.cli.listing import refuse, succeed

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Cast:
    made = found()
    made.member("Bob")
    made.client("Acme")
    return made


def put(firm: Cast, **changed: object) -> None:
    entry = Logged(Instant(clock()), "evaluation", 0, 2, 1, 0, "view", 1, "direct", 3)._replace(**changed)  # type: ignore[arg-type]
    DecisionBlock.objects.create(
        firm_id=firm.firm,
        ended=entry.at,
        began=entry.at,
        tag=DecisionBlock.objects.count(),
        entries=1,
        body=packed([entry]),
    )


def answers(*options: str) -> list[int]:
    return [each["answer"] for each in json.loads(succeed("decisions", "--json", *options))]


def test_answers_are_listed_with_names(firm: Cast) -> None:
    put(firm)
    said = succeed("decisions")
    assert "Bob" in said
    assert "Acme" in said
    assert "yes" in said
    assert "Decisions are not logged now" in said


def test_answers_are_filtered(firm: Cast) -> None:
    put(firm)
    put(firm, member=1, answer=0)
    assert sorted(answers()) == [0, 1]
    assert answers("--denied") == [0]
    assert answers("--member", "Bob") == [1]
    assert sorted(answers("--client", "Acme", "--all")) == [0, 1]
    assert len(answers("--last", "1")) == 1
    assert "Nobody" in refuse("decisions", "--member", "Nobody")


def test_the_log_is_switched_by_the_operator(firm: Cast) -> None:
    assert "logged, and kept for 7 days" in succeed("decisions", "--keep", "7")
    assert Firm.objects.filter(pk=firm.firm, logs_decisions=True, decision_days=7).exists()
    assert "not logged" in succeed("decisions", "--stop")
    assert Firm.objects.filter(pk=firm.firm, logs_decisions=False, decision_days=7).exists()
    assert [each.command for each in access.entries(firm.firm)].count("decision_log.set") == 2


def test_on_and_off_at_once_change_nothing(firm: Cast) -> None:
    assert "Nothing was changed" in refuse("decisions", "--keep", "7", "--stop")
    assert not Firm.objects.get(pk=firm.firm).logs_decisions
