"""Tokens, how people sign in, the security log: read by the control side; software asks less of nobody."""

from __future__ import annotations

import json

import pytest

from ringfence.access import OPERATOR, Actor, entries, firm_state
from ringfence.access.directories import keep_directory
from ringfence.access.domains import add_domain
from ringfence.access.providers import OpenIdSettings, ProviderKind, add_provider
from ringfence.access.security_log import SecurityKind, SeenFrom, note
from ringfence.access.sign_in_policy import ask_second_step, limit_sessions, policy_of
from ringfence.access.tokens import make_token
from ringfence.core.terms import Role, Scope
from ringfence.firms.models import Firm, SecurityEvent
from tests.api.caller import Caller, caller_as
from tests.support.jobs import waiting
from tests.web.cast import CAI, OWEN, Cast

READS = (
    *("/tokens", "/tokens/1", "/sign-in", "/sign-in/providers", "/sign-in/providers/1"),
    *("/domains", "/domains/1", "/directory", "/security-log"),
)
SECRETS = ("the client secret", "the password of the directory")
DIRECTORY = {"kind": "openldap", "server": "ldaps://ldap.pike.example", "people_base": "o=pike"}


@pytest.fixture
def signing(cast: Cast) -> Cast:
    """With a provider, a domain, a directory and a second step asked of administrators."""
    openid = OpenIdSettings(issuer="https://id.pike.example", client_id="ringfence")
    add_provider(cast.firm, "Pike’s Okta", ProviderKind.OKTA, openid, secret=SECRETS[0], actor=OPERATOR)
    add_domain(cast.firm, "pike-marlow.co.uk", actor=Actor(OWEN))
    keep_directory(cast.firm, DIRECTORY, password=SECRETS[1], hourly=True, actor=OPERATOR)
    ask_second_step(cast.firm, [Role.ADMINISTRATOR], 14, actor=OPERATOR)
    limit_sessions(cast.firm, 8, actor=OPERATOR)
    return cast


def policy(cast: Cast) -> object:
    return policy_of(Firm.objects.get(pk=cast.firm))


# --- Who reads


def test_the_control_side_reads_it_without_any_secret_and_nobody_else_does(
    signing: Cast, owen: Caller, ada: Caller, cai: Caller
) -> None:
    for path in READS:
        found = owen.get(path)
        assert found.status == ada.get(path).status == 200, path
        assert not any(secret in json.dumps(found.body) for secret in (*SECRETS, owen.token)), path
        assert cai.get(path).code == "not_permitted", path


def test_another_firms_are_as_none(signing: Cast, owen: Caller) -> None:
    owen.get("/firm")
    lena = caller_as(signing.other, 1)
    assert [each["name"] for each in lena.get("/tokens").body["items"]] == ["Token of 1 8"]
    assert lena.get("/tokens/1").body["made"] != owen.get("/tokens/1").body["made"]
    for path in ("/sign-in/providers/1", "/domains/1", "/directory"):
        found = lena.get(path)
        assert (found.status, found.body) == (404, lena.get("/domains/9").body)
    for listed in ("/sign-in/providers", "/domains", "/security-log"):
        assert lena.get(listed).body["items"] == []


def test_it_says_what_the_firm_asks_and_by_whom_people_come_in(signing: Cast, owen: Caller) -> None:
    found = owen.get("/sign-in").body
    assert [each["role"] for each in found["second_step"]] == ["administrator"]
    assert (found["grace_days"], found["session_hours"], found["networks"]) == (14, 8, [])
    assert found["only_provider"] is found["kept_password"] is None
    (provider,) = owen.get("/sign-in/providers").body["items"]
    assert (provider["issuer"], provider["client_id"]) == ("https://id.pike.example", "ringfence")
    assert (provider["on"], provider["kind"], provider["protocol"]) == (False, "okta", "oidc")
    domain = owen.get("/domains/1").body
    assert (domain["domain"], domain["proved"]) == ("pike-marlow.co.uk", False)
    assert domain["record"]["value"]
    assert domain["added_by"] == {"id": OWEN, "name": "Owen"}
    assert owen.get("/directory").body == {
        "server": "ldaps://ldap.pike.example",
        "kind": "openldap",
        "hourly": True,
        "last": None,
    }


# --- What software may change


def test_software_asks_more_of_who_signs_in_and_the_ledger_names_its_token(
    signing: Cast, owen: Caller
) -> None:
    found = owen.put("/sign-in/second-step", {"roles": ["administrator", "standard"], "grace_days": 7}).body
    assert [each["role"] for each in found["second_step"]] == ["administrator", "standard"]
    assert owen.put("/sign-in/session", {"hours": 4}).body["session_hours"] == 4
    *_, second_step, session = entries(signing.firm)
    assert second_step.by_software
    assert session.by_software
    assert session.actor.member == OWEN


LESS = (
    ("/sign-in/second-step", {"roles": [], "grace_days": 0}),
    ("/sign-in/second-step", {"roles": ["standard"], "grace_days": 14}),
    ("/sign-in/second-step", {"roles": ["administrator"], "grace_days": 15}),
    ("/sign-in/session", {"hours": 9}),
)


def test_software_asks_less_of_nobody(signing: Cast, owen: Caller) -> None:
    before, version = policy(signing), firm_state(signing.firm).version
    for path, body in LESS:
        for asked in (path, f"{path}?preview=true"):
            refused = owen.put(asked, body)
            assert (refused.status, refused.code) == (403, "not_permitted"), body
            assert "Sign-in settings" in refused.body["detail"]
    assert (policy(signing), firm_state(signing.firm).version) == (before, version)


