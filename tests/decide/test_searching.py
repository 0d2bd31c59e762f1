"""Searches: nothing but what an evaluation allows, and all of it, in order, with exact totals."""

import base64
from typing import Any

import msgspec
import pytest
from pyroaring import BitMap

from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, member_subject
from tests.decide.asking import Caller, caller, on_clients
from tests.decide.firm_asked import Firm

SUBJECTS = "/access/v1/search/subject"
RESOURCES = "/access/v1/search/resource"
ACTIONS = "/access/v1/search/action"


def resources(who: str, action: str = "view", kind: str = "client", **page: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "subject": {"type": "user", "id": who},
        "action": {"name": action},
        "resource": {"type": kind},
    }
    return {**found, "page": page} if page else found


def subjects(resource: str, action: str = "view", kind: str = "user") -> dict[str, Any]:
    return {
        "subject": {"type": kind},
        "action": {"name": action},
        "resource": {"type": "client", "id": resource},
    }


def ids(found: Any) -> list[str]:
    return [one["id"] for one in found["results"]]


def test_the_clients_of_a_member_come_by_name_with_their_total(software: Caller, firm: Firm) -> None:
    found = software.post(RESOURCES, resources(firm.email("cy"))).json
    assert ids(found) == ["ACME-1", "BOOTS-2"]
    assert found["page"] == {"next_token": "", "count": 2, "total": 2}
    assert found["results"][1]["properties"]["name"] == "Boots & Co"
    assert {one["type"] for one in found["results"]} == {"client"}


@pytest.mark.parametrize(
    ("who", "action", "expected"),
    [
        ("ben", "view", ["ACME-1"]),
        ("ben", "edit", ["ACME-1"]),
        ("ben", "remove", []),
        ("cy", "edit", ["BOOTS-2"]),
        ("cy", "delete", ["BOOTS-2"]),
        ("cy", "share", ["BOOTS-2"]),
        ("dee", "view", []),
        ("cy", "fly", []),
    ],
)
def test_a_search_finds_what_an_evaluation_allows(
    software: Caller, firm: Firm, who: str, action: str, expected: list[str]
) -> None:
    assert ids(software.post(RESOURCES, resources(firm.email(who), action)).json) == expected
    for client in ("ACME-1", "BOOTS-2", "CLOSED-3"):
        allowed = software.evaluate(firm.email(who), action, client)["decision"]
        assert allowed is (client in expected)
        found = software.post(SUBJECTS, subjects(client, action)).json
        assert (firm.email(who) in ids(found)) is allowed


def test_a_reference_that_looks_like_our_number_names_no_other_client(software: Caller, firm: Firm) -> None:
    odd = firm.cast.client("Dee's own", reference=f"id:{firm.boots}")
    firm.cast.grant(member_subject(firm.dee), on_clients(odd), Level.READER)
    found = ids(software.post(RESOURCES, resources(firm.email("dee"))).json)
    assert found == [f"id:{odd}"]
    assert software.evaluate(firm.email("dee"), "view", found[0])["decision"] is True


def test_engagements_come_in_the_order_of_their_clients(software: Caller, firm: Firm) -> None:
    found = software.post(RESOURCES, resources(firm.email("cy"), kind="engagement")).json
    shown = [(one["properties"]["client"], one["properties"]["service"]) for one in found["results"]]
    assert shown == [("ACME-1", "VAT"), ("ACME-1", "Income Tax"), ("BOOTS-2", "VAT")]
    assert found["page"]["total"] == 3
    for one in found["results"]:
        assert software.evaluate(firm.email("cy"), "view", one["id"], kind="engagement")["decision"] is True


def test_a_client_of_which_a_part_shows_says_so(software: Caller, firm: Firm) -> None:
    firm.cast.do(w.SetGrant(to=(member_subject(firm.dee),), on=on_engagements(1), level=Level.READER))
    found = software.post(RESOURCES, resources(firm.email("dee"))).json
    assert [one["properties"]["partial"] for one in found["results"]] == [True]


def on_engagements(*numbers: int) -> On:
    return On(engagements=BitMap(numbers))


