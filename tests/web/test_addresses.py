"""Every address of the pages stands in `addresses.txt`: by which methods, for whom, and its name.

A page that comes, goes or is opened to others shows there, to whoever reads the change.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse

from ringfence.web.urls import urlpatterns
from tests.web.cast import Cast
from tests.web.test_routes import ROUTES, arguments

if TYPE_CHECKING:
    from tests.web.checks import PageClient

LIST = Path(__file__).with_name("addresses.txt")


def methods_of(name: str) -> tuple[str, ...]:
    return tuple(getattr(ROUTES[name].callback, "methods", ()))


def declared() -> list[str]:
    """A line for each route, as the list has them."""
    return sorted(
        f"/{route.pattern}\t{', '.join(methods_of(str(route.name)))}"
        f"\t{getattr(route.callback, 'capability', None)}\t{route.name}"
        for route in urlpatterns
    )


def test_the_list_has_every_address() -> None:
    listed = LIST.read_text("utf-8").splitlines()
    lacking, left = sorted(set(declared()) - set(listed)), sorted(set(listed) - set(declared()))
    assert listed == declared(), f"{LIST.name} lacks {lacking} and has left over {left}"


@pytest.mark.parametrize("name", [each for each in sorted(ROUTES) if "POST" not in methods_of(each)])
def test_a_page_without_a_form_takes_none(
    name: str, cast: Cast, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    address = reverse(name, kwargs=arguments(name, cast, uuid4()))
    response = signed_in(cast, "Owen").post(address, {"answer": "yes"})
    assert (response.status_code, response["Allow"]) == (405, ", ".join(methods_of(name)))


@pytest.mark.parametrize("name", [each for each in sorted(ROUTES) if "GET" not in methods_of(each)])
def test_what_only_takes_a_form_shows_nothing(name: str, cast: Cast, visitor: PageClient) -> None:
    response = visitor.get(reverse(name, kwargs=arguments(name, cast, uuid4())))
    assert (response.status_code, response["Allow"]) == (405, "POST")


def test_django_finds_nothing_wrong_with_addresses_models_and_settings() -> None:
    call_command("check", fail_level="WARNING")
