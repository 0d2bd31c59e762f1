"""Firms for the tests of the command line. Imported where used: Django's settings are not known yet here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.support.databases import Databases

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from tests.cli.deployment import Deployed, Deployment


@pytest.fixture
def agency(db: None) -> str:
    """The name of an agency with Beth and Gwen, VAT and Income Tax, control on and two clients.

    Big is a group of Beth's on Fortune 500's VAT; Alphie is the administrator.
    """
    from tests.support.once import made_once

    return made_once("agency", make_agency)


def make_agency() -> str:
    """Make it, by the commands that a person would type."""
    from tests.cli.listing import succeed

    succeed("firm", "create", "Ace Agents", "--profile", "agency", "--admin", "alphie@ace.example")
    for line in (
        "member.change member=#1 name=Alphie",
        "service.add service=VAT",
        "service.add|service=Income Tax",
        "member.add member=Beth email=beth@ace.example",
        "member.add member=Gwen email=gwen@ace.example",
        "client.add|client=Fortune 500|reference=F500|services=VAT,Income Tax",
        "client.add|client=Vala Subsid A Ltd.|reference=VALA|services=VAT",
        "control.turn_on",
        "group.create|group=Big|members=beth@ace.example|on={client: F500, service: VAT}",
    ):
        succeed("do", *line.split("|" if "|" in line else " "))
    return "Ace Agents"


@pytest.fixture
def answer() -> Callable[..., Any]:
    """Runs a command with ``--json``; what it answered. Exit codes 0 and 1 are both answers."""
    from tests.cli.listing import run

    def ask(*arguments: str) -> Any:
        done = run(*arguments, "--json")
        assert done.exit_code in {0, 1}, done.output
        return msgspec.json.decode(done.stdout)

    return ask


@pytest.fixture
def deployed(
    django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Iterator[Deployed]:
    """Makes a deployment with two databases of these addresses, north and south."""
    from ringfence.cli import moving, placing_one
    from tests.cli.deployment import NORTH, SOUTH, Deployment

    monkeypatch.setattr(moving, "DATA", tmp_path)
    monkeypatch.setattr(placing_one, "STRAYS_SECONDS", 0.0)
    settings.DATABASE_NAME = NORTH
    settings.OTHER_ADDRESSES = {NORTH: "https://n.example", SOUTH: "https://s.example"}

    def make(north: str, south: str) -> Deployment:
        made = Deployment({NORTH: north, SOUTH: south})
        # Each command would set it for its process, which here is that of the tests.
        monkeypatch.setenv("RINGFENCE_ADDRESS", "https://n.example")
        monkeypatch.setenv("RINGFENCE_DATABASE", NORTH)
        monkeypatch.setenv("RINGFENCE_DATABASES", f"north={north} south={south}")
        monkeypatch.setenv("RINGFENCE_ADDRESSES", "north=https://n.example south=https://s.example")
        settings.NAMED_DATABASES = made.addresses
        made.fill()
        return made

    with django_db_blocker.unblock():
        yield make


@pytest.fixture
def ace(databases: Databases, deployed: Deployed) -> Deployment:
    """One with both of the kind that the tests run on."""
    return deployed(databases.migrated(), databases.migrated())
