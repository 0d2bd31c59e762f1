"""Help pages: every question is answered, for the firm as it is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from django.urls import reverse

from ringfence.core.commands.definitions import ChangeSettings
from ringfence.web.journeys.help.topics import TOPICS
from tests.web.cast import Cast, do
from tests.web.reading import heading, link, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def topic(cast: Cast, slug: str) -> str:
    return reverse("help-topic", args=[cast.firm, slug])


ALL = {"levels": "four", "delegation": True, "fee_splits": True, "digest": True, "emergency": "reader"}
"""Settings under which every question arises."""


def test_every_question_is_listed_and_its_page_has_it_as_heading(cast: Cast, cai: PageClient) -> None:
    do(cast.firm, ChangeSettings(values=ALL))
    listed = cai.get(reverse("help", args=[cast.firm]))
    for slug in TOPICS:
        shown = heading(cai.get(topic(cast, slug)))
        assert link(listed, shown) == topic(cast, slug)


@pytest.mark.parametrize("slug", TOPICS)
def test_every_question_is_answered_in_welsh_too(slug: str, cast: Cast, cai: PageClient) -> None:
    do(cast.firm, ChangeSettings(values=ALL))
    assert cai.post(reverse("set_language"), {"language": "cy"}).status_code == 302
    assert cai.get(topic(cast, slug)).status_code == 200


@pytest.mark.parametrize(
    ("slug", "setting"),
    [
        ("levels", "levels"),
        ("delegation", "delegation"),
        ("fee-split", "fee_splits"),
        ("digest", "digest"),
        ("emergency", "emergency"),
    ],
)
def test_a_question_is_asked_only_where_the_settings_make_it_one(
    slug: str, setting: str, cast: Cast, cai: PageClient
) -> None:
    assert cai.get(topic(cast, slug)).status_code == 404
    do(cast.firm, ChangeSettings(values={setting: ALL[setting]}))
    assert heading(cai.get(topic(cast, slug))) == str(TOPICS[slug].question)


def test_a_question_that_nobody_asked_is_not_found(cast: Cast, cai: PageClient) -> None:
    assert cai.get(topic(cast, "else")).status_code == 404


def test_who_can_help_is_named_with_their_address(cast: Cast, cai: PageClient) -> None:
    shown = text(cai.get(topic(cast, "get-help")))
    assert "Your administrators" in shown
    assert "Owen, owen@" in shown
    assert "Dilys" not in shown


@pytest.mark.parametrize(
    ("slug", "setting", "before", "after"),
    [
        (
            "unassigned",
            {"unassigned": "none"},
            "everybody who uses client records can open",
            "nobody can open",
        ),
        ("what-it-does-not", {"levels": "four"}, "shows one level of access", "It knows four levels"),
        (
            "what-it-does",
            {"administrators": "unrestricted"},
            "open only the clients",
            "can open every client",
        ),
        ("cannot-open", {"inaccessible": "named"}, "are not found", "are in your list by name"),
        ("give-access", {"sharing": "owners"}, "only administrators give", "its owners give access"),
        (
            "give-access",
            {"sharing": "anyone_with_access"},
            "only administrators give",
            "can give it to others",
        ),
        ("ask-for-access", {"requests": True}, "not asked for on the pages", "Say why, and until when"),
        ("take-away", {"owner_required": True}, "ends at once", "The last owner of a client cannot go"),
        ("new-client", {"creator_owns": True}, "given access by itself", "is its owner"),
        (
            "new-client",
            {"default_everyone": "reader"},
            "given access by itself",
            "Everybody in the firm gets",
        ),
        ("new-client", {"personal_defaults": True}, "given access by itself", "of their own added each time"),
    ],
)
def test_what_is_said_follows_the_settings(
    slug: str, setting: dict[str, str], before: str, after: str, cast: Cast, owen: PageClient
) -> None:
    assert before in text(owen.get(topic(cast, slug)))
    do(cast.firm, ChangeSettings(values=setting))
    assert after in text(owen.get(topic(cast, slug)))


def test_a_page_that_does_not_work_is_reported_where_the_operator_says(cast: Cast, cai: PageClient) -> None:
    words = "Is this page not working properly? (opens in a new tab)"
    home = reverse("help", args=[cast.firm])
    assert link(cai.get(home), words) == topic(cast, "get-help")
    with override_settings(REPORT_ADDRESS="https://support.example/report"):
        response = cai.get(home)
    assert link(response, words) == "https://support.example/report"
    assert 'target="_blank" rel="noopener"' in response.content.decode()
