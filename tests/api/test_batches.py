"""Several commands as one change, over the API."""

from __future__ import annotations

from ringfence.access import entries, firm_state
from ringfence.core.commands.definitions import AddService
from tests.api.caller import Caller
from tests.web.cast import DILYS, VAT_GROUP, Cast, do, grouped

KEY = "a-key"


def batch(*commands: tuple[str, dict[str, object]]) -> dict[str, object]:
    return {"commands": [{"do": name, "with": arguments} for name, arguments in commands]}


MOVE = batch(
    ("group.add_members", {"group": "VAT team", "members": [DILYS]}),
    ("group.remove_members", {"group": VAT_GROUP, "members": "cai@pike.example"}),
)


def test_a_batch_is_done_whole(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    version = firm_state(cast.firm).version
    found = owen.post("/batches", {**MOVE, "reason": "Cai moves on"})
    assert found.status == 200
    assert found.body["version"] == version + 2
    assert list(firm_state(cast.firm).groups[VAT_GROUP]) == [DILYS]
    last = list(entries(cast.firm))[-2:]
    assert [(entry.command, entry.reason) for entry in last] == [
        ("group.add_members", "Cai moves on"),
        ("group.remove_members", "Cai moves on"),
    ]


def test_a_batch_is_refused_whole_and_says_which_command(cast: Cast, owen: Caller) -> None:
    version = firm_state(cast.firm).version
    found = owen.post(
        "/batches", batch(("service.add", {"service": "Audit"}), ("service.add", {"service": "VAT"}))
    )
    assert (found.status, found.code, found.body["command"]) == (409, "name_taken", 1)
    found = owen.post("/batches", batch(("service.add", {"service": "Audit"}), ("service.ad", {})))
    assert (found.status, found.body["detail"].startswith("commands.1: there is no command")) == (422, True)
    assert firm_state(cast.firm).version == version


def test_what_one_command_adds_no_other_can_name(cast: Cast, owen: Caller) -> None:
    adding = {"do": "group.create", "with": {"group": "Brand new"}}
    naming = {"do": "group.add_members", "with": {"group": "Brand new", "members": [DILYS]}}
    found = owen.post("/batches", {"commands": [adding, naming]})
    assert (found.code, found.body["command"]) == ("not_found", 1)


def test_a_token_is_not_made_in_a_batch(owen: Caller) -> None:
    assert owen.post("/batches", batch(("token.add", {"token": "Mine"}))).status == 422


def test_a_batch_is_previewed_as_one(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    version = firm_state(cast.firm).version
    found = owen.post("/batches?preview=true", MOVE).body
    assert found["gains"]["pairs"] == found["loses"]["pairs"] == 0
    assert [each["member"]["name"] for each in found["changes"]["first"]] == ["Cai", "Dilys"]
    assert firm_state(cast.firm).version == version


def test_a_batch_is_repeated_and_bound_as_any_write(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    tag = owen.get("/firm").headers["ETag"]
    first = owen.post("/batches", MOVE, idempotency_key=KEY)
    again = owen.post("/batches", MOVE, idempotency_key=KEY, if_match=tag)
    assert first.body == again.body
    assert again.headers["Idempotency-Replayed"] == "true"
    other = batch(("service.add", {"service": "Audit"}))
    assert owen.post("/batches", other, idempotency_key=KEY).code == "key_reused"
    do(cast.firm, AddService(name="Payroll"))
    assert owen.post("/batches", other, if_match=tag).code == "changed_meanwhile"


def test_what_a_batch_adds_is_told(cast: Cast, owen: Caller) -> None:
    rows: list[tuple[str, dict[str, object]]] = [
        ("client.add", {"client": f"New {number}"}) for number in range(3)
    ]
    found = owen.post("/batches", batch(*rows, ("member.add", {"member": "Susan"}))).body
    assert found["added"] == {"client": [7, 9], "member": [6]}


def test_rights_are_those_of_the_tokens_member(cast: Cast, cai: Caller) -> None:
    found = cai.post(
        "/batches", batch(("client.add", {"client": "A"}), ("service.add", {"service": "Audit"}))
    )
    assert (found.status, found.body["command"]) == (403, 1)
