"""The ledger and the reports, for those who read the control side."""

from __future__ import annotations

import pytest

from ringfence.access import firm_state
from ringfence.core.commands.definitions import ChangeClient, On, SetGrant
from ringfence.core.terms import Level, member_subject
from tests.api.caller import Caller
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, Cast, do, grouped

PATHS = (
    "/ledger /ledger/1 /reports /reports/closed /reports/one-holder /reports/confidential "
    "/reports/unassigned /reports/reach /reports/refused"
)


@pytest.mark.parametrize("path", PATHS.split())
def test_they_are_for_the_control_side(cast: Cast, owen: Caller, ada: Caller, cai: Caller, path: str) -> None:
    assert owen.get(path).status == ada.get(path).status == 200
    assert cai.get(path).code == "not_permitted"


def test_entries_come_newest_first_each_once(cast: Cast, owen: Caller) -> None:
    version = firm_state(cast.firm).version
    found: list[int] = []
    path = "/ledger?limit=4"
    while path:
        page = owen.get(path).body
        assert page["total"] == version
        found += [each["number"] for each in page["items"]]
        path = page["next"] and f"/ledger?limit=4&cursor={page['next']}"
    assert found == list(range(version, 0, -1))


def test_an_entry_says_what_was_done_by_whom_and_about_whom(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    grant = SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.OWNER, reason="Her own")
    do(cast.firm, grant, OWEN)
    found = owen.get("/ledger?limit=1").body["items"][0]
    assert (found["command"], found["reason"], found["by"]["name"]) == ("grant.set", "Her own", "Owen")
    assert found["members"] == {"total": 1, "first": [{"id": DILYS, "name": "Dilys"}]}
    assert found["clients"]["first"] == [{"id": BAKER, "name": "Baker & Sons"}]
    whole = owen.get(f"/ledger/{found['number']}").body
    assert whole["previous"] == owen.get(f"/ledger/{found['number'] - 1}").body["hash"]


def test_entries_are_found_by_whom_and_what(cast: Cast, owen: Caller) -> None:
    do(cast.firm, ChangeClient(client=FORTUNE, name="Fortune 501"), OWEN)
    assert owen.get(f"/ledger?by={OWEN}").body["total"] == 1
    assert owen.get(f"/ledger?client={FORTUNE}").body["total"] == 2
    assert owen.get("/ledger?command=service.add").body["total"] == 2
    assert owen.get(f"/ledger?member={CAI}").body["total"] >= 1
    assert owen.get("/ledger?until=0").body["total"] == 0
    assert owen.get("/ledger/999").status == 404


def test_reports_count_and_list_the_same(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.OWNER))
    counts = owen.get("/reports").body
    for name in ("closed", "one-holder", "confidential", "unassigned"):
        assert owen.get(f"/reports/{name}").body["total"] == counts[name.replace("-", "_")]
    assert counts["one_holder"] == 1
    reach = {each["member"]["name"]: each["clients"] for each in owen.get("/reports/reach").body["items"]}
    assert (reach["Cai"], reach["Dilys"], reach["Enid"]) == (5, 6, 0)


def test_what_was_refused_over_the_api_is_reported(cast: Cast, owen: Caller, cai: Caller) -> None:
    cai.post("/services", {"service": "Audit"})
    (found,) = owen.get("/reports/refused").body["items"]
    assert (found["member"]["name"], found["what"], found["count"]) == ("Cai", "service.add", 1)
