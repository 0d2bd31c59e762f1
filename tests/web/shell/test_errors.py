"""Pages for what went wrong keep name, menu and sign-out of who is signed in, and are kept by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.urls import reverse

from ringfence.core.commands.definitions import DeactivateMember
from tests.web.cast import CAI, Cast, do, grouped, seat
from tests.web.reading import document, heading, title

if TYPE_CHECKING:
    from tests.web.checks import PageClient


MENU = ["Clients", "Manage account", "Notices", "Your account"]
"""Of an administrator."""


def frame(response: object) -> tuple[str, list[str], bool]:
    """The firm's name, the menu, and whether there is a way to sign out."""
    page = document(response)
    name = page.find(".//*[@class='govuk-service-navigation__service-name']")
    links = [
        "".join(each.itertext()).strip()
        for each in page.iter("a")
        if "govuk-service-navigation__link" in (each.get("class") or "") and each.get("href") is not None
    ]
    ways_out = [each for each in page.iter("form") if each.get("action") == reverse("account_logout")]
    told = "".join(name.itertext()).strip() if name is not None else ""
    return told, [each for each in links if each != told], bool(ways_out)


@pytest.mark.parametrize("address", ["/firms/{firm}/clients/999", "/firms/{firm}/nothing-here"])
def test_a_page_that_is_not_there_keeps_name_menu_and_sign_out(
    address: str, cast: Cast, owen: PageClient
) -> None:
    response = owen.get(address.format(firm=cast.firm))
    assert response.status_code == 404
    assert frame(response) == (
        "Pike & Marlow",
        ["Clients", "Manage account", "Notices", "Your account"],
        True,
    )
    assert title(response) == "Page not found – Pike & Marlow – Ringfence"


def test_a_page_that_one_may_not_open_keeps_name_menu_and_sign_out(cast: Cast, cai: PageClient) -> None:
    response = cai.get(reverse("manage", args=[cast.firm]))
    assert response.status_code == 403
    assert frame(response) == ("Pike & Marlow", ["Clients", "Notices", "Your account"], True)


def test_another_firms_page_tells_nothing_of_that_firm(cast: Cast, cai: PageClient) -> None:
    response = cai.get(reverse("clients", args=[cast.other]))
    assert response.status_code == 404
    assert frame(response) == ("", [], True)
    assert "Larks" not in response.content.decode()


def test_an_unknown_address_outside_firms_keeps_the_sign_out(cast: Cast, cai: PageClient) -> None:
    response = cai.get("/nothing-here")
    assert response.status_code == 404
    assert frame(response) == ("", [], True)


def test_who_is_signed_out_is_told_no_names(visitor: PageClient, cast: Cast) -> None:
    response = visitor.get(f"/firms/{cast.firm}/nothing-here")
    assert response.status_code == 404
    assert frame(response) == ("", [], False)
    assert "Pike" not in response.content.decode()


@pytest.mark.parametrize("who", ["visitor", "cai"])
def test_no_page_about_an_error_is_kept_anywhere(
    who: str, cast: Cast, visitor: PageClient, cai: PageClient
) -> None:
    client = {"visitor": visitor, "cai": cai}[who]
    for address in ("/nothing-here", f"/firms/{cast.other}/clients", f"/firms/{cast.firm}/manage"):
        response = client.get(address)
        assert "no-store" in response["Cache-Control"], f"{response.status_code} at {address}"


def test_a_database_that_fails_while_the_menu_is_read_is_a_503(cast: Cast, cai: PageClient) -> None:
    cai.raise_request_exception = False
    with patch("ringfence.web.shell.visit.memberships", side_effect=OperationalError("gone")):
        response = cai.get(f"/firms/{cast.firm}/nothing-here")
    assert response.status_code == 503
    assert heading(response) == "Ringfence cannot answer at the moment"
    assert "no-store" in response["Cache-Control"]


def test_who_was_deactivated_while_signed_in_is_told(cast: Cast, cai: PageClient) -> None:
    seat(cast.other, cast.users["Cai"], "Cai")
    do(cast.firm, DeactivateMember(member=CAI))
    response = cai.get(reverse("clients", args=[cast.firm]))
    assert response.status_code == 404
    assert heading(response) == "You are no longer active in Pike & Marlow"
    assert cai.get(reverse("clients", args=[cast.other])).status_code == 200


def test_a_form_from_before_the_sign_in_keeps_name_menu_and_sign_out(cast: Cast) -> None:
    from tests.web.checks import PageClient

    grouped(cast.firm)
    strict = PageClient(enforce_csrf_checks=True)
    strict.force_login(cast.users["Owen"])
    response = strict.post(reverse("create-group", args=[cast.firm]), {"name": "North"})
    assert response.status_code == 403
    assert frame(response) == (
        "Pike & Marlow",
        ["Clients", "Manage account", "Notices", "Your account"],
        True,
    )
