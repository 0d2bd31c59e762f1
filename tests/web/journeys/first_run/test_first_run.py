"""An empty installation is set up in the browser, by who has the code of the server, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state, verify
from ringfence.access.setup_code import setup_code
from ringfence.core.settings import PROFILES, Profile
from ringfence.firms.models import Firm, Member, User
from tests.web.cast import Cast
from tests.web.reading import errors, heading, link, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

PASSWORD = "three unrelated words"
FIRM = {"name": "Pike & Marlow"}
PROFILE = {"profile": "agency"}
PLACE = {"timezone": "Europe/Dublin", "language": "cy"}
YOU = {
    "name": "Owen",
    "email": "owen@pike.example",
    "password1": PASSWORD,
    "password2": PASSWORD,
}
QUESTIONS = {"firm": FIRM, "profile": PROFILE, "place": PLACE, "you": YOU}


def give_code(client: PageClient) -> Any:
    return client.post(reverse("first-run"), {"code": setup_code()}, follow=True)


def answer(client: PageClient, question: str, **changed: str) -> Any:
    form = {**QUESTIONS[question], **changed}
    return client.post(reverse(f"first-run-{question}"), form, follow=True)


def answer_all(client: PageClient) -> Any:
    give_code(client)
    for question in QUESTIONS:
        response = answer(client, question)
    return response


def test_the_root_of_an_empty_installation_leads_to_setting_it_up(visitor: PageClient) -> None:
    response = visitor.get("/", follow=True)
    assert heading(response) == "Set up Ringfence"
    assert link(visitor.get(reverse("account_login")), "Set up Ringfence") == reverse("first-run")


def test_the_root_leads_to_signing_in_once_there_is_a_firm(cast: Cast, visitor: PageClient) -> None:
    assert heading(visitor.get("/", follow=True)) == "Sign in"


def test_the_first_firm_is_made_and_its_principal_signs_in(visitor: PageClient) -> None:
    assert heading(answer_all(visitor)) == "Check your answers"
    response = visitor.post(reverse("first-run-check"), follow=True)
    assert heading(response) == "Pike & Marlow is set up"
    firm = Firm.objects.get()
    assert (firm.name, firm.timezone, firm.language) == ("Pike & Marlow", "Europe/Dublin", "cy")
    assert firm.settings["profile"] == "agency"
    assert Member.objects.get().role == "principal"
    assert verify(firm.pk).problems == ()
    form = {"login": "owen@pike.example", "password": PASSWORD}
    assert heading(visitor.post(reverse("account_login"), form, follow=True)) == "Pike & Marlow"


def test_each_question_leads_to_the_next(visitor: PageClient) -> None:
    asked = [heading(give_code(visitor))]
    asked += [heading(answer(visitor, question)) for question in QUESTIONS]
    assert asked == [
        "What is the firm called?",
        "What kind of firm is it?",
        "Where is the firm?",
        "Who are you?",
        "Check your answers",
    ]


def test_each_kind_of_firm_is_offered_with_what_its_people_will_see(visitor: PageClient) -> None:
    give_code(visitor)
    answer(visitor, "firm")
    shown = text(visitor.get(reverse("first-run-profile")))
    for said in (
        "Tax agency Team members open every client until you turn on access groups.",
        "(KYC) Users see the name of every client relationship",
        "Tax planners Users see only clients that they were given access to",
        "Practice that gives financial advice Practice members open a client until somebody is linked",
    ):
        assert said in shown


@pytest.mark.parametrize("profile", list(PROFILES))
def test_the_firm_begins_with_exactly_the_settings_of_its_kind(profile: Profile, visitor: PageClient) -> None:
    give_code(visitor)
    for question in QUESTIONS:
        answer(visitor, question, **({"profile": profile} if question == "profile" else {}))
    visitor.post(reverse("first-run-check"), follow=True)
    assert firm_state(Firm.objects.get().pk).settings == PROFILES[profile]


def test_an_answer_is_changed_from_the_check_and_leads_back_to_it(visitor: PageClient) -> None:
    answer_all(visitor)
    assert value(visitor.get(reverse("first-run-firm")), "name") == "Pike & Marlow"
    response = answer(visitor, "firm", name="Pike & Daughters")
    assert heading(response) == "Check your answers"
    assert "Pike & Daughters" in text(response)
    assert rows(response) == []


def test_without_the_code_nothing_is_asked_and_nothing_made(visitor: PageClient) -> None:
    for question in QUESTIONS:
        assert heading(visitor.get(reverse(f"first-run-{question}"), follow=True)) == "Set up Ringfence"
        assert heading(answer(visitor, question)) == "Set up Ringfence"
    assert heading(visitor.post(reverse("first-run-check"), follow=True)) == "Set up Ringfence"
    assert not Firm.objects.exists()


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("", "Enter the code"),
        (
            "BCDF-GHJK-LMNP-QRST",
            "This is not the code: look where Ringfence was started, it prints the code there",
        ),
    ],
)
def test_a_wrong_code_is_refused(code: str, told: str, visitor: PageClient) -> None:
    response = visitor.post(reverse("first-run"), {"code": code})
    assert errors(response) == [(told, "#code")]


def test_codes_are_not_guessed(visitor: PageClient) -> None:
    for _time in range(10):
        visitor.post(reverse("first-run"), {"code": "guess"})
    response = visitor.post(reverse("first-run"), {"code": setup_code()})
    assert errors(response) == [("There were too many attempts. Try again in a few minutes", "#code")]


def test_nothing_is_set_up_twice(cast: Cast, visitor: PageClient) -> None:
    for route in ("first-run", *(f"first-run-{question}" for question in QUESTIONS), "first-run-check"):
        response = visitor.get(reverse(route), follow=True)
        assert heading(response) == "Sign in"
        assert "Ringfence is set up already." in text(response)


def test_who_comes_second_is_told_so_and_changes_nothing(visitor: PageClient) -> None:
    answer_all(visitor)
    other = visitor.__class__()
    answer_all(other)
    visitor.post(reverse("first-run-check"))
    response = other.post(reverse("first-run-check"), follow=True)
    assert "Ringfence is set up already." in text(response)
    assert Firm.objects.count() == 1


@pytest.mark.parametrize(
    ("question", "changed", "told"),
    [
        ("firm", {"name": " "}, ("Enter the name of the firm", "#name")),
        ("profile", {"profile": "bank"}, ("Select what kind of firm it is", "#profile")),
        (
            "place",
            {"timezone": "Europe/Atlantis"},
            ("Choose a time zone from the list, such as Europe/London", "#timezone"),
        ),
        ("place", {"language": "xx"}, ("Select a language", "#language")),
        ("you", {"name": ""}, ("Enter your name", "#name")),
        ("you", {"email": "owen"}, ("Enter your e-mail address, like name@example.com", "#email")),
        ("you", {"password1": "short"}, ("The password must have at least 10 characters", "#password1")),
        ("you", {"password2": "other"}, ("Type the same password in both fields", "#password2")),
        (
            "you",
            {"password1": "owen@pike.example", "password2": "owen@pike.example"},
            ("The password is too like your name or e-mail address", "#password1"),
        ),
    ],
)
def test_a_bad_answer_says_what_to_do_and_is_kept(
    question: str, changed: dict[str, str], told: tuple[str, str], visitor: PageClient
) -> None:
    give_code(visitor)
    response = answer(visitor, question, **changed)
    assert errors(response) == [told]
    if question == "you":
        assert value(response, "email") == {**YOU, **changed}["email"]


def test_no_session_holds_the_password(visitor: PageClient) -> None:
    answer_all(visitor)
    assert PASSWORD not in str(dict(visitor.session))
    visitor.post(reverse("first-run-check"))
    assert User.objects.get().check_password(PASSWORD)
    assert "owen@pike.example" not in str(dict(visitor.session))
