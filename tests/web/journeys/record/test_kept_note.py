"""A typed note outlasts the session in which it was typed: kept for its writer, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from django.urls import reverse

from ringfence.access.documents import headings_on, write_document
from ringfence.core.commands.definitions import On, SetGrant, TurnOff
from ringfence.core.terms import Level, member_subject
from ringfence.firms.models import Draft
from tests.web.cast import CAI, DILYS, FORTUNE, FORTUNE_INCOME_TAX, FORTUNE_VAT, OWEN, Cast, do, grouped
from tests.web.reading import heading, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]
TYPED = {"title": "Call", "text": "She rang.\nAsk about the loan."}
START = 1_000_000.0
LATE = START + 901


def at(seconds: float) -> Any:
    return patch("time.time", return_value=seconds)


@pytest.fixture
def form(cast: Cast) -> str:
    """Where a note is added to Fortune 500's Income Tax."""
    return reverse("add-note", args=[cast.firm, FORTUNE, FORTUNE_INCOME_TAX])


@pytest.fixture
def come_too_late(cast: Cast, cai: PageClient, form: str) -> Any:
    """Cai opens the form, writes for more than a quarter of an hour, and sends it."""
    with at(START):
        assert cai.get(form).status_code == 200
    with at(LATE):
        return cai.post(form, TYPED, follow=True)


def test_a_note_that_comes_too_late_is_kept_and_the_sign_in_page_says_so(
    come_too_late: Any, cast: Cast
) -> None:
    assert heading(come_too_late) == "Sign in"
    told = "You were signed out because nothing was asked for in 15 minutes. What you were writing is kept"
    assert told in text(come_too_late)
    assert headings_on(cast.firm, [FORTUNE_INCOME_TAX]) == []


def test_after_signing_in_again_the_note_is_there_to_be_saved(
    come_too_late: Any, cast: Cast, cai: PageClient, form: str
) -> None:
    after = value(come_too_late, "next")
    assert after == form
    cai.force_login(cast.users["Cai"])
    page = cai.get(after)
    assert "This is what you were writing on" in text(page)
    assert "She rang." in text(page)
    assert value(page, "title") == "Call"
    cai.post(form, {**TYPED, "token": value(page, "token")})
    assert [note.title for note in headings_on(cast.firm, [FORTUNE_INCOME_TAX])] == ["Call"]
    assert "This is what you were writing" not in text(cai.get(form))


def test_nobody_else_is_shown_what_was_typed(
    come_too_late: Any, cast: Cast, dilys: PageClient, form: str
) -> None:
    assert "She rang." not in text(dilys.get(form))


def test_what_was_typed_is_not_shown_to_who_may_not_write_there_any_more(
    come_too_late: Any, cast: Cast, cai: PageClient, form: str
) -> None:
    cai.force_login(cast.users["Cai"])
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.BLOCKED))
    assert cai.get(form).status_code == 404


def test_who_never_signed_in_keeps_nothing(cast: Cast, visitor: PageClient, form: str) -> None:
    response = visitor.post(form, TYPED, follow=True)
    assert "is kept" not in text(response)
    assert not Draft.objects.filter(firm=cast.firm).exists()


def test_who_may_not_write_there_keeps_nothing(cast: Cast, dilys: PageClient) -> None:
    grouped(cast.firm)
    closed = reverse("add-note", args=[cast.firm, FORTUNE, FORTUNE_VAT])
    with at(START):
        dilys.get(reverse("clients", args=[cast.firm]))
    with at(LATE):
        response = dilys.post(closed, TYPED, follow=True)
    assert "Nothing that you had saved is lost." in text(response)
    assert not Draft.objects.filter(firm=cast.firm).exists()


def test_a_page_keeps_by_itself_and_does_not_prolong_the_session(
    cast: Cast, cai: PageClient, form: str
) -> None:
    with at(START):
        cai.get(form)
    with at(START + 800):
        assert cai.post(form, TYPED, headers={"X-Ringfence-Keep": "1"}).status_code == 204
        assert cai.get(reverse("session")).json()["left"] == 100
    assert headings_on(cast.firm, [FORTUNE_INCOME_TAX]) == []
    with at(START + 820):
        assert "She rang." in text(cai.get(form))


def test_what_is_kept_can_be_discarded(come_too_late: Any, cast: Cast, cai: PageClient, form: str) -> None:
    cai.force_login(cast.users["Cai"])
    page = cai.post(form, {"go": "discard"}, follow=True)
    assert value(page, "title") == ""
    assert headings_on(cast.firm, [FORTUNE_INCOME_TAX]) == []


def test_turning_off_does_not_discard_a_note(
    come_too_late: Any, cast: Cast, cai: PageClient, form: str
) -> None:
    grouped(cast.firm)
    do(cast.firm, TurnOff(), OWEN)
    cai.force_login(cast.users["Cai"])
    assert "She rang." in text(cai.get(form))


def test_the_change_of_a_note_is_kept_with_what_it_was_to_follow(cast: Cast, cai: PageClient) -> None:
    note = write_document(cast.firm, member=CAI, title="Plan", text="First", engagement=FORTUNE_INCOME_TAX)
    form = reverse("change-note", args=[cast.firm, FORTUNE, note])
    with at(START):
        before = value(cai.get(form), "version")
    write_document(cast.firm, member=DILYS, title="Plan", text="Second", document=note, after=int(before))
    with at(LATE):
        cai.post(form, {"title": "Plan", "text": "Mine", "version": before})
    cai.force_login(cast.users["Cai"])
    page = cai.get(form)
    assert "Mine" in text(page)
    again = cai.post(form, {"title": "Plan", "text": "Mine", "version": value(page, "version")})
    assert "Somebody changed this note while you were writing" in text(again)
    assert "Second" in text(again)


def test_keeping_the_change_of_a_note_opens_no_record(cast: Cast, cai: PageClient) -> None:
    note = write_document(cast.firm, member=CAI, title="Plan", text="First", engagement=FORTUNE_INCOME_TAX)
    form = reverse("change-note", args=[cast.firm, FORTUNE, note])
    with patch("ringfence.web.shell.opening.open_record") as opening:
        response = cai.post(form, TYPED, headers={"X-Ringfence-Keep": "1"})
    assert (response.status_code, opening.called) == (204, False)


def test_the_form_says_without_scripts_how_long_there_is(cast: Cast, cai: PageClient, form: str) -> None:
    assert "You are signed out after 15 minutes." in cai.get(form).content.decode()
