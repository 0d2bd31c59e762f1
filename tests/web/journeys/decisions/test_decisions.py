"""The log of decisions on its pages: who reads it, what it says, and who switches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access.clock import clock
from ringfence.core.terms import Instant
from ringfence.firms.models import DecisionBlock, Firm
from ringfence.store.decision_log import Logged, packed
from tests.web.cast import CAI, FORTUNE, Cast
from tests.web.reading import heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def at(cast: Cast, route: str) -> str:
    return reverse(route, args=[cast.firm])


def entry(minutes: int, **changed: object) -> Logged:
    """An answer so many minutes ago."""
    made = Logged(
        Instant(clock() - minutes * 60_000_000), "evaluation", 0, CAI, FORTUNE, 0, "view", 1, "direct", 3
    )
    return made._replace(**changed)  # type: ignore[arg-type]


def put(cast: Cast, *entries: Logged, lost: int = 0) -> None:
    times = [each.at for each in entries]
    DecisionBlock.objects.create(
        firm_id=cast.firm,
        ended=max(times),
        began=min(times),
        tag=DecisionBlock.objects.count(),
        entries=len(entries),
        lost=lost,
        body=packed(entries),
    )


def test_an_answer_stands_with_who_what_and_why(cast: Cast, owen: PageClient) -> None:
    put(cast, entry(1, answer=0, reason="blocked"))
    shown = text(owen.get(at(cast, "decisions")))
    assert "Cai" in shown
    assert "Open: Fortune 500" in shown
    assert "No" in shown
    assert "Cai has been blocked personally." in shown


def test_an_auditor_reads_it_and_switches_nothing(cast: Cast, ada: PageClient) -> None:
    put(cast, entry(1))
    page = ada.get(at(cast, "decisions"))
    assert "Open: Fortune 500" in text(page)
    assert at(cast, "decision-log") not in page.content.decode()
    assert ada.get(at(cast, "decision-log")).status_code == 403


def test_it_is_searched_by_member_and_by_answer(cast: Cast, owen: PageClient) -> None:
    put(cast, entry(1), entry(2, member=1, answer=0, reason="not_assigned"))
    assert "Owen" not in text(owen.get(at(cast, "decisions"), {"search": "Cai"})).partition("Answer Asked")[2]
    refused = text(owen.get(at(cast, "decisions"), {"denied": "1"}))
    assert refused.count("Open: Fortune 500") == 1
    assert "None of them is what you search for" in text(
        owen.get(at(cast, "decisions"), {"search": "Nobody"})
    )


def test_earlier_answers_are_on_the_next_pages_and_none_is_left_out(cast: Cast, owen: PageClient) -> None:
    put(cast, *(entry(each, action=f"step-{each}") for each in range(120)))
    seen: list[str] = []
    address = at(cast, "decisions")
    while address:
        page = owen.get(address)
        seen += [word.rstrip(":") for word in text(page).split() if word.startswith("step-")]
        shown = [part.partition('"')[0] for part in page.content.decode().split('href="')[1:]]
        earlier = [each.replace("&amp;", "&") for each in shown if "before=" in each and "lang" not in each]
        address = earlier[0] if earlier else ""
    assert seen == [f"step-{each}" for each in range(120)]


def test_answers_that_came_too_fast_are_told_of(cast: Cast, owen: PageClient) -> None:
    put(cast, entry(1), lost=3)
    assert "3 more answers came too fast to be kept." in text(owen.get(at(cast, "decisions")))


def test_somebody_and_something_that_the_firm_does_not_have_are_told_so(cast: Cast, owen: PageClient) -> None:
    put(cast, entry(1, member=0, client=0, answer=0, reason="outside_firm"))
    shown = text(owen.get(at(cast, "decisions")))
    assert "somebody the firm does not have" in shown
    assert "Open: what is not there" in shown


def test_an_administrator_switches_it_on_for_some_days(cast: Cast, owen: PageClient) -> None:
    done = owen.post(at(cast, "decision-log"), {"on": "yes", "days": "14"}, follow=True)
    assert heading(done) == "Decisions"
    assert "Answers to your firm’s software are logged, and kept for 14 days." in text(done)
    assert Firm.objects.filter(pk=cast.firm, logs_decisions=True, decision_days=14).exists()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"days": "14"}, "Choose whether answers are logged"),
        ({"on": "yes", "days": "0"}, "Enter a number of days from 1 to 400"),
        ({"on": "yes", "days": "401"}, "Enter a number of days from 1 to 400"),
        ({"on": "yes", "days": "many"}, "Enter a number of days from 1 to 400"),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(
    cast: Cast, owen: PageClient, sent: dict[str, str], told: str
) -> None:
    page = owen.post(at(cast, "decision-log"), sent)
    assert told in text(page)
    assert Firm.objects.filter(pk=cast.firm, logs_decisions=False, decision_days=30).exists()


def test_the_log_of_another_firm_is_not_shown(cast: Cast, owen: PageClient) -> None:
    put(cast, entry(1))
    DecisionBlock.objects.update(firm_id=cast.firm + 1)
    assert "Open: Fortune 500" not in text(owen.get(at(cast, "decisions")))
