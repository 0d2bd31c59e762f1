"""The firm's own policies over the API: listed, read with who is to blame, set, previewed and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.access import firm_state
from ringfence.api.problems import REFUSED
from ringfence.core import statements as st
from ringfence.core.commands.definitions import ChangeSettings, On, SetGrant, SetPolicy, TurnOn
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
