"""The directory on pages: set up, tested against a real server, asked, and let go by the number."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from django.urls import reverse

from ringfence.access.directories import LastRun, directory_of, keep_last_run
from ringfence.core.terms import Instant
from ringfence.firms.models import FirmDirectory, Member
from tests.support.directory_server import (
    BASE,
    PASSWORD,
    ROOT,
    DirectoryServer,
    directory_server,
    group,
    person,
)
from tests.support.jobs import do_waiting
from tests.web.cast import Cast
from tests.web.reading import errors, link, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryServer]:
    entries = [*map(person, range(20)), person(30, mail="none"), group("Audit", [f"uid=p1,{BASE}"])]
    own = override_settings(SIGN_IN_NETWORKS=(ip_network("127.0.0.0/8"),))
    with directory_server(tmp_path_factory.mktemp("slapd"), entries) as running, own:
        yield running


def form(running: DirectoryServer, **more: object) -> dict[str, object]:
    given: dict[str, object] = {
        "kind": "openldap",
        "server": f"ldaps://127.0.0.1:{running.tls_port}",
        "certificates": running.authority,
        "user": ROOT,
        "password": PASSWORD,
        "people_base": BASE,
        "groups_base": BASE,
        "switches": ["add_groups", "hourly"],
    }
    return given | more


def here(cast: Cast) -> str:
    return reverse("directory", args=[cast.firm])


def kept(cast: Cast, owen: PageClient, running: DirectoryServer, **more: object) -> None:
    owen.post(reverse("change-directory", args=[cast.firm]), form(running, **more))


def test_one_is_set_up_tested_and_asked(cast: Cast, owen: PageClient, server: DirectoryServer) -> None:
    assert "No directory is asked yet" in text(owen.get(here(cast)))
    kept(cast, owen, server)
    shown = text(owen.post(here(cast), {"go": "test"}))
    for words in (
        "Answered over TLSv1.3",
        "20 people",
        "1 access group",
        "Person 1 · p1@example.com",
        "Audit",
    ):
        assert words in shown
    assert "Their e-mail address in the directory is none" in shown
    assert not Member.objects.filter(firm=cast.firm, email="p1@example.com").exists()
    owen.post(here(cast), {"go": "now"})
    do_waiting()
    assert Member.objects.filter(firm=cast.firm, email="p1@example.com").exists()
    assert "Saved." in text(owen.get(here(cast)))


def test_the_password_is_never_shown_and_stays_where_nothing_is_written(
    cast: Cast, owen: PageClient, server: DirectoryServer
) -> None:
    kept(cast, owen, server)
    page = owen.get(reverse("change-directory", args=[cast.firm]))
    assert PASSWORD not in page.content.decode()
    kept(cast, owen, server, password="", people_filter="(uid=p*)")
    directory = directory_of(cast.firm)
    assert directory is not None
    assert directory.password() == PASSWORD


def test_a_test_says_what_went_wrong(cast: Cast, owen: PageClient, server: DirectoryServer) -> None:
    kept(cast, owen, server, password="wrong")
    assert "does not take" in text(owen.post(here(cast), {"go": "test"}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("server", "https://dc.example.com"),
        ("server", "ldap://dc.example.com"),
        ("people_base", "Staff"),
        ("people_filter", "(uid=p1"),
        ("groups_filter", "uid"),
        ("certificates", "-----BEGIN"),
        ("email", "mail)(uid=*"),
    ],
)
def test_what_cannot_be_asked_is_not_kept(
    cast: Cast, owen: PageClient, server: DirectoryServer, field: str, value: str
) -> None:
    page = owen.post(reverse("change-directory", args=[cast.firm]), form(server, **{field: value}))
    assert [href for _, href in errors(page)] == [f"#{field}"]
    assert directory_of(cast.firm) is None


def test_a_private_network_that_the_operator_does_not_name_is_not_called(
    cast: Cast, owen: PageClient, server: DirectoryServer
) -> None:
    kept(cast, owen, server)
    with override_settings(SIGN_IN_NETWORKS=()):
        assert "is in a private network" in text(owen.post(here(cast), {"go": "test"}))


def test_a_brake_goes_by_its_number_alone(cast: Cast, owen: PageClient, server: DirectoryServer) -> None:
    kept(cast, owen, server)
    owen.post(here(cast), {"go": "now"})
    do_waiting()
    kept(cast, owen, server, people_filter="(&(objectClass=inetOrgPerson)(!(uid=p1*)))")
    owen.post(here(cast), {"go": "now"})
    do_waiting()
    assert errors(owen.post(here(cast), {"go": "number", "number": "10"})) == [
        ("Write 11 for as many to go", "#number")
    ]
    owen.post(here(cast), {"go": "number", "number": "11"})
    do_waiting()
    assert Member.objects.filter(firm=cast.firm, active=False, email__startswith="p1").count() == 11


def test_a_directory_is_forgotten_and_everybody_stays(
    cast: Cast, owen: PageClient, server: DirectoryServer
) -> None:
    kept(cast, owen, server)
    owen.post(here(cast), {"go": "now"})
    do_waiting()
    asked = owen.get(link(owen.get(here(cast)), "Stop asking it"))
    assert "Everybody stays as they are." in text(asked)
    assert FirmDirectory.objects.filter(firm=cast.firm).exists()
    owen.post(reverse("forget-directory", args=[cast.firm]), {"answer": "yes"})
    assert not FirmDirectory.objects.filter(firm=cast.firm).exists()
    assert Member.objects.get(firm=cast.firm, email="p1@example.com").active


def test_what_a_server_said_is_shown_as_words(cast: Cast, owen: PageClient, server: DirectoryServer) -> None:
    kept(cast, owen, server)
    keep_last_run(cast.firm, LastRun(at=Instant(1), status="failed", why="other", said="<b>no</b>"))
    assert "<b>no</b>" not in owen.get(here(cast)).content.decode()
