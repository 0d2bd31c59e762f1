"""`ringfence directory …` and docs/identity.md: its commands, in order, against a real LDAP server."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from ringfence.firms.models import Member
from tests.access.cast import found
from tests.cli.listing import Office, open_office, run
from tests.support.directory_server import (
    PASSWORD,
    DirectoryServer,
    directory_server,
    person,
)
from tests.support.repository import ROOT


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryServer]:
    with directory_server(tmp_path_factory.mktemp("slapd"), map(person, range(12))) as running:
        yield running


@pytest.fixture
def office(db: None, tmp_path: Path) -> Office:
    return open_office(found(), tmp_path)


def said(section: str) -> list[list[str]]:
    """The commands of a section of the page."""
    text = (ROOT / "docs" / "identity.md").read_text()
    part = text.partition(f"## {section}")[2].partition("\n## ")[0]
    return [shlex.split(line, comments=True)[1:] for line in re.findall("^ringfence .*$", part, re.MULTILINE)]


def test_the_page_keeps_a_firm_by_ldap(office: Office, server: DirectoryServer) -> None:
    files = {
        "ldaps://dc.example.com": server.encrypted,
        "authority.pem": str(office.path(server.authority, "authority.pem")),
        "reader.txt": str(office.path(PASSWORD, "reader.txt")),
    }
    commands = said("LDAP: Active Directory, OpenLDAP")
    assert len(commands) == 5
    outputs = []
    for command in commands:
        done = run(*(files.get(word, word) for word in command))
        assert done.exit_code == 0, done.output
        outputs.append(done.output)
    assert "12 people, 0 more switched off" in outputs[1]
    assert "this was a dry run" in outputs[2]
    assert Member.objects.filter(firm=office.cast.firm, email="p11@example.com", active=True).exists()
    assert run("directory", "sync").exit_code == 3
    assert run("directory", "forget").exit_code == 0
    assert "has no directory" in run("directory", "sync").stderr


def test_the_page_keeps_a_firm_by_a_list(office: Office) -> None:
    path = office.path("Name,Email,Staff ID,Groups\nAnn,ann@agency.example.com,S1,Audit; Tax\n", "staff.csv")
    codes = []
    for command in said("A list from the directory"):
        codes.append(run(*(str(path) if word == "staff.csv" else word for word in command)).exit_code)
    assert codes == [0, 3]


def test_what_the_server_refuses_is_told_and_changes_nothing(office: Office, server: DirectoryServer) -> None:
    secret = str(office.path("wrong", "reader.txt"))
    authority = str(office.path(server.authority, "authority.pem"))
    here = ("--server", server.encrypted, "--ca-file", authority, "--people-base", "dc=firm,dc=example")
    run("directory", "set", "--kind", "openldap", "--user", "cn=x,dc=x", "--password-file", secret, *here)
    done = run("directory", "sync", "--json")
    assert done.exit_code == 2
    assert '"why": "credentials"' in done.stdout
    assert "does not take cn=x,dc=x" in run("directory", "test").stderr
