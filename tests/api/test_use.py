"""Use of access over the API: counted, listed in pages, for who reads the control side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.access import clock
from ringfence.core.commands.definitions import (
    ChangeSettings,
    CreateGroup,
    On,
    SetDelegation,
    SetGrant,
    TurnOn,
)
from ringfence.core.terms import Instant, Level, member_subject
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, Cast, do

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.caller import Caller

DAY = 24 * 3600 * 1_000_000


@pytest.fixture
def idle(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A hundred days ago Cai was given two clients and Dilys one, and a group was made for nobody."""
    do(cast.firm, TurnOn())
    for member, clients in ((CAI, (FORTUNE, BAKER)), (DILYS, (FORTUNE,))):
        on = On.client(*clients)
        do(cast.firm, SetGrant(to=(member_subject(member),), on=on, level=Level.EDITOR))
    do(cast.firm, CreateGroup(name="Nobody’s"))
    a_hundred_days_later(monkeypatch)
    return cast


def a_hundred_days_later(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clock.clock
    monkeypatch.setattr(clock, "clock", lambda: Instant(before() + 100 * DAY))


def test_the_reports_are_counted(idle: Cast, owen: Caller) -> None:
    found = owen.get("/reports/use").body
    assert (found["unused"], found["only_reading"], found["groups_of_nobody"]) == (3, 0, 1)
    assert found["one_holder_away"] == 1
    assert found["decisions_known_since"] is None
    assert owen.get("/reports/use?days=200").body["old_enough"] is False


def test_unused_grants_come_in_pages_and_once(idle: Cast, owen: Caller) -> None:
    first = owen.get("/reports/use/unused?limit=2").body
    second = owen.get(f"/reports/use/unused?limit=2&cursor={first['next']}").body
    assert (first["total"], second["next"]) == (3, None)
    found = [
        (each["to"]["member"]["id"], each["on"]["client"]["id"]) for each in first["items"] + second["items"]
    ]
    assert found == [(CAI, FORTUNE), (CAI, BAKER), (DILYS, FORTUNE)]


def test_who_is_away_is_listed_with_the_client(idle: Cast, owen: Caller) -> None:
    (found,) = owen.get("/reports/use/one-holder-away").body["items"]
    assert (found["client"]["id"], found["holder"]["id"], found["active"]) == (BAKER, CAI, True)


def test_an_owner_who_only_read_is_listed(
    idle: Cast, owen: Caller, caller: Callable[[int], Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    do(idle.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.OWNER))
    a_hundred_days_later(monkeypatch)
    assert caller(DILYS).get(f"/clients/{BAKER}/documents").status == 200
    (found,) = owen.get("/reports/use/only-reading").body["items"]
    assert (found["to"]["member"]["id"], found["on"]["client"]["id"]) == (DILYS, BAKER)


def test_groups_of_nobody_and_delegations_never_used_are_listed(
    idle: Cast, owen: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(idle.firm, ChangeSettings(values={"delegation": True}))
    do(idle.firm, SetDelegation(delegator=CAI, delegate=DILYS))
    a_hundred_days_later(monkeypatch)
    (group,) = owen.get("/reports/use/groups-of-nobody").body["items"]
    assert group["name"] == "Nobody’s"
    (delegation,) = owen.get("/reports/use/delegations-never-used").body["items"]
    assert (delegation["delegator"]["id"], delegation["delegate"]["id"]) == (CAI, DILYS)


@pytest.mark.parametrize("days", ["0", "1097", "x"])
def test_days_that_cannot_be_are_refused(idle: Cast, owen: Caller, days: str) -> None:
    assert owen.get(f"/reports/use?days={days}").status in {400, 422}


def test_use_is_for_who_reads_the_control_side(idle: Cast, caller: Callable[[int], Caller]) -> None:
    assert caller(CAI).get("/reports/use").status == 403
