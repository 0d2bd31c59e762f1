"""Two people change one plan at once: different lines are put together, the same ones are decided about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.urls import reverse

from ringfence.access.documents import DocumentKind, remove_document, write_document
from ringfence.firms.models import DocumentVersion, Draft
from tests.web.cast import CAI, DILYS, FORTUNE, FORTUNE_VAT, Cast, grouped
from tests.web.reading import errors, heading, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

PLAN = DocumentKind.PLAN
TEXT = "Aims\nSave for a house\nSteps\nOpen an account\nPay in each month"
FLAT = TEXT.replace("house", "flat")
BOAT = TEXT.replace("house", "boat")


@pytest.fixture
def plan(cast: Cast) -> UUID:
    return write_document(
        cast.firm, member=CAI, title="Pensions", text=TEXT, engagement=FORTUNE_VAT, kind=PLAN
    )


@pytest.fixture
def form(cast: Cast, plan: UUID) -> str:
    """Where the plan is changed."""
    return reverse("change-plan", args=[cast.firm, FORTUNE, plan])


def by_dilys(cast: Cast, plan: UUID, words: str, *, after: int = 1, title: str = "Pensions") -> None:
    write_document(cast.firm, member=DILYS, title=title, text=words, document=plan, after=after, kind=PLAN)


def sent(client: PageClient, form: str, words: str, *, title: str = "Pensions", **more: str) -> Any:
    """What Cai wrote, from the first version."""
    return client.post(form, {"title": title, "text": words, "version": "1", **more}, follow=True)


def latest() -> DocumentVersion:
    found = DocumentVersion.objects.order_by("-number").first()
    assert found is not None
    return found


def decision(page: Any, **choices: str) -> dict[str, str]:
    """The form of the page on which one decides, with these choices."""
    fields = {name: value(page, name) for name in ("version", "against", "disputes", "title", "text")}
    return {**fields, **{name.replace("_", "-"): choice for name, choice in choices.items()}}


def test_changes_of_different_lines_are_put_together_and_it_is_said(
    cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    by_dilys(cast, plan, FLAT)
    page = sent(cai, form, TEXT.replace("Pay in each month", "Pay in each week"))
    assert latest().text == FLAT.replace("Pay in each month", "Pay in each week")
    assert "It was also saved while you were writing" in text(page)
    assert "by Dilys" in text(page)
    assert (latest().number, latest().author) == (3, CAI)


def test_a_new_name_and_a_new_line_are_put_together(
    cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    by_dilys(cast, plan, TEXT, title="Savings")
    sent(cai, form, FLAT)
    assert (latest().title, latest().text) == ("Savings", FLAT)


def test_where_both_changed_the_same_line_the_later_one_sees_both_and_nothing_is_saved(
    cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    by_dilys(cast, plan, FLAT)
    page = sent(cai, form, BOAT)
    assert heading(page) == "Decide what stays"
    assert errors(page) == [("Somebody saved this plan while you were writing", "#choice-1")]
    assert "Save for a flat" in text(page)
    assert "Save for a boat" in text(page)
    assert latest().text == FLAT


@pytest.mark.parametrize(
    ("choice", "line"),
    [
        ("theirs", "Save for a flat"),
        ("mine", "Save for a boat"),
        ("both", "Save for a flat\nSave for a boat"),
    ],
)
def test_what_was_decided_is_saved(
    choice: str, line: str, cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    by_dilys(cast, plan, FLAT + "\nLook again in May")
    page = sent(cai, form, BOAT)
    done = cai.post(form, decision(page, choice_1=choice), follow=True)
    assert heading(done) == "Pensions"
    assert latest().text == TEXT.replace("Save for a house", line) + "\nLook again in May"


def test_of_two_new_names_one_is_decided_on(cast: Cast, plan: UUID, form: str, cai: PageClient) -> None:
    by_dilys(cast, plan, TEXT, title="Savings")
    page = sent(cai, form, TEXT, title="Houses")
    assert "Keep both" not in text(page)
    assert cai.post(form, decision(page, choice_title="both")).status_code == 422
    cai.post(form, decision(page, choice_title="mine"))
    assert latest().title == "Houses"


def test_of_lines_that_one_took_out_not_both_can_stay(
    cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    by_dilys(cast, plan, FLAT)
    page = sent(cai, form, TEXT.replace("Save for a house\n", ""))
    assert "Nothing: the lines were taken out" in text(page)
    assert "Keep both" not in text(page)
    cai.post(form, decision(page, choice_1="mine"))
    assert latest().text == TEXT.replace("Save for a house\n", "")


def test_what_is_not_decided_is_asked_again_and_what_was_picked_stays(
    cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    by_dilys(cast, plan, FLAT, title="Savings")
    page = sent(cai, form, BOAT, title="Houses")
    again = cai.post(form, decision(page, choice_1="mine"))
    assert errors(again) == [("Select which of the two stays", "#choice-title")]
    assert 'value="mine" checked' in again.content.decode()
    assert latest().text == FLAT


def test_who_decides_while_somebody_saves_again_loses_nothing(
    cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    by_dilys(cast, plan, FLAT)
    page = sent(cai, form, BOAT)
    by_dilys(cast, plan, FLAT.replace("each month", "each week"), after=2)
    cai.post(form, decision(page, choice_1="mine"))
    assert latest().text == BOAT.replace("each month", "each week")


def test_a_decision_that_somebody_overtook_on_the_same_line_is_asked_again(
    cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    by_dilys(cast, plan, FLAT)
    page = sent(cai, form, BOAT)
    by_dilys(cast, plan, FLAT.replace("flat", "cottage"), after=2)
    again = cai.post(form, decision(page, choice_1="mine"))
    assert errors(again) == [("Somebody saved this plan while you were writing", "#choice-1")]
    assert "Save for a cottage" in text(again)
    cai.post(form, decision(again, choice_1="both"))
    assert latest().text == TEXT.replace("Save for a house", "Save for a cottage\nSave for a boat")


def test_who_saves_in_the_very_moment_is_put_together_too(
    cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    """Somebody saves between what was read and what is written."""
    there = [FLAT]

    def write(*given: Any, **words: Any) -> UUID:
        if there:
            by_dilys(cast, plan, there.pop())
        return write_document(*given, **words)

    with patch("ringfence.web.journeys.plans.saving.write_document", write):
        sent(cai, form, TEXT + "\nLook again in May")
    assert latest().text == FLAT + "\nLook again in May"


@pytest.mark.parametrize("version", ["", "²", "x", "-1", "9" * 40, "7"])
def test_a_version_that_is_none_overwrites_nothing(
    version: str, cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    page = cai.post(form, {"title": "Pensions", "text": "Other", "version": version})
    assert page.status_code == 422
    assert DocumentVersion.objects.count() == 1


def test_saving_what_is_saved_already_makes_no_version(plan: UUID, form: str, cai: PageClient) -> None:
    sent(cai, form, TEXT)
    assert DocumentVersion.objects.count() == 1


# --- Removed meanwhile


def test_what_was_typed_into_a_plan_that_somebody_removed_is_kept_for_a_new_one(
    cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    cai.get(form)
    remove_document(cast.firm, member=DILYS, document=plan, after=1)
    page = sent(cai, form, BOAT)
    assert "Somebody removed this plan while you were writing." in text(page)
    assert "Save for a boat" in text(page)
    new = reverse("add-plan", args=[cast.firm, FORTUNE, FORTUNE_VAT])
    again = cai.post(new, {"title": "Pensions", "text": BOAT, "token": value(page, "token")}, follow=True)
    assert "The plan is saved." in text(again)


def test_who_does_not_see_the_service_is_not_told_that_its_plan_was_removed(
    cast: Cast, plan: UUID, form: str, dilys: PageClient
) -> None:
    grouped(cast.firm)
    remove_document(cast.firm, member=CAI, document=plan, after=1)
    assert dilys.post(form, {"title": "x", "text": "y", "version": "1"}).status_code == 404
    assert not Draft.objects.exists()


# --- Typed into a session that ended


def at(seconds: float) -> Any:
    return patch("time.time", return_value=1_000_000.0 + seconds)


def test_a_change_that_comes_too_late_is_kept_with_what_it_was_to_follow(
    cast: Cast, plan: UUID, form: str, cai: PageClient
) -> None:
    with at(0):
        cai.get(form)
    by_dilys(cast, plan, FLAT)
    with at(901):
        assert "What you were writing is kept" in text(sent(cai, form, BOAT))
    cai.force_login(cast.users["Cai"])
    page = cai.get(form)
    assert "It is not saved yet." in text(page)
    assert "Save for a boat" in text(page)
    assert heading(sent(cai, form, BOAT, version=value(page, "version"))) == "Decide what stays"


def test_a_new_plan_that_comes_too_late_is_kept(cast: Cast, cai: PageClient) -> None:
    form = reverse("add-plan", args=[cast.firm, FORTUNE, FORTUNE_VAT])
    with at(0):
        cai.get(form)
    with at(901):
        cai.post(form, {"title": "Pensions", "text": TEXT})
    cai.force_login(cast.users["Cai"])
    assert value(cai.get(form), "title") == "Pensions"
    assert not DocumentVersion.objects.exists()
    assert value(cai.post(form, {"go": "discard"}, follow=True), "title") == ""
