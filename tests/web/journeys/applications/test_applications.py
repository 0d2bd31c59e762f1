"""Application forms of a client: written, read, finalised, removed, and what bad input gets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.urls import reverse

from ringfence.access.applications import write_form
from ringfence.core.commands.definitions import ChangeSettings, On, SetGrant
from ringfence.core.terms import Level, member_subject
from ringfence.firms.models import ApplicationLine, DocumentVersion
from tests.support.advisers import ASSISTANT, FIRST, OKAFOR, SECOND, THIRD, Practice, link, practice
from tests.web.cast import do
from tests.web.reading import errors, heading, rows, text, value
from tests.web.reading import link as linked

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

    from tests.web.cast import Cast
    from tests.web.checks import PageClient

    SignIn = Callable[[Cast | Practice, str], PageClient]

FIELDS = {
    "product": "Pension",
    "amount": "1,000.01",
    "day-day": "29",
    "day-month": "11",
    "day-year": "2026",
}


@pytest.fixture
def cedar(db: None) -> Practice:
    """Okafor: Adviser 1 at 60 %, Adviser 2 at 40 %, Adviser 3 at 0 %."""
    made = practice()
    link(made.firm, SECOND, OKAFOR, 4_000)
    link(made.firm, THIRD, OKAFOR, 0)
    return made


@pytest.fixture
def first(cedar: Practice, signed_in: SignIn) -> PageClient:
    return signed_in(cedar, "Adviser 1")


def engagement_of(cedar: Practice) -> int:
    from ringfence.access import firm_state

    return firm_state(cedar.firm).engagements_of(OKAFOR)[0]


def at(cedar: Practice, route: str, *more: Any) -> str:
    return reverse(route, args=[cedar.firm, OKAFOR, *more])


def adding(cedar: Practice) -> str:
    return at(cedar, "add-application", engagement_of(cedar))


def draft(cedar: Practice, pence: int = 1_000_01) -> UUID:
    return write_form(
        cedar.firm,
        member=FIRST,
        product="Pension",
        pence=pence,
        day=date(2026, 11, 29),
        engagement=engagement_of(cedar),
    )


def finalised(client: PageClient, cedar: Practice, form: UUID) -> Any:
    address = at(cedar, "finalise-application", form)
    page = client.get(address)
    fields = {name: value(page, name) for name in ("version", "agreed")}
    return client.post(address, {**fields, "answer": "yes"}, follow=True)


def test_a_draft_is_written_and_shows_a_line_for_each_adviser(cedar: Practice, first: PageClient) -> None:
    listed = first.get(at(cedar, "client-applications"))
    page = first.post(linked(listed, "Add an application form"), FIELDS, follow=True)
    assert "The draft is saved." in text(page)
    assert rows(page) == [
        ["Adviser 1", "60%", "£600.01"],
        ["Adviser 2", "40%", "£400.00"],
        ["Together", "100%", "£1,000.01"],
    ]
    ((product, _service, day, amount, state),) = rows(first.get(at(cedar, "client-applications")))
    assert (product, day, amount, state) == ("Pension", "29 November 2026", "£1,000.01", "Draft")


def test_a_draft_follows_the_splits(cedar: Practice, first: PageClient) -> None:
    form = draft(cedar)
    link(cedar.firm, FIRST, OKAFOR, 0)
    assert rows(first.get(at(cedar, "application", form))) == [
        ["Adviser 2", "40%", "£400.00"],
        ["Not divided", "60%", "£600.01"],
        ["Together", "100%", "£1,000.01"],
    ]


def test_a_finalised_form_stays_as_it_was(cedar: Practice, first: PageClient) -> None:
    form = draft(cedar)
    page = finalised(first, cedar, form)
    assert "The application form is finalised." in text(page)
    before = rows(page)
    link(cedar.firm, FIRST, OKAFOR, 0)
    again = first.get(at(cedar, "application", form))
    assert rows(again) == before
    for words in ("Finalise", "Change", "Remove this draft"):
        with pytest.raises(AssertionError):
            linked(again, words)


def test_finalising_asks_the_database_little(
    cedar: Practice, first: PageClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = at(cedar, "finalise-application", draft(cedar))
    first.get(address)
    with django_assert_max_num_queries(12):
        first.get(address)


def test_lines_that_changed_while_one_read_are_shown_again(cedar: Practice, first: PageClient) -> None:
    form = draft(cedar)
    address = at(cedar, "finalise-application", form)
    page = first.get(address)
    fields = {name: value(page, name) for name in ("version", "agreed")}
    link(cedar.firm, SECOND, OKAFOR, 1_000)
    again = first.post(address, {**fields, "answer": "yes"})
    told = "The fee splits changed while you were reading: look at the lines again"
    assert errors(again) == [(told, "#answer")]
    assert ["Adviser 2", "10%", "£100.00"] in rows(again)
    assert not ApplicationLine.objects.exists()


@pytest.mark.parametrize("route", ["change-application", "finalise-application", "remove-application"])
def test_nothing_is_done_to_a_finalised_form(route: str, cedar: Practice, first: PageClient) -> None:
    form = draft(cedar)
    finalised(first, cedar, form)
    before = DocumentVersion.objects.count()
    page = first.post(at(cedar, route, form), {**FIELDS, "answer": "yes", "version": "2"}, follow=True)
    assert "This application form is finalised already." in text(page)
    assert DocumentVersion.objects.count() == before


def test_without_a_split_above_0_nothing_is_finalised(cedar: Practice, first: PageClient) -> None:
    for member in (FIRST, SECOND):
        link(cedar.firm, member, OKAFOR, 0)
    form = draft(cedar)
    assert "there is no commission to divide yet" in text(first.get(at(cedar, "application", form)))
    page = first.get(at(cedar, "finalise-application", form), follow=True)
    assert "Nobody has a fee split above zero." in text(page)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"product": " "}, ("Enter the product", "#product")),
        ({"product": "x" * 201}, ("Write at most 200 characters", "#product")),
        ({"product": "a\x07b"}, ("Leave out control characters", "#product")),
        *(
            ({"amount": amount}, ("Enter an amount in pounds, like 1250 or 1250.50", "#amount"))
            for amount in ("", "x", "-5", "1e5", "1.001", "1,00", "١٢", "£", "1 000", "9" * 13)
        ),
        *(
            ({"amount": amount}, ("Enter an amount from £0.01 to £999,999,999.99", "#amount"))
            for amount in ("0", "0.00", "1000000000")
        ),
        *(
            ({"day-day": day}, ("Enter a real day, like 31 3 2027", "#day-day"))
            for day in ("", "32", "x", "0", "9" * 30)
        ),
        ({"day-year": "26"}, ("Enter a real day, like 31 3 2027", "#day-day")),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(
    wrong: dict[str, str], error: tuple[str, str], cedar: Practice, first: PageClient
) -> None:
    page = first.post(adding(cedar), {**FIELDS, **wrong})
    assert errors(page) == [error]
    typed = {**FIELDS, **wrong}
    assert value(page, "product") == typed["product"].replace("\x07", "")
    assert value(page, "amount") == typed["amount"]
    assert not DocumentVersion.objects.exists()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("1250", "£1,250.00"), ("£1250.5", "£1,250.50"), (" 12,345,678.90 ", "£12,345,678.90")],
)
def test_an_amount_may_be_written_as_people_do(
    typed: str, shown: str, cedar: Practice, first: PageClient
) -> None:
    page = first.post(adding(cedar), {**FIELDS, "amount": typed}, follow=True)
    assert shown in text(page)


def test_a_changed_draft_keeps_what_it_said_before(cedar: Practice, first: PageClient) -> None:
    form = draft(cedar)
    address = at(cedar, "change-application", form)
    version = value(first.get(address), "version")
    page = first.post(address, {**FIELDS, "product": "Annuity", "version": version}, follow=True)
    assert heading(page) == "Annuity"
    assert "Pension, £1,000.01, 29 November 2026" in text(page)


def test_the_later_of_two_is_told_what_the_first_has_saved(
    cedar: Practice, first: PageClient, signed_in: SignIn
) -> None:
    form = draft(cedar)
    address = at(cedar, "change-application", form)
    signed_in(cedar, "Adviser 2").post(address, {**FIELDS, "product": "Annuity", "version": "1"})
    page = first.post(address, {**FIELDS, "product": "Bond", "version": "1"})
    assert errors(page) == [("Somebody saved this form while you were writing", "#product")]
    assert "by Adviser 2: Annuity, £1,000.01, 29 November 2026." in text(page)
    assert (value(page, "product"), value(page, "version")) == ("Bond", "2")


def test_the_same_form_sent_twice_adds_one(cedar: Practice, first: PageClient) -> None:
    token = value(first.get(adding(cedar)), "token")
    for _time in range(2):
        first.post(adding(cedar), {**FIELDS, "token": token})
    assert DocumentVersion.objects.count() == 1


def test_a_draft_is_removed_after_a_question(cedar: Practice, first: PageClient) -> None:
    form = draft(cedar)
    address = at(cedar, "remove-application", form)
    version = value(first.get(address), "version")
    assert errors(first.post(address, {"version": version})) == [
        ("Select yes if you want to remove this draft", "#answer")
    ]
    page = first.post(address, {"answer": "yes", "version": version}, follow=True)
    assert "The draft Pension is removed." in text(page)
    assert first.get(at(cedar, "application", form)).status_code == 404


def test_who_reaches_the_client_by_a_delegation_writes_too(cedar: Practice, signed_in: SignIn) -> None:
    page = signed_in(cedar, "Assistant 1").post(adding(cedar), FIELDS, follow=True)
    assert "The draft is saved." in text(page)
    assert DocumentVersion.objects.get().author == ASSISTANT


def test_who_does_not_see_the_client_sees_no_form_of_it(cedar: Practice, signed_in: SignIn) -> None:
    form = draft(cedar)
    outside = signed_in(cedar, "Principal")
    for address in (adding(cedar), at(cedar, "client-applications"), at(cedar, "application", form)):
        assert outside.get(address).status_code == 404


def test_a_reader_reads_a_form_and_changes_none(cedar: Practice, signed_in: SignIn) -> None:
    form = draft(cedar)
    do(
        cedar.firm,
        SetGrant(to=(member_subject(THIRD),), on=On.client(OKAFOR), level=Level.READER, fee_split=0),
    )
    third = signed_in(cedar, "Adviser 3")
    assert "Adviser 1" in text(third.get(at(cedar, "application", form)))
    for route in ("change-application", "finalise-application", "remove-application"):
        assert third.get(at(cedar, route, form)).status_code == 403
    assert third.post(adding(cedar), FIELDS).status_code == 403


def test_with_fee_splits_off_forms_are_read_and_none_is_made(cedar: Practice, first: PageClient) -> None:
    form = draft(cedar)
    do(cedar.firm, ChangeSettings(values={"fee_splits": False}))
    record = first.get(at(cedar, "client"))
    with pytest.raises(AssertionError):
        linked(record, "Application forms")
    assert "Fee splits are turned off in this firm." in text(first.get(at(cedar, "client-applications")))
    assert "Fee splits are turned off in this firm." in text(first.get(at(cedar, "application", form)))
    before = DocumentVersion.objects.count()
    for address in (adding(cedar), at(cedar, "change-application", form)):
        page = first.post(address, {**FIELDS, "version": "1"}, follow=True)
        assert "Fee splits are turned off: no application form can be added" in text(page)
    assert first.get(at(cedar, "finalise-application", form)).status_code == 302
    assert DocumentVersion.objects.count() == before
