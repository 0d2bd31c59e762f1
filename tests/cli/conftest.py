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

    from tests.cli.placing.deployment import Deployed, Deployment, Standing


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
    """Makes a deployment with two databases of these addresses, north and south; or one that is made already.

    Of several in one test commands ask the last.
    """
    from ringfence.cli.placing import moving, placing_one
    from tests.cli.placing.deployment import NORTH, SOUTH, Deployment

    monkeypatch.setattr(moving, "DATA", tmp_path)
    monkeypatch.setattr(placing_one, "STRAYS_SECONDS", 0.0)
    settings.DATABASE_NAME = NORTH
    settings.OTHER_ADDRESSES = {NORTH: "https://n.example", SOUTH: "https://s.example"}

    def make(north: str, south: str, like: Deployment | None = None) -> Deployment:
        made = Deployment({NORTH: north, SOUTH: south})
        # Each command would set it for its process, which here is that of the tests.
        monkeypatch.setenv("RINGFENCE_ADDRESS", "https://n.example")
        monkeypatch.setenv("RINGFENCE_DATABASE", NORTH)
        monkeypatch.setenv("RINGFENCE_DATABASES", f"north={north} south={south}")
        monkeypatch.setenv("RINGFENCE_ADDRESSES", "north=https://n.example south=https://s.example")
        settings.NAMED_DATABASES = made.addresses
        if like is None:
            made.fill()
        else:
            made.firm, made.token = like.firm, like.token
        return made

    with django_db_blocker.unblock():
        yield make


@pytest.fixture(scope="session")
def made_deployments() -> dict[str, Deployment]:
    """Those that others are copies of, by how they stand."""
    return {}


@pytest.fixture
def standing(
    databases: Databases, deployed: Deployed, made_deployments: dict[str, Deployment], tmp_path: Path
) -> Standing:
    """Deployments by how they stand: each is made once, and every test has a copy."""
    from tests.cli.placing.deployment import NORTH, SOUTH

    def copied(how: str) -> Deployment:
        if how not in made_deployments:
            made_deployments[how] = made(how)
        like = made_deployments[how]
        return deployed(databases.twin(like.addresses[NORTH]), databases.twin(like.addresses[SOUTH]), like)

    def made(how: str) -> Deployment:
        if how == "fresh":
            return deployed(databases.migrated(), databases.migrated())
        ace = copied("fresh")
        if how == "restored":
            before = tmp_path / "north.zip"
            ace.back_up(NORTH, before)
            ace = copied("moved")
            ace.restore(NORTH, databases.migrated(), before)
            before.unlink()
        elif how == "moved":
            ace.place(SOUTH)
        else:
            ace.close(arrived=how == "arrived")
        return ace

    return copied


@pytest.fixture
def ace(standing: Standing) -> Deployment:
    """The firm is in north, and open."""
    return standing("fresh")


@pytest.fixture
def closed(standing: Standing) -> Deployment:
    """It is closed in north."""
    return standing("closed")


@pytest.fixture
def arrived(standing: Standing) -> Deployment:
    """It is closed in north and in south."""
    return standing("arrived")


@pytest.fixture
def moved(standing: Standing) -> Deployment:
    """It has moved to south."""
    return standing("moved")


@pytest.fixture
def restored(standing: Standing) -> Deployment:
    """It has moved to south, then north was lost and restored as it was before: a closed copy is there."""
    return standing("restored")
