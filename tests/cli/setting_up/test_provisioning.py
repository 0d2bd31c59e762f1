"""docs/identity.md, provisioning: every command there is done, in order, and does what the page says."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit, urlunsplit

import pytest
from django.http import HttpResponse
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
    execute(ace.pk, AddMember(name="Gwen", email="gwen@ace.example"), actor=OPERATOR)
    execute(northfield.pk, CreateGroup(name="Team A"), actor=OPERATOR)
    return ace, northfield


def section() -> str:
    """What the page says of provisioning."""
    text = (ROOT / "docs" / "identity.md").read_text("utf-8")
    return text.partition("## Provisioning with SCIM 2.0")[2].partition("\n## ")[0]


def commands() -> Iterator[list[str]]:
    """The words of each command of ours, as a shell reads them."""
    for line in re.findall(r"^ {4,}(ringfence .+)$", section(), re.MULTILINE):
        yield shlex.split(line)[1:]


def requests(token: str) -> Iterator[list[str]]:
    """The words that curl is called with by the lines under *Try it*, which the real shell carries out."""
    tried = section().partition("Try it,")[2]
    lines = [line.strip() for line in re.findall(r"^ {4}.+$", tried, re.MULTILINE)]
    assert lines[0] == "export TOKEN=…"
    noted = "curl() { printf '%s\\0' \"$@\"; printf '\\n\\0'; }"
    script = "\n".join([f"TOKEN={shlex.quote(token)}", noted, *lines[1:]])
    told = subprocess.run(["bash", "-euc", script], check=True, capture_output=True, text=True).stdout
    words: list[str] = []
    for word in told.split("\0")[:-1]:
        if word == "\n":
            yield words
            words = []
        else:
            words.append(word)


def answer(words: list[str], found: str) -> HttpResponse:
    """What the server answers; `found` is the id for which 7 stands."""
    headers, method, address, body, asked = {}, "", "", "", ""
    left = iter(words)
    for word in left:
        if word == "-H":
            name, _colon, value = next(left).partition(": ")
            headers[name] = value
        elif word == "-X":
            method = next(left)
        elif word == "-d":
            body = next(left)
        elif word == "--data-urlencode":
            name, _equals, value = next(left).partition("=")
            asked = urlencode({name: value})
        elif word == "-sSw":
            next(left)
        else:
            address = address if word == "-G" else word
    there = urlsplit(address)
    path = urlunsplit(("", "", re.sub(r"/7$", f"/{found}", there.path), asked or there.query, ""))
    kind = headers.pop("Content-Type")
    answered = Client().generic(method or ("POST" if body else "GET"), path, body, kind, headers=headers)
    assert isinstance(answered, HttpResponse)
    return answered


def test_the_documented_commands_do_what_the_page_says(firms: tuple[Firm, Firm]) -> None:
    ace, northfield = firms
    done, kept, printed = [], [], []
    for words in commands():
        printed.append(succeed(*words))
        done.append(words[1])
        kept.append(len(firm_state(northfield.pk).kept))
    assert done == ["add", "successor.set", "group.change", "group.change"]
    assert kept == [0, 0, 1, 0]
    beta = Member.objects.get(firm=ace, name="Beta Sobeck")
    assert firm_state(ace.pk).successor == beta.number

    first, *others = requests(printed[0].split()[-1])
    *brought, sought, switched = others
    assert json.loads(answer(first, "").content)["totalResults"] == 3
    assert [answer(words, "").status_code for words in brought] == [201] * 20
    (gwen,) = json.loads(answer(sought, "").content)["Resources"]
    assert answer(switched, gwen["id"]).status_code == 204
    assert not firm_state(ace.pk).members[int(gwen["id"])].active
    last = Member.objects.get(firm=ace, name="New 20")
    assert firm_state(ace.pk).members[last.number].role is Role.STANDARD
