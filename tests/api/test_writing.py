"""Writes: each is one command, carried out as the token's member or refused whole, and previewed before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ringfence.access import entries, firm_state
from ringfence.access.asking_in_words import COMMAND_NAMES
from ringfence.api.writes import WITHOUT_WRITE, WRITES
from ringfence.core.commands.definitions import ChangeMember, ChangeSettings, On, RemoveClient, SetGrant
from ringfence.core.events import ByToken
from ringfence.core.terms import Level, member_subject
from ringfence.wording.ledger import COMMANDS, OTHER_ENTRIES
from tests.api.caller import Caller
from tests.support.repository import ROOT, read
from tests.web.cast import (
    BAKER,
    CAI,
    DILYS,
    FORTUNE,
    OWEN,
    PLAIN,
    VAT,
    VAT_GROUP,
    Cast,
    add_clients,
    do,
    grouped,
)

OF_NO_COMMAND = {"entry.undo", "webhook.change", "decision_log.set", "sign_in.change", "proof.change"}
"""Entries of writes that are no commands of the rules: undoing, and those of `test_foretelling.py`."""


def test_every_command_of_the_rules_has_its_address_or_a_reason() -> None:
    assert {write.command for write in WRITES} == set(COMMAND_NAMES) - WITHOUT_WRITE.keys()
    assert len({(write.method, write.path) for write in WRITES}) == len(WRITES)


def test_every_entry_of_a_ledger_comes_of_a_write_or_has_a_reason() -> None:
    entries_there_are = COMMANDS.keys() | OTHER_ENTRIES.keys()
    written = {write.command for write in WRITES} | OF_NO_COMMAND
    assert written.isdisjoint(WITHOUT_WRITE)
    assert entries_there_are == written | WITHOUT_WRITE.keys()


def test_the_document_says_what_software_does_not_do_and_why() -> None:
    document = read(ROOT / "docs" / "integrate.md")
    assert [name for name, why in WITHOUT_WRITE.items() if f"| `{name}` | {why} |" not in document] == []


def test_a_write_is_done_by_the_tokens_member_and_the_ledger_names_the_token(
    cast: Cast, owen: Caller
) -> None:
    found = owen.post(
        "/groups", {"group": "Team A", "members": [CAI, "dilys@pike.example"], "reason": "New team"}
    )
    assert found.status == 201
    number = found.body["added"]["group"][0]
    assert list(firm_state(cast.firm).groups[number]) == [CAI, DILYS]
    entry = list(entries(cast.firm))[-1]
    assert (entry.number, entry.command, entry.reason) == (found.body["version"], "group.create", "New team")
    assert entry.actor.member == OWEN
    assert ByToken(token=1) in entry.events


def test_what_the_member_may_not_do_is_refused_and_changes_nothing(cast: Cast, cai: Caller) -> None:
    version = firm_state(cast.firm).version
    found = cai.post("/groups", {"group": "Team A"})
    assert (found.status, found.code, found.body["cause"]) == (403, "not_permitted", "only_administrators")
    assert firm_state(cast.firm).version == version


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code", "cause"),
    [
        ("PATCH", "/members/99", {"name": "X"}, 404, "not_found", "unknown_member"),
        ("POST", "/groups", {"group": ""}, 422, "invalid", "text_empty"),
        ("POST", "/services", {"service": "VAT"}, 409, "name_taken", "name_in_use"),
        ("POST", "/control/turn-off", None, 409, "conflict", "nothing_changes"),
        ("PUT", "/delegations/3/4", {}, 409, "setting_off", "delegation_setting"),
        ("POST", "/members/1/deactivate", {}, 409, "last_administrator", "last_administrator"),
        ("PUT", "/grants", {"to": CAI, "on": 999, "level": "editor"}, 404, "not_found", "unknown_client"),
        (
            "PUT",
            "/grants",
            {"to": "nobody@x", "on": "all", "level": "editor"},
            404,
            "not_found",
            "unknown_member",
        ),
    ],
)
def test_each_refusal_has_its_status_and_code(
    owen: Caller, method: str, path: str, body: Any, status: int, code: str, cause: str
) -> None:
    found = owen.ask(method, path, body)
    assert (found.status, found.code, found.body["cause"]) == (status, code, cause)
    assert found.body["type"] == f"/api/v1/#problem-{code}"


def test_more_than_ones_own_level_is_refused(cast: Cast, cai: Caller) -> None:
    do(cast.firm, ChangeSettings(values={"sharing": "anyone_with_access"}))
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.READER))
    grouped(cast.firm)
    found = cai.put("/grants", {"to": DILYS, "on": "B-01", "level": "owner"})
    assert (found.status, found.code) == (403, "above_own_level")


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"group": 7},
        {"group": "A", "grup": 1},
        {"group": "A", "members": "x", "level": "emperor"},
        {"group": "A", "members": [True]},
        {"group": "A", "members": [0]},
        {"group": "A", "members": [10**12]},
        {"group": "A", "on": {"except": [1]}},
        {"group": "A", "on": {"client": 1, "service": 1, "except": [1]}},
        {"group": "A", "reason": None},
    ],
)
def test_a_body_that_is_none_of_the_commands_is_said_field_by_field(
    cast: Cast, owen: Caller, body: Any
) -> None:
    version = firm_state(cast.firm).version
    found = owen.post("/groups", body)
    assert (found.status, found.code) == (422, "invalid")
    assert firm_state(cast.firm).version == version


@pytest.mark.parametrize(
    "body", [b"{", b'{"group": "\xff"}', b"[" * 100_000, b'{"group": "\\ud800"}', b'{"group": NaN}']
)
def test_a_body_that_is_no_json_is_unreadable(owen: Caller, body: bytes) -> None:
    found = owen.post("/groups", body)
    assert (found.status, found.code) == (400, "unreadable")


def test_a_body_of_another_kind_is_refused(owen: Caller) -> None:
    found = owen.post("/groups", b"group=A", content_type="application/x-www-form-urlencoded")
    assert (found.status, found.code) == (415, "not_json")


def test_a_preview_says_who_gains_and_who_loses_and_changes_nothing(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    version = firm_state(cast.firm).version
    found = owen.put("/grants?preview=true", {"to": DILYS, "on": "B-01", "level": "owner"})
    assert found.status == 200
    assert firm_state(cast.firm).version == version == found.body["version"]
    assert found.body["loses"]["members"] == 2
    assert found.body["loses"]["pairs"] == found.body["loses"]["clients"] * 2 == 2
    assert found.body["loses"]["first"][0] == {
        "member": {"id": OWEN, "name": "Owen"},
        "client": {"id": BAKER, "name": "Baker & Sons"},
    }
    assert found.body["changes"]["members"] == 1
    assert found.body["closes"] == {"total": 1, "first": [{"id": BAKER, "name": "Baker & Sons"}]}
    assert found.body["once_on"] is None


def test_while_control_is_off_a_preview_says_what_comes_once_it_is_on(cast: Cast, owen: Caller) -> None:
    found = owen.put("/grants?preview=true", {"to": DILYS, "on": "B-01", "level": "owner"}).body
    assert found["loses"]["members"] == 0
    assert found["once_on"]["loses"]["members"] == 2


def test_a_preview_is_refused_as_the_command_would_be(cast: Cast, cai: Caller) -> None:
    assert cai.post("/groups?preview=true", {"group": "A"}).body == cai.post("/groups", {"group": "A"}).body


def test_a_parameter_that_is_given_twice_is_400_and_changes_nothing(cast: Cast, owen: Caller) -> None:
    version = firm_state(cast.firm).version
    found = owen.post("/groups?preview=true&preview=false", {"group": "Team A"})
    assert (found.status, found.code, found.body["field"]) == (400, "unreadable", "preview")
    assert firm_state(cast.firm).version == version


def test_a_client_that_is_only_previewed_has_its_name(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    found = owen.post("/clients?preview=true", {"client": "Acme", "services": ["VAT"]}).body
    assert found["gains"]["first"][0]["client"]["name"] == "Acme"


def test_a_whole_life_of_a_client(cast: Cast, owen: Caller) -> None:
    added = owen.post(
        "/clients",
        {
            "client": "Acme Ltd",
            "reference": "ACM001",
            "services": {"VAT": "GB 111 2222 33", "General": None},
            "grants": [{"to": {"group": "Everyone"}, "level": "reader"}],
        },
    )
    assert added.status == 201
    (number,) = added.body["added"]["client"]
    here = f"/clients/{number}"
    assert {each["reference"] for each in owen.get(here).body["engagements"]} == {"", "GB 111 2222 33"}
    assert owen.patch(here, {"name": "Acme plc", "confidential": True}).status == 200
    assert owen.post(f"{here}/engagements", {"service": 3, "reference": "5566778899"}).status == 200
    assert owen.patch(f"{here}/engagements/3", {"reference": ""}).status == 200
    assert owen.delete(f"{here}/engagements/1?reason=Not+needed").status == 200
    found = owen.get(here).body
    assert (found["name"], found["confidential"]) == ("Acme plc", True)
    assert [each["service"]["id"] for each in found["engagements"]] == [VAT, 3]
    assert owen.delete(here).status == 200
    assert owen.get(here).status == 404
    assert owen.post(f"{here}/restore").status == 200
    assert owen.get(here).body["reference"] == "ACM001"


def test_many_clients_are_one_command(cast: Cast, owen: Caller) -> None:
    version = firm_state(cast.firm).version
    rows = [{"client": f"New {number}", "reference": f"N{number}"} for number in range(50)]
    found = owen.post("/clients/import", {"rows": rows})
    assert found.body["added"] == {"client": [7, 56]}
    assert found.body["version"] == version + 1
    again = owen.post("/clients/import", {"rows": [{"client": "Other"}, rows[3]]})
    assert (again.code, again.body["row"]) == ("name_taken", 1)


def test_grants_on_everything_that_can_be_named(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    body = {"to": [{"group": "VAT team"}], "on": {"service": "VAT", "except": ["B-01"]}, "level": "editor"}
    assert owen.put("/grants", body).status == 200
    assert (
        owen.put(
            "/grants", {"to": {"member": CAI}, "on": {"client": "F500", "service": VAT}, "level": "owner"}
        ).status
        == 200
    )
    assert (
        owen.put("/grants", {"to": "dilys@pike.example", "on": ["all", PLAIN], "level": "reader"}).status
        == 200
    )
    kept = owen.get(f"/groups/{VAT_GROUP}/grants").body["items"]
    assert [each["left_out"] for each in kept] == [[BAKER], []]
    assert (
        owen.post("/grants/include", {"group": "VAT team", "service": "VAT", "client": "B-01"}).status == 200
    )
    assert (
        owen.post("/grants/exclude", {"group": VAT_GROUP, "service": VAT, "client": [FORTUNE]}).status == 200
    )
    assert owen.get(f"/members/{DILYS}/grants").body["total"] == 2
    assert owen.post("/grants/remove", {"to": DILYS, "on": "all"}).status == 200
    assert owen.get(f"/members/{DILYS}/grants").body["total"] == 1


def test_an_expiry_on_a_day_is_the_close_of_the_firms_day(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    body = {"to": CAI, "on": BAKER, "level": "editor", "expires": "2031-07-01"}
    assert owen.put("/grants", body).status == 200
    (grant,) = owen.get(f"/members/{CAI}/grants").body["items"]
    # London is an hour ahead in summer.
    assert grant["expires"] == 1_940_713_200_000_000
    assert owen.put("/grants", {**body, "expires": "yesterday"}).code == "invalid"
    assert owen.put("/grants", {**body, "expires": None}).status == 200


def test_delegations_walls_and_requests(
    cast: Cast, owen: Caller, cai: Caller, caller: Callable[[int], Caller]
) -> None:
    assert (
        owen.patch("/settings", {"delegation": True, "requests": True, "inaccessible": "named"}).status == 200
    )
    grouped(cast.firm)
    assert cai.put(f"/delegations/{CAI}/{DILYS}", {"cap": "reader"}).status == 200
    assert cai.delete(f"/delegations/{CAI}/{DILYS}").status == 200
    raised = owen.post("/walls", {"name": "Merger", "sides": [{"members": [CAI]}, {"clients": ["B-01"]}]})
    (wall,) = raised.body["added"]["wall"]
    sides = [{"members": [CAI, DILYS]}, {"clients": [BAKER]}]
    assert owen.put(f"/walls/{wall}", {"sides": sides}).status == 200
    assert owen.get(f"/walls/{wall}").body["sides"][0]["members"][1]["name"] == "Dilys"
    assert owen.delete(f"/walls/{wall}").status == 200
    dilys = caller(DILYS)
    asked = {"client": "F500", "level": "editor", "reason": "I prepare it"}
    assert dilys.post("/requests", asked).status == 200
    assert dilys.delete(f"/requests/{FORTUNE}").status == 200
    assert dilys.post("/requests", asked).status == 200
    assert owen.post(f"/requests/{FORTUNE}/{DILYS}/grant", {"level": "reader"}).status == 200
    assert dilys.get(f"/clients/{FORTUNE}").body["engagements"][0]["level"] == "reader"


def test_members_come_change_and_go(cast: Cast, owen: Caller) -> None:
    added = owen.post("/members", {"member": "Susan Hale", "email": "susan@pike.example"})
    (number,) = added.body["added"]["member"]
    assert owen.patch(f"/members/{number}", {"role": "administrator", "manage_access": True}).status == 200
    assert owen.put("/grants", {"to": "susan@pike.example", "on": "B-01", "level": "owner"}).status == 200
    assert owen.post(f"/members/{CAI}/copy-access", {"from": number}).status == 200
    assert owen.post(f"/members/{number}/deactivate", {"hand_over_to": DILYS}).status == 200
    found = owen.get(f"/members/{number}").body
    assert (found["active"], found["role"]) == (False, "administrator")
    assert owen.get(f"/members/{DILYS}/grants").body["items"][0]["level"] == "owner"
    assert owen.post(f"/members/{number}/reactivate").status == 200


def test_a_removed_clients_reference_names_it_no_more(cast: Cast, owen: Caller) -> None:
    do(cast.firm, RemoveClient(client=BAKER))
    found = owen.put("/grants", {"to": CAI, "on": "B-01", "level": "editor"})
    assert (found.status, found.code) == (404, "not_found")


def test_a_body_that_is_too_long_is_refused(owen: Caller) -> None:
    found = owen.post("/groups", b'{"group": "' + b"x" * 2**20 + b'"}')
    assert (found.status, found.code) == (413, "too_large")


def test_a_member_is_named_by_the_firms_own_id_unless_that_is_anothers_address(
    cast: Cast, owen: Caller
) -> None:
    do(cast.firm, ChangeMember(member=CAI, external="S-1042"))
    assert owen.post("/groups", {"group": "North", "members": ["s-1042"]}).status == 201
    do(cast.firm, ChangeMember(member=DILYS, email="both@example.com"))
    do(cast.firm, ChangeMember(member=CAI, external="both@example.com"))
    found = owen.post("/groups", {"group": "South", "members": ["both@example.com"]})
    assert (found.status, found.body["cause"]) == (404, "unknown_member")


def test_many_words_in_one_list_mean_what_each_means_alone(cast: Cast, owen: Caller) -> None:
    add_clients(cast.firm, 20)
    do(cast.firm, ChangeMember(member=CAI, external="S-1042"))
    many = [*(f"c{number:04}" for number in range(1, 20)), "id:26", FORTUNE, {"client": " B-01 "}]
    found = owen.put("/grants", {"to": ["s-1042", "Dilys@Pike.example"], "on": many, "level": "editor"})
    assert found.status == 200
    holdings = firm_state(cast.firm).moment.state.holdings
    for member in (CAI, DILYS):
        assert set(holdings[member_subject(member)].clients[1]) == {FORTUNE, BAKER, *range(7, 27)}
    do(cast.firm, ChangeMember(member=DILYS, email="both@example.com"))
    do(cast.firm, ChangeMember(member=CAI, external="both@example.com"))
    lost = owen.put("/grants", {"to": ["both@example.com"], "on": many, "level": "reader"})
    assert (lost.status, lost.body["cause"]) == (404, "unknown_member")
    unknown = owen.put("/grants", {"to": CAI, "on": [*many, "\0", "nobody"], "level": "reader"})
    assert (unknown.status, unknown.body["cause"]) == (404, "unknown_client")
