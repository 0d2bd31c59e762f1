"""Plans of a client: who reads, who saves, their versions, and how one is removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.urls import reverse

from ringfence.access.documents import DocumentKind, write_document
from ringfence.core.commands.definitions import On, SetGrant
from ringfence.core.terms import Level, member_subject
from ringfence.firms.models import Document, DocumentVersion
from tests.web.cast import CAI, DILYS, FORTUNE, FORTUNE_INCOME_TAX, FORTUNE_VAT, Cast, do, grouped
from tests.web.reading import errors, heading, link, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

PLAN = DocumentKind.PLAN
TEXT = "Aims\nSave for a house\nSteps\nOpen an account"


def written(cast: Cast, words: str = TEXT, *, engagement: int = FORTUNE_VAT, title: str = "Pensions") -> UUID:
    return write_document(cast.firm, member=CAI, title=title, text=words, engagement=engagement, kind=PLAN)


def saved_again(cast: Cast, plan: UUID, words: str, *, after: int = 1, title: str = "Pensions") -> None:
    write_document(cast.firm, member=DILYS, title=title, text=words, document=plan, after=after, kind=PLAN)


def at(cast: Cast, plan: UUID, route: str = "plan", *more: int) -> str:
    return reverse(route, args=[cast.firm, FORTUNE, plan, *more])


def plans_of(client: PageClient, cast: Cast) -> Any:
    return client.get(reverse("client-plans", args=[cast.firm, FORTUNE]))


def add_address(cast: Cast, engagement: int = FORTUNE_VAT) -> str:
    return reverse("add-plan", args=[cast.firm, FORTUNE, engagement])


def read_only(cast: Cast) -> None:
    """Dilys may read Fortune 500 and change nothing."""
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.READER))
    grouped(cast.firm)


# --- Written and listed


def test_an_editor_adds_a_plan_which_then_stands_in_the_list(cast: Cast, cai: PageClient) -> None:
    address = link(plans_of(cai, cast), "Add a plan to VAT")
    page = cai.post(address, {"title": "Pensions", "text": TEXT}, follow=True)
    assert "The plan is saved." in text(page)
    assert heading(page) == "Pensions"
    ((name, service, saved),) = rows(plans_of(cai, cast))
    assert (name, service) == ("Pensions", "VAT")
    assert saved.endswith("by Cai")


def test_a_plan_says_which_version_it_is_and_who_saved_it(cast: Cast, cai: PageClient) -> None:
    plan = written(cast)
    saved_again(cast, plan, TEXT + "\nPay in each month")
    page = cai.get(at(cast, plan))
    assert "Pay in each month" in text(page)
    assert "Version 2, saved on" in text(page)
    assert "by Dilys" in text(page)


def test_the_same_form_sent_twice_adds_one_plan(cast: Cast, cai: PageClient) -> None:
    form = {"title": "Pensions", "text": TEXT, "token": value(cai.get(add_address(cast)), "token")}
    cai.post(add_address(cast), form)
    cai.post(add_address(cast), form)
    assert Document.objects.count() == 1


def test_a_plan_of_a_service_that_one_does_not_see_is_in_no_list(cast: Cast, dilys: PageClient) -> None:
    plan = written(cast)
    written(cast, engagement=FORTUNE_INCOME_TAX, title="Tax plan")
    grouped(cast.firm)
    assert [row[0] for row in rows(plans_of(dilys, cast))] == ["Tax plan"]
    for route in ("plan", "change-plan", "plan-versions", "remove-plan"):
        assert dilys.get(at(cast, plan, route)).status_code == 404
    assert dilys.get(at(cast, plan, "plan-version", 1)).status_code == 404
    assert dilys.get(at(cast, plan, "compare-plan") + "?from=1&to=1").status_code == 404


def test_a_reader_reads_a_plan_and_saves_none(cast: Cast, dilys: PageClient) -> None:
    plan = written(cast)
    read_only(cast)
    page = dilys.get(at(cast, plan))
    assert "Save for a house" in text(page)
    assert "Change the plan" not in text(page)
    assert "Remove this plan" not in text(page)
    assert "Add a plan to VAT" not in text(plans_of(dilys, cast))
    for route in ("change-plan", "remove-plan"):
        assert dilys.get(at(cast, plan, route)).status_code == 403
    assert dilys.post(at(cast, plan, "remove-plan"), {"answer": "yes", "version": "1"}).status_code == 403
    assert dilys.post(add_address(cast), {"title": "x", "text": "y"}).status_code == 403
    assert DocumentVersion.objects.count() == 1


def test_a_search_finds_plans_by_name_once_there_are_many(cast: Cast, cai: PageClient) -> None:
    for number in range(8):
        written(cast, title=f"Plan {number}")
    page = cai.get(reverse("client-plans", args=[cast.firm, FORTUNE]), {"search": "plan 3"})
    assert [row[0] for row in rows(page)] == ["Plan 3"]
    assert "1 plan matches" in text(page)


def test_a_client_without_plans_says_so(cast: Cast, cai: PageClient) -> None:
    assert "Nobody has written a plan for this client yet." in text(plans_of(cai, cast))


def test_the_client_in_the_address_must_be_the_plans(cast: Cast, cai: PageClient) -> None:
    plan = written(cast)
    assert cai.get(reverse("plan", args=[cast.firm, FORTUNE + 1, plan])).status_code == 404


def test_a_note_is_no_plan(cast: Cast, cai: PageClient) -> None:
    note = write_document(cast.firm, member=CAI, title="Call", text="x", engagement=FORTUNE_VAT)
    assert cai.get(at(cast, note)).status_code == 404
    assert cai.get(reverse("note", args=[cast.firm, FORTUNE, written(cast)])).status_code == 404


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"title": " ", "text": "x"}, ("Enter a name for the plan", "#title")),
        ({"title": "x", "text": " "}, ("Enter the text of the plan", "#text")),
        ({"title": "x", "text": "x" * 30_001}, ("Write at most 30000 characters", "#text")),
        ({"title": "x", "text": "x\n" * 2_000 + "x"}, ("Write at most 2000 lines", "#text")),
        ({"title": "a\x07b", "text": "x"}, ("Leave out control characters", "#title")),
    ],
)
def test_what_cannot_be_stored_is_refused_with_what_to_do(
    form: dict[str, str], error: tuple[str, str], cast: Cast, cai: PageClient
) -> None:
    assert errors(cai.post(add_address(cast), form)) == [error]
    plan = written(cast)
    assert errors(cai.post(at(cast, plan, "change-plan"), {**form, "version": "1"})) == [error]
    assert DocumentVersion.objects.count() == 1


# --- Versions


def test_a_changed_plan_keeps_what_it_said_before(cast: Cast, cai: PageClient) -> None:
    plan = written(cast)
    form = {"title": "Pensions and savings", "text": "Spend it", "version": "1"}
    cai.post(at(cast, plan, "change-plan"), form)
    page = cai.get(link(cai.get(at(cast, plan)), "Versions of this plan"))
    assert [row[:2] for row in rows(page)] == [
        ["Version 2", "Pensions and savings"],
        ["Version 1", "Pensions"],
    ]
    earlier = cai.get(at(cast, plan, "plan-version", 1))
    assert "Save for a house" in text(earlier)
    assert "This is an earlier version." in text(earlier)
    assert "Change the plan" not in text(earlier)


def test_two_versions_are_compared_line_by_line(cast: Cast, cai: PageClient) -> None:
    plan = written(cast, "One\nTwo\nThree\nFour\nFive\nSave for a house")
    saved_again(cast, plan, "One\nTwo\nThree\nFour\nFive\nSave for a boat", title="Boats")
    page = cai.get(at(cast, plan, "compare-plan"), {"from": "1", "to": "2"})
    assert rows(page) == [
        ["Before: Pensions", "Afterwards: Boats"],
        ["5 lines stayed as they were"],
        ["Before: Save for a house", "Afterwards: Save for a boat"],
    ]


def test_by_itself_the_last_two_versions_are_compared(cast: Cast, cai: PageClient) -> None:
    plan = written(cast, "One")
    saved_again(cast, plan, "Two")
    saved_again(cast, plan, "Three", after=2)
    assert rows(cai.get(at(cast, plan, "compare-plan"))) == [["Before: Two", "Afterwards: Three"]]


@pytest.mark.parametrize("asked", [{"from": "1", "to": "9"}, {"from": "x", "to": "1"}])
def test_a_version_that_is_not_there_is_not_compared(
    asked: dict[str, str], cast: Cast, cai: PageClient
) -> None:
    assert cai.get(at(cast, written(cast), "compare-plan"), asked).status_code == 404
    assert cai.get(at(cast, written(cast), "plan-version", 9)).status_code == 404


# --- Removed


def test_a_plan_is_removed_after_a_question(cast: Cast, cai: PageClient) -> None:
    plan = written(cast)
    address = at(cast, plan, "remove-plan")
    assert errors(cai.post(address, {"version": "1"})) == [
        ("Select yes if you want to remove this plan", "#answer")
    ]
    cai.post(address, {"answer": "no"})
    assert cai.get(at(cast, plan)).status_code == 200
    page = cai.post(address, {"answer": "yes", "version": value(cai.get(address), "version")}, follow=True)
    assert "The plan Pensions is removed." in text(page)
    assert rows(plans_of(cai, cast)) == []
    assert cai.get(at(cast, plan)).status_code == 404
    assert cai.post(address, {"answer": "yes", "version": "1"}).status_code == 404


def test_a_plan_that_somebody_saved_meanwhile_is_not_removed(cast: Cast, cai: PageClient) -> None:
    plan = written(cast)
    version = value(cai.get(at(cast, plan, "remove-plan")), "version")
    saved_again(cast, plan, "Something new")
    page = cai.post(at(cast, plan, "remove-plan"), {"answer": "yes", "version": version})
    told = "Somebody saved this plan while you were reading: look at it before you remove it"
    assert errors(page) == [(told, "#answer")]
    assert cai.get(at(cast, plan)).status_code == 200
