"""Where a refusal says on which page its member can ask for access, and where it must not."""

import pytest
from pyroaring import BitMap

from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import Side
from tests.decide.asking import Caller
from tests.decide.firm_asked import Firm

ADDRESS = "https://ringfence.example"


@pytest.fixture
def asks(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """Members may ask for access to clients, of which they know the names."""
    monkeypatch.setenv("RINGFENCE_ADDRESS", f"{ADDRESS}/")
    firm.cast.do(w.ChangeSettings(values={"requests": True, "inaccessible": "named", "levels": "four"}))
    return firm


def page(software: Caller, subject: str, action: str, resource: str, kind: str = "client") -> str | None:
    found = software.evaluate(subject, action, resource, kind=kind)
    told: str | None = found["context"].get("request_at")
    assert told is None or found["decision"] is False
    return told


def test_a_refusal_names_the_page_on_which_its_member_can_ask(software: Caller, asks: Firm) -> None:
    at = f"{ADDRESS}/firms/{asks.cast.firm}/clients"
    for _again in range(2):
        assert page(software, asks.email("dee"), "view", "ACME-1") == f"{at}/{asks.acme}/request"
        assert page(software, asks.email("dee"), "view", "BOOTS-2") == f"{at}/{asks.boots}/request"
    assert page(software, asks.email("cy"), "edit", "ACME-1") == f"{at}/{asks.acme}/request"
    assert page(software, asks.email("cy"), "edit", "ACME-1/VAT", "engagement") == f"{at}/{asks.acme}/request"


def test_the_page_named_is_one_on_which_they_can_ask(software: Caller, asks: Firm) -> None:
    from django.urls import resolve

    told = page(software, asks.email("dee"), "view", "ACME-1")
    assert told is not None
    found = resolve(told.removeprefix(ADDRESS))
    assert (found.url_name, found.kwargs) == ("request-access", {"firm": asks.cast.firm, "number": asks.acme})


def test_where_requests_are_off_no_page_is_named(software: Caller, asks: Firm) -> None:
    asks.cast.do(w.ChangeSettings(values={"requests": False}))
    assert page(software, asks.email("dee"), "view", "ACME-1") is None


def test_who_has_asked_is_not_sent_to_ask_again_until_that_is_answered(software: Caller, asks: Firm) -> None:
    assert page(software, asks.email("dee"), "view", "ACME-1")
    asks.cast.do(w.OpenRequest(client=asks.acme, reason="The return is due"), by=asks.dee)
    assert page(software, asks.email("dee"), "view", "ACME-1") is None
    asks.cast.do(w.DeclineRequest(client=asks.acme, member=asks.dee))
    assert page(software, asks.email("dee"), "view", "ACME-1")


def test_after_the_request_is_granted_the_same_question_is_answered_yes(software: Caller, asks: Firm) -> None:
    assert page(software, asks.email("dee"), "edit", "ACME-1")
    asks.cast.do(w.OpenRequest(client=asks.acme, reason="The return is due"), by=asks.dee)
    asks.cast.do(w.GrantRequest(client=asks.acme, member=asks.dee))
    assert software.evaluate(asks.email("dee"), "edit", "ACME-1")["decision"] is True


def test_a_hidden_client_reads_as_one_that_is_not_there(software: Caller, asks: Firm) -> None:
    asks.cast.do(w.ChangeSettings(values={"inaccessible": "hidden"}))
    for action in ("view", "edit"):
        hidden = software.evaluate(asks.email("dee"), action, "ACME-1")
        assert hidden == software.evaluate(asks.email("dee"), action, "NOBODY-9")


def test_a_client_behind_a_wall_reads_as_one_that_is_not_there(software: Caller, asks: Firm) -> None:
    here = Side(members=frozenset([asks.dee]), clients=frozenset())
    there = Side(members=frozenset(), clients=frozenset([asks.acme]))
    asks.cast.do(w.RaiseWall(name="Wall", sides=(here, there)))
    walled = software.evaluate(asks.email("dee"), "view", "ACME-1")
    assert walled == software.evaluate(asks.email("dee"), "view", "NOBODY-9")


@pytest.mark.parametrize(
    ("who", "action", "resource"),
    [
        ("nobody@example.com", "view", "ACME-1"),
        ("dee", "view", "NOBODY-9"),
        ("dee", "share", "ACME-1"),
        ("dee", "fly", "ACME-1"),
        ("ben", "view", "ACME-1"),
    ],
)
def test_no_page_is_named_where_nothing_can_be_asked_for(
    software: Caller, asks: Firm, who: str, action: str, resource: str
) -> None:
    subject = who if "@" in who else asks.email(who)
    assert page(software, subject, action, resource) is None


def test_who_gives_access_themselves_is_not_sent_to_ask(software: Caller, asks: Firm) -> None:
    asks.cast.do(w.ChangeMember(member=asks.dee, manage_access=True))
    assert page(software, asks.email("dee"), "view", "ACME-1") is None


def test_where_screens_offer_editor_alone_owner_is_not_asked_for(software: Caller, asks: Firm) -> None:
    assert page(software, asks.email("ben"), "remove", "ACME-1")
    asks.cast.do(w.ChangeSettings(values={"levels": "single"}))
    assert page(software, asks.email("ben"), "remove", "ACME-1") is None
    assert page(software, asks.email("dee"), "edit", "ACME-1")


def test_a_hidden_engagement_of_a_client_that_shows_reads_as_one_that_is_not_there(
    software: Caller, asks: Firm
) -> None:
    asks.cast.do(w.ChangeSettings(values={"inaccessible": "hidden"}))
    vat = On(engagements=BitMap([1]))
    asks.cast.grant(member_subject(asks.dee), vat, Level.READER)
    assert software.evaluate(asks.email("dee"), "view", "id:1", kind="engagement")["decision"] is True
    hidden = software.evaluate(asks.email("dee"), "view", "id:2", kind="engagement")
    assert hidden == software.evaluate(asks.email("dee"), "view", "id:99", kind="engagement")
