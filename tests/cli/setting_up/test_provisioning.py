"""docs/identity.md, provisioning: every command there is done, in order, and does what the page says."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from ringfence.access import OPERATOR, execute, firm_state
from ringfence.core.commands.definitions import AddMember, CreateGroup
from ringfence.core.terms import Role
from ringfence.firms.models import Firm, Member
from tests.cli.listing import succeed
from tests.support.repository import ROOT


@pytest.fixture
def firms(db: None) -> tuple[Firm, Firm]:
    """The demonstration's agency and planners, as far as the page names their people and groups."""
    succeed("firm", "create", "Ace Agents", "--profile", "agency", "--admin", "alphie@ace.example")
    succeed("firm", "create", "Northfield Planning", "--profile", "planning", "--admin", "ruth@n.example")
    ace, northfield = Firm.objects.order_by("pk")
    beta = AddMember(name="Beta Sobeck", email="beta@ace.example", role=Role.ADMINISTRATOR)
    execute(ace.pk, beta, actor=OPERATOR)
    execute(northfield.pk, CreateGroup(name="Team A"), actor=OPERATOR)
    return ace, northfield


def commands() -> Iterator[list[str]]:
    """The words of each command of the section, as a shell reads them."""
    text = (ROOT / "docs" / "identity.md").read_text("utf-8")
    section = text.partition("## Provisioning with SCIM 2.0")[2].partition("\n## ")[0]
    for line in re.findall(r"^ {4,}((?:ringfence|curl) .+)$", section, re.MULTILINE):
        yield shlex.split(line)


def curl(words: list[str], token: str) -> Any:
    """What the server answers to such a request."""
    headers, address, body = {}, "", ""
    left = iter(words)
    for word in left:
        if word == "-H":
            name, _colon, value = next(left).partition(": ")
            headers[name] = value.replace("$TOKEN", token)
        elif word == "-d":
            body = next(left)
        else:
            assert not word.startswith("-")
            address = word
    path = urlsplit(address)._replace(scheme="", netloc="").geturl()
    kind = headers.pop("Content-Type", "")
    return Client().generic("POST" if body else "GET", path, body, kind, headers=headers)


def test_the_documented_commands_do_what_the_page_says(firms: tuple[Firm, Firm]) -> None:
    ace, northfield = firms
    token, done, kept, answers = "", [], [], []
    for program, *words in commands():
        if program == "curl":
            answers.append(curl(words, token))
            continue
        printed = succeed(*words)
        done.append(words[1])
        kept.append(len(firm_state(northfield.pk).kept))
        token = token or printed.split()[-1]
    assert done == ["add", "successor.set", "group.change", "group.change"]
    assert kept == [0, 0, 1, 0]
    beta = Member.objects.get(firm=ace, name="Beta Sobeck")
    assert firm_state(ace.pk).successor == beta.number
    found, made = answers
    assert found.status_code == 200, found.content
    assert json.loads(found.content)["totalResults"] == 2
    assert made.status_code == 201, made.content
    kim = Member.objects.get(firm=ace, name="Kim")
    assert firm_state(ace.pk).members[kim.number].role is Role.STANDARD
