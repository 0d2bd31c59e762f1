"""`ringfence firm create` and `list`."""

from collections.abc import Callable
from typing import Any

import pytest

from ringfence.firms.models import Firm, User
from tests.cli.listing import refuse, succeed

CREATE = ("firm", "create", "Ace Agents", "--profile", "agency", "--admin", "alphie@ace.example")

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_firm_is_made_with_its_profile_and_its_first_administrator(answer: Callable[..., Any]) -> None:
    made = answer(*CREATE)
    assert (made["member"], Firm.objects.get(pk=made["firm"]).settings["profile"]) == (1, "agency")


def test_the_link_that_is_printed_lets_the_administrator_set_a_password(
    answer: Callable[..., Any], client: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["ringfence.example", "testserver"]
    link = answer(*CREATE, "--address", "https://ringfence.example/")["set_password"]
    assert link.startswith("https://ringfence.example/set-password/")
    page = client.get(link.removeprefix("https://ringfence.example"), follow=True)
    assert (page.status_code, "alphie@ace.example" in page.content.decode()) == (200, True)


@pytest.mark.parametrize("address", ["ringfence.example", "https://ringfence.example"])
def test_an_address_whose_links_would_be_refused_is_refused_and_nothing_is_made(address: str) -> None:
    said = refuse(*CREATE, "--address", address)
    assert "Nothing was changed" in said
    assert not Firm.objects.exists()


def test_without_an_address_that_the_hosts_name_it_is_asked_for(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["ringfence.example"]
    assert "--address or RINGFENCE_ADDRESS" in refuse(*CREATE)
    assert not Firm.objects.exists()


def test_an_address_that_is_in_no_setting_is_said_to_be_kept_nowhere(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["ringfence.example"]
    said = succeed(*CREATE, "--address", "https://ringfence.example")
    assert "RINGFENCE_ADDRESS=https://ringfence.example" in said


def test_what_the_people_of_the_firm_will_see_is_said(settings: Any) -> None:
    said = succeed("firm", "create", "Cedar", "--profile", "practice", "--admin", "a@b.example")
    assert "Kind of firm: Practice that gives financial advice." in said
    assert "Practice members open a client until somebody is linked to it." in said
    assert "Every setting can be changed later" in said


def test_the_help_tells_the_four_kinds_of_firm() -> None:
    said = " ".join(succeed("firm", "create", "--help").split())
    for kind in ("agency: Tax agency.", "kyc: Company", "planning: Tax planners.", "practice: Practice"):
        assert kind in said


def test_who_has_a_password_gets_no_link(answer: Callable[..., Any]) -> None:
    User.objects.create_user("alphie@ace.example", "a password of ten")
    assert answer(*CREATE)["set_password"] is None


def test_a_name_that_is_taken_is_refused_and_nothing_is_made() -> None:
    succeed(*CREATE)
    said = refuse("firm", "create", "ACE agents", "--profile", "kyc", "--admin", "other@ace.example")
    assert "name_taken" in said
    assert Firm.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--profile", "bank", "--admin", "a@b.example"), "'bank' is not one of"),
        (("--profile", "agency"), "Missing option '--admin'"),
        (("--profile", "agency", "--admin", "nobody"), "not an e-mail address"),
        (("--profile", "agency", "--admin", "a@b.example", "--timezone", "Mars"), "no time zone 'Mars'"),
        (("--profile", "agency", "--admin", "a@b.example", "--name", "A\x07"), "cannot be shown"),
    ],
    ids=["profile", "no admin", "e-mail", "time zone", "control character"],
)
def test_a_bad_option_is_named_and_nothing_is_made(options: tuple[str, ...], said: str) -> None:
    assert said in refuse("firm", "create", "Ace Agents", *options)
    assert not Firm.objects.exists()


def test_an_empty_name_is_refused() -> None:
    assert "empty" in refuse("firm", "create", "  ", "--profile", "agency", "--admin", "a@b.example")


def test_firms_are_listed_by_name(answer: Callable[..., Any]) -> None:
    for name in ("Zeta", "Ace Agents"):
        succeed("firm", "create", name, "--profile", "kyc", "--admin", "a@b.example")
    assert [firm["name"] for firm in answer("firm", "list")] == ["Ace Agents", "Zeta"]


def test_without_a_firm_the_list_says_how_to_make_one() -> None:
    assert "ringfence firm create" in succeed("firm", "list")
