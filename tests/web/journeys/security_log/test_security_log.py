"""The security log on its page and as a file: who reads it, what it finds, and what is noted of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.urls import reverse

from ringfence.access import security_lines
from ringfence.access import security_log as log
from ringfence.access.clock import clock
from ringfence.access.security_lines import forget_old_lines
from ringfence.access.security_log import SecurityKind, SeenFrom, note
from ringfence.core.terms import Export
from ringfence.firms.models import LedgerEntry, SecurityEvent
from tests.web.cast import CAI, DILYS, Cast
from tests.web.reading import errors, heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

DAY = 24 * 3600 * 1_000_000
HERE = SeenFrom(address="192.0.2.1", browser="Firefox", system="Windows")


def page(cast: Cast, client: PageClient, **asked: str) -> str:
    return text(client.get(reverse("security-log", args=[cast.firm]), asked))


@pytest.fixture
def happened(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Cai signed in ten days ago; since then somebody failed as Dilys, and a stranger was refused."""
    now = clock()
    monkeypatch.setattr(log, "clock", lambda: now - 10 * DAY)
    note(SecurityKind.SIGN_IN, firm=cast.firm, member=CAI, source=HERE, details={"by": "password"})
    monkeypatch.undo()
    for _attempt in range(3):
        note(SecurityKind.SIGN_IN_FAILED, firm=cast.firm, member=DILYS, source=HERE)
    note(SecurityKind.SIGN_IN_REFUSED, firm=cast.firm)
    note(SecurityKind.SIGN_OUT, firm=cast.other, member=1, source=SeenFrom(browser="Opera"))
    return cast


def test_a_line_says_who_what_how_often_and_from_where(happened: Cast, owen: PageClient) -> None:
    shown = page(happened, owen)
    assert "3 lines" in shown
    assert "Dilys Sign-in failed: wrong password 3 times Failed Firefox on Windows, 192.0.2.1" in shown
    assert "Signed in (password)" in shown
    assert "Nobody of the firm Sign-in refused" in shown
    assert "Opera" not in shown


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"person": "dil"}, {"Dilys"}),
        ({"kind": "sign_in"}, {"Cai"}),
        ({"outcome": "failed"}, {"Dilys", "Nobody of the firm"}),
        ({"outcome": "done"}, {"Cai"}),
        ({"person": "cai", "outcome": "failed"}, set()),
        ({"kind": "no such kind"}, {"Cai", "Dilys", "Nobody of the firm"}),
    ],
)
def test_it_is_found_by_person_kind_and_outcome(
    asked: dict[str, str], found: set[str], happened: Cast, owen: PageClient
) -> None:
    shown = page(happened, owen, **asked).partition("Clear the search")[2] or page(happened, owen, **asked)
    assert {name for name in ("Cai", "Dilys", "Nobody of the firm") if name in shown} == found


def test_it_is_found_by_day(happened: Cast, owen: PageClient) -> None:
    (at,) = SecurityEvent.objects.filter(firm=happened.firm, member=CAI).values_list("first_at", flat=True)
    day = _day(at)
    assert "1 line" in page(happened, owen, to=day)
    assert "2 lines" in page(happened, owen, **{"from": _day(at + 2 * DAY)})
    response = owen.get(reverse("security-log", args=[happened.firm]), {"from": "yesterday"})
    assert errors(response) == [("Enter a day, such as 27 3 2026", "#from")]


def _day(at: int) -> str:
    when = datetime.fromtimestamp(at / 1_000_000, ZoneInfo("Europe/London"))
    return f"{when.day} {when.month} {when.year}"


def test_auditors_read_it_and_others_do_not(happened: Cast, ada: PageClient, cai: PageClient) -> None:
    assert heading(ada.get(reverse("security-log", args=[happened.firm]))) == "Security log"
    for route in ("security-log", "security-log-csv", "security-log-xlsx"):
        assert cai.get(reverse(route, args=[happened.firm])).status_code == 403


def test_the_file_has_what_was_looked_for_and_is_in_the_ledger(happened: Cast, owen: PageClient) -> None:
    response = owen.get(reverse("security-log-csv", args=[happened.firm]), {"outcome": "failed"})
    head, *rows = response.content.decode("utf-8-sig").splitlines()
    assert head.startswith("First time (UTC),Last time (UTC),How often,Who")
    assert sorted(row.split(",")[2:4] for row in rows) == [["1", ""], ["3", "Dilys"]]
    last = LedgerEntry.objects.filter(firm=happened.firm).order_by("-number")[0]
    assert last.command == "export.take"
    assert Export.SECURITY.value.encode() in bytes(last.body)


def test_as_a_workbook(happened: Cast, owen: PageClient) -> None:
    response = owen.get(reverse("security-log-xlsx", args=[happened.firm]))
    assert response.content.startswith(b"PK")


def test_what_a_browser_says_of_itself_runs_in_no_spreadsheet(cast: Cast, owen: PageClient) -> None:
    note(SecurityKind.SIGN_IN, firm=cast.firm, member=CAI, source=SeenFrom(browser="=1+1"))
    response = owen.get(reverse("security-log-csv", args=[cast.firm]))
    assert ",=1+1" not in response.content.decode()


def test_lines_are_forgotten_after_their_time_and_beyond_the_most(
    happened: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SECURITY_LOG_DAYS", 5)
    forget_old_lines()
    assert not SecurityEvent.objects.filter(firm=happened.firm, member=CAI).exists()
    assert SecurityEvent.objects.filter(firm=happened.firm).count() == 2
    monkeypatch.setattr(security_lines, "MOST_LINES", 1)
    forget_old_lines()
    assert SecurityEvent.objects.filter(firm=happened.firm).count() == 1


def test_details_hold_words_alone(happened: Cast) -> None:
    (kept,) = SecurityEvent.objects.filter(firm=happened.firm, member=CAI).values_list("details", flat=True)
    assert json.loads(kept) == {"by": "password"}
