"""The firm's own policies over the API: listed, read with who is to blame, set, previewed and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.access import firm_state
from ringfence.api.problems import REFUSED
from ringfence.core import statements as st
from ringfence.core.commands.definitions import (
    ChangeSettings,
    On,
    SetGrant,
    SetPolicy,
    TurnOn,
)
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Level, member_subject
from tests.web.cast import CAI, DILYS, FORTUNE, OWEN, Cast, do, grouped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.caller import Caller


def keep(cast: Cast, mode: st.PolicyMode = "warn") -> None:
    said = st.Never(
        members=st.MembersMeant(members=frozenset({CAI})),
        clients=st.ClientsMeant(clients=frozenset({FORTUNE})),
    )
    do(cast.firm, SetPolicy(name="Cai keeps out", mode=mode, statements=(said,)))


def test_a_policy_is_read_with_the_ways_that_are_to_blame(
    cast: Cast, caller: Callable[[int], Caller]
) -> None:
    grouped(cast.firm)
    keep(cast)
    owen = caller(OWEN)
    (listed,) = owen.get("/policies").body["items"]
    assert (listed["name"], listed["mode"], listed["holds"]) == ("Cai keeps out", "warn", False)
    (statement,) = owen.get("/policies/1").body["statements"]
    assert statement["says"] == "Nobody among Cai sees any of Fortune 500."
    (blamed,) = statement["first"]
    assert (blamed["member"]["id"], blamed["client"]["id"]) == (CAI, FORTUNE)
    assert "Access group VAT team" in blamed["ways"]


def test_policies_are_nobody_elses_business(cast: Cast, caller: Callable[[int], Caller]) -> None:
    keep(cast)
    assert caller(CAI).get("/policies").status == 403


def test_a_policy_that_refuses_refuses_over_the_api_and_is_named_to_who_reads_the_control_side(
    cast: Cast, caller: Callable[[int], Caller]
) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, ChangeSettings(values={"sharing": "owners"}))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.OWNER))
    keep(cast, "refuse")
    given = {"to": [f"#{CAI}"], "on": [f"#{FORTUNE}"], "level": "reader"}
    dilys, owen = caller(DILYS), caller(OWEN)
    for address in ("/grants", "/grants?preview=true"):
        refused, told = dilys.put(address, given), owen.put(address, given)
        assert (refused.status, refused.code, refused.body["cause"]) == (409, "policy", "policy_broken")
        assert "policies" not in refused.body
        assert told.body["policies"] == ["Cai keeps out"]


def test_the_numbers_of_a_statement_are_amounts(cast: Cast, caller: Callable[[int], Caller]) -> None:
    owen = caller(OWEN)
    said = [{"at_least": 2, "see": "all"}, {"at_most": 40, "clients": "all", "by": "everyone"}]
    assert owen.put("/policies", {"policy": "Enough", "statements": said}).status == 200
    kept = firm_state(cast.firm).policies[1].statements
    assert [each.number for each in kept if isinstance(each, st.AtLeast | st.AtMostClients)] == [2, 40]
    for amount in (10**30, -1, True, 1.5):
        said = [{"at_least": amount, "see": "all"}]
        assert owen.put("/policies", {"policy": "Other", "statements": said}).status == 422


def test_every_refusal_of_the_core_has_its_status() -> None:
    assert set(REFUSED) == set(Refusal)


def test_a_name_that_means_nothing_is_named(cast: Cast, caller: Callable[[int], Caller]) -> None:
    owen = caller(OWEN)
    said = [{"never": ["nobody@pike.example", "cai@pike.example"], "sees": "all"}]
    refused = owen.put("/policies", {"policy": "Keep out", "statements": said})
    assert (refused.status, refused.body["cause"]) == (404, "unknown_member")
    assert refused.body["detail"].startswith("There is no team member “nobody@pike.example”.")
    unknown: tuple[tuple[object, str], ...] = (
        ({"group": "Nobodies"}, "unknown_group"),
        (["#77"], "unknown_member"),
    )
    for given, cause in unknown:
        given_so = [{"never": given, "sees": "all"}]
        refused = owen.put("/policies", {"policy": "Keep out", "statements": given_so})
        assert refused.body["cause"] == cause
        assert "“Nobodies”" in refused.body["detail"] or "“#77”" in refused.body["detail"]


def test_a_client_that_is_not_there_and_one_that_may_not_be_known_are_told_alike(
    cast: Cast, caller: Callable[[int], Caller]
) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, ChangeSettings(values={"unassigned": "none"}))
    assert not firm_state(cast.firm).knows(DILYS, FORTUNE)
    dilys, told = caller(DILYS), []
    for client in (f"#{FORTUNE}", "#987654"):
        said = [{"at_least": 1, "see": [client]}]
        refused = dilys.put("/policies", {"policy": "Seen", "statements": said})
        told.append((refused.status, refused.body["cause"], refused.body["detail"].replace(client, "X")))
    assert told[0] == told[1]
    assert told[0][2].startswith("There is no client “X”.")


def test_what_a_statement_contradicts_is_named(cast: Cast, caller: Callable[[int], Caller]) -> None:
    keep(cast)
    owen = caller(OWEN)
    said = [
        {"at_least": 1, "see": "all"},
        {"check": {"member": f"#{CAI}", "client": f"#{FORTUNE}", "level": "editor"}},
    ]
    body = {"policy": "Cai sees it", "statements": said}
    answers = [
        owen.put("/policies", body),
        owen.put("/policies?preview=true", body),
        owen.post("/batches", {"commands": [{"do": "policy.set", "with": body}]}),
    ]
    for refused in answers:
        assert (refused.status, refused.body["cause"], refused.body["row"]) == (422, "policy_contradicts", 1)
        assert "statement 1 of the policy “Cai keeps out”" in refused.body["detail"]
        assert "Nobody among Cai sees any of Fortune 500." in refused.body["detail"]
    assert answers[2].body["command"] == 0
