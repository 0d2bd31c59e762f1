"""`ringfence provider …`, and docs/identity.md: what it says is done, against the real provider."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from ringfence.access import OPERATOR, entries, execute
from ringfence.access.providers import asking, provider_numbered
from ringfence.core.commands.definitions import AddMember
from ringfence.firms.models import Firm
from tests.cli.listing import refuse, succeed
from tests.support.identity_provider import IdentityProvider, identity_provider
from tests.support.repository import ROOT

OWN = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
SECRET = "secret-of-the-demonstration"


@pytest.fixture
def firm(db: None) -> Firm:
    """The demonstration's agency, as far as its people go."""
    succeed("firm", "create", "Ace Agents", "--profile", "agency", "--admin", "alphie@ace.example")
    found = Firm.objects.get()
    for name in ("gwen", "sara"):
        execute(found.pk, AddMember(name=name.title(), email=f"{name}@ace.example"), actor=OPERATOR)
    return found


@pytest.fixture(scope="module")
def peer() -> Iterator[IdentityProvider]:
    """The provider of `make provider`, on a port of its own."""
    told = json.loads((ROOT / "examples" / "identity.json").read_text())
    clients, people = told.pop("clients"), told.pop("people")
    with identity_provider(clients, people, **{**told, "port": 0}) as found:
        yield found
    asking._METADATA.clear()
    asking._KEYS.clear()


@pytest.fixture
def secret(tmp_path: Path) -> str:
    file = tmp_path / "client-secret"
    file.write_text(f"{SECRET}\n")
    return str(file)


def documented() -> list[list[str]]:
    """The commands of docs/identity.md that set single sign-on up, in order."""
    text = (ROOT / "docs" / "identity.md").read_text()
    section = text.partition("## Single sign-on")[2].partition("### At the provider")[0]
    return [shlex.split(each)[1:] for each in re.findall(r"^    (ringfence .+)$", section, re.MULTILINE)]


def come(page: str, peer: IdentityProvider, sub: str) -> Any:
    """Sign in by the page that the last command prints."""
    browser = Client(headers={"host": "localhost:8000"})
    offered = browser.get(page.removeprefix("http://localhost:8000"))
    go = re.search(r'href="([^"]+/go)"', offered.content.decode())
    assert go is not None
    back = peer.browser().sign_in(browser.get(go[1])["Location"], sub)
    return browser.get(back.removeprefix("http://localhost:8000"), follow=True)


@override_settings(SIGN_IN_NETWORKS=OWN)
def test_the_documented_commands_lead_to_a_sign_in(firm: Firm, peer: IdentityProvider, secret: str) -> None:
    commands = documented()
    assert [each[1] for each in commands] == ["vouch", "add", "test", "on"]
    printed = ""
    for command in commands:
        words = [
            {"http://localhost:9400": peer.issuer, "client-secret": secret}.get(each, each)
            for each in command
        ]
        more = ["--address", "http://localhost:8000"] if words[1] in ("add", "on") else []
        printed = succeed(*words, *more)
    page = printed.split()[-1]
    assert come(page, peer, "1002").redirect_chain[0][0] == "/"
    assert "does not open a place in Ace Agents" in come(page, peer, "1004").content.decode()
    assert "does not say that your e-mail address is verified" in come(page, peer, "1005").content.decode()


@override_settings(SIGN_IN_NETWORKS=OWN)
def test_a_provider_is_tested_turned_off_and_removed(firm: Firm, peer: IdentityProvider, secret: str) -> None:
    made = json.loads(
        succeed("provider", "add", "other", peer.issuer, "--client", "c", "--secret", secret, "--json")
    )
    assert made["redirect_uri"].endswith("/callback")
    assert "answers as it should" in succeed("provider", "test", "1")
    succeed("provider", "on", "1")
    (listed,) = json.loads(succeed("provider", "list", "--json"))
    assert (listed["issuer"], listed["state"]) == (peer.issuer, "on")
    succeed("provider", "off", "1")
    succeed("provider", "remove", "1")
    assert json.loads(succeed("provider", "list", "--json")) == []


def test_the_secret_is_in_no_entry_and_lies_sealed(firm: Firm, secret: str) -> None:
    succeed("provider", "add", "okta", "ace.okta.com", "--client", "c", "--secret", secret)
    told = str(list(entries(firm.pk)))
    assert "https://ace.okta.com" in told
    assert SECRET not in told
    kept = provider_numbered(firm.pk, 1)
    assert kept is not None
    assert SECRET not in kept.sealed
    assert kept.secret() == SECRET


@pytest.mark.parametrize(
    ("kind", "where", "issuer"),
    [
        (
            "entra",
            "72F988BF-86f1-41af-91ab-2d7cd011db47",
            "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
        ),
        ("okta", "https://ace.okta.com/", "https://ace.okta.com"),
        ("google", "Ace.example", "https://accounts.google.com"),
        ("keycloak", "https://id.ace.example/realms/staff/", "https://id.ace.example/realms/staff"),
        ("other", "https://id.ace.example/", "https://id.ace.example/"),
    ],
)
def test_what_is_known_of_a_provider_is_filled_in(
    firm: Firm, secret: str, kind: str, where: str, issuer: str
) -> None:
    succeed("provider", "add", kind, where, "--client", "c", "--secret", secret)
    kept = provider_numbered(firm.pk, 1)
    assert kept is not None
    assert kept.openid.issuer == issuer
    assert kept.openid.hosted_domain == ("ace.example" if kind == "google" else "")


def test_mistakes_say_what_to_do_and_change_nothing(firm: Firm, secret: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    version = Firm.objects.get().version
    for arguments, told in (
        (("add", "entra", "common", "--client", "c", "--secret", secret), "72f988bf"),
        (
            ("add", "other", "http://10.0.0.1", "--client", "c", "--secret", secret),
            "RINGFENCE_SIGN_IN_NETWORKS",
        ),
        (
            ("add", "other", "ftp://id.example.com", "--client", "c", "--secret", secret),
            "https://id.example.com",
        ),
        (("add", "okta", "ace.okta.com", "--client", "c", "--secret", str(empty)), "the file is empty"),
        (("on", "7"), "provider list"),
        (("test", "7"), "provider list"),
    ):
        assert told in refuse("provider", *arguments)
    assert Firm.objects.get().version == version