def test_text_and_service_narrow_and_reference_orders(software: Caller, firm: Firm) -> None:
    who = firm.email("cy")
    assert ids(software.post(RESOURCES, resources(who, properties={"text": "boo"})).json) == ["BOOTS-2"]
    assert ids(software.post(RESOURCES, resources(who, properties={"text": "acme-1"})).json) == ["ACME-1"]
    tax = software.post(RESOURCES, resources(who, properties={"service": "income tax"})).json
    assert (ids(tax), tax["page"]["total"]) == (["ACME-1"], 1)
    assert ids(software.post(RESOURCES, resources(who, properties={"service": "Payroll"})).json) == []
    firm.cast.do(w.ChangeClient(client=firm.acme, reference="ZED-9"))
    by_reference = software.post(RESOURCES, resources(who, properties={"sort": "reference"})).json
    assert ids(by_reference) == ["BOOTS-2", "ZED-9"]
    assert ids(software.post(RESOURCES, resources(who)).json) == ["ZED-9", "BOOTS-2"]


@pytest.mark.parametrize("wrong", [{"sort": "size"}, {"sort": 1}, {"text": ["a"]}, {"service": {}}])
def test_what_cannot_be_narrowed_by_is_400(software: Caller, firm: Firm, wrong: dict[str, Any]) -> None:
    assert software.post(RESOURCES, resources(firm.email("cy"), properties=wrong)).status == 400


def test_pages_lead_through_all_of_them_once(software: Caller, firm: Firm) -> None:
    numbers = firm.cast.clients(25)
    firm.cast.do(w.SetGrant(to=(member_subject(firm.cy),), on=on_clients(*numbers), level=Level.EDITOR))
    for order in ("name", "reference"):
        properties = {"sort": order}
        whole = ids(software.post(RESOURCES, resources(firm.email("cy"), properties=properties)).json)
        found, token = [], ""
        while True:
            asked = resources(firm.email("cy"), limit=4, token=token, properties=properties)
            reply = software.post(RESOURCES, asked).json
            assert reply["page"]["total"] == 27
            assert reply["page"]["count"] == len(reply["results"]) <= 4
            found += ids(reply)
            token = reply["page"]["next_token"]
            if not token:
                break
        assert found == whole
        assert len(set(found)) == 27


def test_pages_stay_where_they_are_while_clients_come_and_go(software: Caller, firm: Firm) -> None:
    numbers = firm.cast.clients(6)
    firm.cast.do(w.SetGrant(to=(member_subject(firm.dee),), on=on_clients(*numbers), level=Level.EDITOR))
    asked = resources(firm.email("dee"), limit=2)
    first = software.post(RESOURCES, asked).json
    assert ids(first) == ["R0", "R1"]
    # The last one that was shown is taken away, and so is the one before it.
    firm.cast.do(w.RemoveGrant(to=(member_subject(firm.dee),), on=on_clients(*numbers[:2])))
    asked["page"]["token"] = first["page"]["next_token"]
    second = software.post(RESOURCES, asked).json
    assert ids(second) == ["R2", "R3"]
    assert second["page"]["total"] == 4


def test_the_page_of_another_question_is_refused(software: Caller, firm: Firm) -> None:
    asked = resources(firm.email("cy"), limit=1)
    token = software.post(RESOURCES, asked).json["page"]["next_token"]
    # Leaving the limit out is allowed: the standard's own example does.
    assert software.post(RESOURCES, resources(firm.email("cy"), token=token)).status == 200
    assert software.post(RESOURCES, resources(firm.email("ben"), token=token)).status == 400
    assert software.post(RESOURCES, resources(firm.email("cy"), token="nonsense")).status == 400
    assert software.post(RESOURCES, resources(firm.email("cy"), token="Ä")).status == 400


def test_no_page_begins_behind_a_client_that_the_caller_chose(software: Caller, firm: Firm) -> None:
    asked = resources(firm.email("cy"), limit=1)
    token = software.post(RESOURCES, asked).json["page"]["next_token"]
    first, *seal = msgspec.msgpack.decode(base64.urlsafe_b64decode(token))
    assert first == firm.acme
    forged = base64.urlsafe_b64encode(msgspec.msgpack.encode([firm.closed, *seal])).decode()
    assert software.post(RESOURCES, resources(firm.email("cy"), token=forged)).status == 400


