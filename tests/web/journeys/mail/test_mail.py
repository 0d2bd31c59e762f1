"""Administrators see how their firm's mail stands: in counts and kinds, and of no other firm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.test import override_settings
from django.urls import reverse

from ringfence.core.commands.definitions import TurnOn
from ringfence.jobs.schedule import set_timers
from ringfence.jobs.tell_changes import Ledgers
from ringfence.notices.sending import MailRefused, MailServerAway
from tests.support.jobs import do_waiting, let_time_pass
from tests.web.cast import OWEN, Cast, do
from tests.web.reading import link, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SEND = "ringfence.notices.kinds.send"


@pytest.fixture(autouse=True)
def mail_is_sent() -> Iterator[None]:
    """As with a mail server."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


def shown(client: PageClient, firm: int) -> str:
    return text(client.get(reverse("firm-mail", args=[firm])))


def turn_on(firm: int) -> None:
    do(firm, TurnOn(), OWEN)
    Ledgers().tell()


def test_it_is_found_from_manage_account(cast: Cast, owen: PageClient) -> None:
    response = owen.get(reverse("manage", args=[cast.firm]))
    assert link(response, "Mail and background work") == reverse("firm-mail", args=[cast.firm])


def test_what_was_sent_is_counted_by_kind(cast: Cast, owen: PageClient) -> None:
    assert "Nothing is waiting, and nothing was sent" in shown(owen, cast.firm)
    turn_on(cast.firm)
    do_waiting()
    assert "Notice of a change, a request, or access that ends 0 0 1 " in shown(owen, cast.firm)


def test_what_waits_says_why_and_when_it_is_tried_again(cast: Cast, owen: PageClient) -> None:
    turn_on(cast.firm)
    with patch(SEND, side_effect=MailServerAway):
        do_waiting()
    said = shown(owen, cast.firm)
    assert "The mail server could not be reached, or did not take the mail then. Tried again on " in said
    assert " 1 0 0 " in said
    assert "owen@" not in said


def test_what_failed_says_why_and_what_to_do(cast: Cast, owen: PageClient) -> None:
    turn_on(cast.firm)
    with patch(SEND, side_effect=MailRefused):
        do_waiting()
    said = shown(owen, cast.firm)
    assert "The mail server refused the address, or the mail. 0 1 0 " in said
    assert "Check the e-mail addresses of your team members" in said


def test_that_nobody_does_what_is_due_is_told(cast: Cast, owen: PageClient) -> None:
    turn_on(cast.firm)
    assert "nobody is doing it" not in shown(owen, cast.firm)
    let_time_pass(timedelta(minutes=3))
    assert "nobody is doing it" in shown(owen, cast.firm)


def test_without_a_mail_server_the_page_says_so(cast: Cast, owen: PageClient) -> None:
    with override_settings(SENDS_MAIL=False):
        assert "No mail is sent: no mail server is named." in shown(owen, cast.firm)


def test_what_comes_round_by_the_clock_says_when_it_was_done_and_is_due(cast: Cast, owen: PageClient) -> None:
    ends = "Looking for access that ends soon"
    before = {row[0]: row[1:] for row in rows(owen.get(reverse("firm-mail", args=[cast.firm])))}
    assert before[ends] == ["Not yet", "As soon as the jobs process runs"]
    set_timers()
    do_waiting()
    set_timers()
    after = {row[0]: row[1:] for row in rows(owen.get(reverse("firm-mail", args=[cast.firm])))}
    assert not {"Not yet", "As soon as the jobs process runs"} & set(after[ends])
    assert "Reminding of requests that wait, and ending old ones" in after


def test_another_firms_mail_is_not_counted(cast: Cast, owen: PageClient) -> None:
    do(cast.other, TurnOn())
    Ledgers().tell()
    assert "Nothing is waiting" in shown(owen, cast.firm)