def test_sessions_without_an_end_may_be_given_one_and_not_back(cast: Cast, owen: Caller) -> None:
    assert owen.put("/sign-in/session", {"hours": 12}).status == 200
    assert owen.put("/sign-in/session", {"hours": 0}).code == "invalid"


def test_others_than_administrators_change_nothing(signing: Cast, ada: Caller, cai: Caller) -> None:
    for asks in (ada, cai):
        assert asks.put("/sign-in/session", {"hours": 1}).code == "not_permitted"
        assert asks.put("/sign-in/second-step", {"roles": ["standard"]}).code == "not_permitted"
        assert asks.post("/directory/ask").code == "not_permitted"
    assert not waiting()


def test_the_directory_is_asked_as_by_the_hour_and_its_brake_holds(signing: Cast, owen: Caller) -> None:
    # Asked again before it is begun it is asked once.
    assert [owen.post("/directory/ask").status for _ in range(3)] == [202] * 3
    ((name, arguments),) = waiting()
    assert name.endswith("sync_directory")
    # 0: however many would go, no more than is believed.
    assert arguments == [signing.firm, 0]


def test_where_there_is_no_directory_none_is_asked(cast: Cast, owen: Caller) -> None:
    assert owen.get("/directory").status == owen.post("/directory/ask").status == 404


# --- Tokens


def test_tokens_are_listed_with_whom_they_act_for_and_who_made_them(cast: Cast, owen: Caller) -> None:
    make_token(
        cast.firm,
        actor=Actor(OWEN),
        name="Store",
        scopes=Scope.DECIDE | Scope.SEARCH,
        member=CAI,
        addresses=("192.0.2.0/24",),
    )
    found = owen.get("/tokens").body["items"]
    assert [(each["name"], each["made_by"]) for each in found] == [
        ("Token of 1 8", None),
        ("Store", {"id": OWEN, "name": "Owen"}),
    ]
    store = owen.get("/tokens/2").body
    assert (store["scopes"], store["member"]["name"]) == (["decide", "search"], "Cai")
    assert (store["addresses"], store["expires"], store["used"]) == (["192.0.2.0/24"], None, None)


def test_a_token_that_leaked_is_revoked_and_lets_nobody_in(cast: Cast, owen: Caller, cai: Caller) -> None:
    assert cai.get("/firm").status == 200
    assert owen.delete("/tokens/2?preview=true").status == 200
    assert cai.get("/firm").status == 200
    assert owen.delete("/tokens/2").body["command"] == "token.revoke"
    assert cai.get("/firm").code == "no_token"
    assert owen.get("/tokens/2").status == 404


def test_a_token_revokes_itself(cast: Cast, owen: Caller) -> None:
    assert owen.delete("/tokens/1").status == 200
    assert owen.get("/firm").code == "no_token"


def test_who_does_not_administer_revokes_no_token_of_others(
    cast: Cast, owen: Caller, ada: Caller, cai: Caller
) -> None:
    assert ada.delete("/tokens/1").code == "not_permitted"
    assert cai.delete("/tokens/1").body == cai.delete("/tokens/99").body
    assert cai.delete("/tokens/1").code == "not_found"
    assert owen.get("/firm").status == 200


def test_no_token_makes_a_token(owen: Caller) -> None:
    assert owen.post("/tokens", {"name": "Mine", "scopes": ["manage"]}).code == "wrong_method"
    said = owen.post("/batches", {"commands": [{"do": "token.add", "with": {"token": "Mine"}}]})
    assert (said.status, said.code) == (422, "invalid")


# --- The security log


def _noted(cast: Cast, kind: SecurityKind, count: int = 1) -> None:
    for _ in range(count):
        note(kind, firm=cast.firm, member=CAI, source=SeenFrom(address="192.0.2.7"), details={"why": "x"})


def test_the_security_log_is_read_by_member_kind_and_outcome(cast: Cast, owen: Caller) -> None:
    _noted(cast, SecurityKind.SIGN_IN)
    _noted(cast, SecurityKind.SIGN_IN_FAILED, 3)
    note(SecurityKind.SIGN_IN, firm=cast.other, member=1)
    (line,) = owen.get("/security-log?failed=true").body["items"]
    assert (line["kind"], line["member"], line["count"]) == ("sign_in_failed", CAI, 3)
    assert (line["address"], line["details"]) == ("192.0.2.7", {"why": "x"})
    assert [each["kind"] for each in owen.get("/security-log?kind=sign_in").body["items"]] == ["sign_in"]
    assert owen.get(f"/security-log?member={OWEN}").body["items"] == []
    assert len(owen.get(f"/security-log?member={CAI}").body["items"]) == 2


def test_no_line_falls_between_two_parts(cast: Cast, owen: Caller) -> None:
    for at in (10, 20, 20, 20, 30):
        _noted(cast, SecurityKind.SIGN_OUT)
        row = SecurityEvent.objects.filter(firm=cast.firm).order_by("-last_at").first()
        assert row is not None
        SecurityEvent.objects.filter(pk=row.pk).update(last_at=at)
    found: list[int] = []
    before: str | None = ""
    while before is not None:
        part = owen.get(f"/security-log?limit=2{before and f'&before={before}'}").body
        found += [each["last"] for each in part["items"]]
        before = part["next"]
    assert found == [30, 20, 20, 20, 10]
    assert [each["last"] for each in owen.get("/security-log?since=21").body["items"]] == [30]