@pytest.mark.parametrize("number", ["9" * 5000, "1e999"])
def test_a_number_that_nothing_can_hold_is_400(software: Caller, firm: Firm, number: str) -> None:
    body = msgspec.json.encode(resources(firm.email("cy")))[:-1] + b',"context":{"n":%b}}' % number.encode()
    assert software.post_raw(RESOURCES, body).status == 400


@pytest.mark.parametrize("limit", [-1, 1001, "ten", 1.5])
def test_a_limit_that_is_none_is_400(software: Caller, firm: Firm, limit: object) -> None:
    assert software.post(RESOURCES, resources(firm.email("cy"), limit=limit)).status == 400


def test_a_limit_of_nothing_asks_for_the_total(software: Caller, firm: Firm) -> None:
    found = software.post(RESOURCES, resources(firm.email("cy"), limit=0)).json
    assert (found["results"], found["page"]["total"]) == ([], 2)
    assert found["page"]["next_token"]


def test_who_may_is_told_by_name(software: Caller, firm: Firm) -> None:
    found = software.post(SUBJECTS, subjects("ACME-1")).json
    # Ann manages the firm, and whoever does is not restricted in it.
    assert [one["properties"]["name"] for one in found["results"]] == ["Ann", "Ben", "Cy"]
    for one in found["results"]:
        assert software.evaluate(one["id"], "view", "ACME-1")["decision"] is True
    assert (
        software.post(SUBJECTS, {**subjects("ACME-1"), "subject": {"type": "user", "id": "x"}}).json == found
    )


def test_what_may_be_done_is_told_by_every_name(software: Caller, firm: Firm) -> None:
    def actions(who: str, client: str) -> list[str]:
        body = {"subject": {"type": "user", "id": who}, "resource": {"type": "client", "id": client}}
        return [one["name"] for one in software.post(ACTIONS, body).json["results"]]

    assert actions(firm.email("cy"), "ACME-1") == ["view", "read"]
    assert actions(firm.email("ben"), "ACME-1") == ["view", "read", "edit", "write", "save", "submit"]
    assert {"remove", "delete", "share"} < set(actions(firm.email("cy"), "BOOTS-2"))
    assert actions(firm.email("dee"), "ACME-1") == []
    assert actions("nobody@example.com", "ACME-1") == []


def test_unknown_types_and_things_give_an_empty_list(software: Caller, firm: Firm) -> None:
    for path, body in (
        (SUBJECTS, subjects("ACME-1", kind="spaceship")),
        (SUBJECTS, subjects("NONE-9")),
        (RESOURCES, resources(firm.email("cy"), kind="spaceship")),
        (RESOURCES, resources("nobody@example.com")),
    ):
        found = software.post(path, body).json
        assert (found["results"], found["page"]["total"]) == ([], 0)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (SUBJECTS, {"subject": {"type": "user"}, "resource": {"type": "client", "id": "ACME-1"}}),
        (SUBJECTS, {**subjects("x"), "resource": {"type": "client"}}),
        (RESOURCES, {"action": {"name": "view"}, "resource": {"type": "client"}}),
        (
            RESOURCES,
            {"subject": {"type": "user"}, "action": {"name": "view"}, "resource": {"type": "client"}},
        ),
        (ACTIONS, {"subject": {"type": "user", "id": "x"}}),
        (ACTIONS, {"subject": {"type": "user"}, "resource": {"type": "client", "id": "ACME-1"}}),
    ],
)
def test_what_a_search_needs_is_told(software: Caller, path: str, body: dict[str, Any]) -> None:
    assert software.post(path, body).status == 400


def test_a_plain_members_token_finds_that_member_alone(software: Caller, firm: Firm) -> None:
    own = caller(software.service, firm.cast, member=firm.ben, name="Of Ben")
    assert ids(own.post(SUBJECTS, subjects("ACME-1")).json) == [firm.email("ben")]
    assert ids(own.post(RESOURCES, resources(firm.email("cy"))).json) == []
    assert ids(own.post(RESOURCES, resources(firm.email("ben"))).json) == ["ACME-1"]
