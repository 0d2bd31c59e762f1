"""The firm's own policies over the API: listed, read with who is to blame, set, previewed and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.core import statements as st
from ringfence.core.commands.definitions import SetPolicy
from tests.web.cast import CAI, FORTUNE, OWEN, Cast, do, grouped

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
