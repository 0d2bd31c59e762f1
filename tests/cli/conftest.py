"""Firms for the tests of the command line. Imported where used: Django's settings are not known yet here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest


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
