"""The log of decisions over the API: switched as on its page, and read from an instant backwards."""

from __future__ import annotations

from collections.abc import Callable

from ringfence.access import entries
from ringfence.core.events import ByToken, DecisionLogSet
from ringfence.firms.models import DecisionBlock
from ringfence.store.decision_log import packed
from tests.api.caller import Caller
from tests.web.cast import ADA, CAI, Cast


def put(cast: Cast, *instants: int) -> None:
    """Answers of these instants, of which every odd one was no."""
    asked = [
        (at, "evaluation", 1, CAI, 1, 0, "view", (at + 1) % 2, "direct" if at % 2 == 0 else "none", 9)
        for at in instants
    ]
    times = {"began": instants[0], "ended": instants[-1]}
    body = packed(asked)
    DecisionBlock.objects.create(firm_id=cast.firm, tag=1, entries=len(asked), body=body, **times)


def test_it_is_switched_with_an_entry_of_the_token(cast: Cast, owen: Caller, ada: Caller) -> None:
    assert ada.get("/decision-log").body["on"] is False
    before = ada.get("/decision-log").body["days"]
    assert owen.put("/decision-log", {"on": True}).body == {"on": True, "days": before, "lost": 0}
    for _ in range(2):
        assert owen.put("/decision-log", {"on": True, "days": 7}).body["days"] == 7
    assert ada.get("/decision-log").body == {"on": True, "days": 7, "lost": 0}
    switched = [entry for entry in entries(cast.firm) if entry.command == "decision_log.set"]
    assert len(switched) == 2
    assert switched[-1].events[0] == DecisionLogSet(on=True, days=7)
    assert isinstance(switched[-1].events[-1], ByToken)
    assert owen.put("/decision-log", {"on": False}, if_match='"1"').status == 412


def test_days_out_of_bounds_are_said(cast: Cast, owen: Caller) -> None:
    for days in (0, 401, "7"):
        found = owen.put("/decision-log", {"on": True, "days": days})
        assert (found.status, found.body["errors"][0]["field"]) == (422, "days")
    assert owen.get("/decision-log").body["on"] is False


def test_it_is_switched_by_administrators_and_read_by_auditors(
    cast: Cast, caller: Callable[[int], Caller]
) -> None:
    ada, cai = caller(ADA), caller(CAI)
    assert ada.put("/decision-log", {"on": True}).status == 403
    assert [ada.get("/decision-log/answers").status, cai.get("/decision-log/answers").status] == [200, 403]
    assert cai.get("/decision-log").status == 403


def test_answers_are_read_backwards_and_none_falls_between_two_parts(cast: Cast, owen: Caller) -> None:
    put(cast, 1, 4, 4, 4, 9)
    first = owen.get("/decision-log/answers?limit=2").body
    assert ([each["at"] for each in first["items"]], first["next"]) == ([9, 4, 4, 4], 4)
    rest = owen.get("/decision-log/answers?limit=2&before=4").body
    assert ([each["at"] for each in rest["items"]], rest["next"]) == ([1], None)
    assert owen.get("/decision-log/answers?limit=5").body["next"] is None


def test_answers_are_sought(cast: Cast, owen: Caller) -> None:
    put(cast, 2, 5, 8)

    def instants(query: str) -> list[int]:
        return [each["at"] for each in owen.get(f"/decision-log/answers?{query}").body["items"]]

    assert instants("denied=true") == [5]
    assert instants("since=5&before=8") == [5]
    assert instants(f"member={CAI}&client=1&token=1") == [8, 5, 2]
    assert [instants(each) for each in ("member=99", "client=99", "token=99")] == [[], [], []]
