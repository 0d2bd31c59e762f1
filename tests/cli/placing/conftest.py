"""Deployments of two databases, by how a firm stands in them. Imported where used: Django's settings are not
known yet here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.databases import Databases

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from tests.cli.placing.deployment import Deployed, Deployment, Standing


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
