"""`ringfence domain …`: added, proved, vouched for and removed from the command line."""

from __future__ import annotations

import json

import pytest
from django.test import override_settings

from ringfence.access.domains import proved_firm
from ringfence.firms.models import Firm
from tests.cli.listing import refuse, succeed
from tests.support.name_server import name_server


@pytest.fixture
def firm(db: None) -> int:
    succeed("firm", "create", "Pike", "--profile", "kyc", "--admin", "owen@pike.example.com")
    return Firm.objects.get().pk


def test_the_record_is_printed_as_dns_has_it_and_proves_the_domain(firm: int) -> None:
    name, kind, value = succeed("domain", "add", "@Pike.example.com").split()
    assert (name, kind) == ("_ringfence.pike.example.com", "TXT")
    with name_server() as server, override_settings(DNS_SERVERS=(server.address,)):
        assert "no such record yet" in refuse("domain", "check", "pike.example.com")
        server.set(name, "something else")
        assert "something else" in refuse("domain", "check", "pike.example.com")
        server.set(name, value.strip('"'))
        succeed("domain", "check", "PIKE.example.com")
    assert proved_firm("anna@pike.example.com") == firm
    (listed,) = json.loads(succeed("domain", "list", "--json"))
    assert (listed["domain"], listed["proved"], listed["vouched"]) == ("pike.example.com", True, False)
    assert listed["record"]["value"] == value.strip('"')
    assert "proved by its record" in succeed("domain", "list")


def test_the_operator_vouches_and_removes(firm: int) -> None:
    succeed("domain", "vouch", "tŷ.cymru")
    assert proved_firm("siân@tŷ.cymru") == firm
    assert "operator's word" in succeed("domain", "list")
    succeed("domain", "remove", "xn--t-foa.cymru")
    assert proved_firm("siân@tŷ.cymru") is None


def test_mistakes_say_what_is_wrong_and_change_nothing(firm: int) -> None:
    for arguments, told in (
        (("add", "gmail.com"), "anybody can have an address"),
        (("vouch", "co.uk"), "anybody can have a domain"),
        (("add", "localhost"), "example.com"),
        (("check", "pike.example.com"), "domain list"),
        (("remove", "pike.example.com"), "domain list"),
    ):
        assert told in refuse("domain", *arguments)
    assert json.loads(succeed("domain", "list", "--json")) == []
