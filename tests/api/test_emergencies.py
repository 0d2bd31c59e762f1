"""Emergency access over the API: opened, acknowledged, ended; each refusal; previews; tokens of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    ChangeSettings,
    DeactivateMember,
    On,
    RaiseWall,
    SetGrant,
)
from ringfence.core.terms import Level, Scope, member_subject
from ringfence.core.values import Side
from tests.api.caller import caller_as
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, INCOME_TAX, OWEN, VAT, Cast, do, grouped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.caller import Caller

NIGHT = {"client": "F500", "reason": "Filing is due at midnight"}
HOUR = 3_600_000_000


@pytest.fixture
def dilys(cast: Cast, caller: Callable[[int], Caller]) -> Caller:
    """Of Dilys, who knows of Fortune 500 and is let in to none of it, in a firm that allows two hours."""
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(OWEN),), on=On.client(FORTUNE), level=Level.OWNER))
    allowed = {"emergency": "reader", "emergency_hours": 2, "inaccessible": "named"}
    do(cast.firm, ChangeSettings(values=allowed))
    return caller(DILYS)


def standing(cast: Cast) -> dict[tuple[int, int], Any]:
    return dict(firm_state(cast.firm).emergencies)


def seen(caller: Caller) -> dict[int, str]:
    """What of Fortune 500 shows to the caller's member: the level by service."""
    shown = caller.get(f"/clients/{FORTUNE}").body["engagements"]
    return {each["service"]["id"]: each["level"] for each in shown}


def test_a_client_is_opened_for_the_firms_hours_and_listed_with_its_reason(
    cast: Cast, dilys: Caller, owen: Caller
) -> None:
    assert seen(dilys) == {}
    assert dilys.post("/emergencies", NIGHT).status == 200
    assert seen(dilys) == {VAT: "reader", INCOME_TAX: "reader"}
    (mine,) = dilys.get("/emergencies").body["items"]
    (shown,) = owen.get("/emergencies").body["items"]
    assert (mine["acknowledgeable"], shown["acknowledgeable"]) == (False, True)
    assert (shown["client"]["id"], shown["member"]["id"]) == (FORTUNE, DILYS)
    assert (shown["reason"], shown["stands"], shown["acknowledged"]) == (NIGHT["reason"], True, False)
    assert shown["expires"] - shown["opened"] == 2 * HOUR


def test_opening_is_previewed_and_changes_nothing(cast: Cast, dilys: Caller) -> None:
    version = firm_state(cast.firm).version
    found = dilys.post("/emergencies?preview=true", NIGHT)
    assert (found.status, found.body["gains"]["pairs"], found.body["version"]) == (200, 1, version)
    assert firm_state(cast.firm).version == version
    assert not standing(cast)


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"client": "F500"}, 422, "invalid", "reason"),
        ({"client": "F500", "reason": "  "}, 422, "invalid", "reason"),
        ({"client": "F500", "reason": "x" * 5_000}, 422, "invalid", "reason"),
        ({"reason": "night"}, 422, "invalid", "client"),
        ({"client": 999, "reason": "night"}, 404, "not_found", "client"),
        ({"client": "Baker & Sons", "reason": "night"}, 404, "not_found", "client"),
        ({"client": BAKER, "reason": "night"}, 409, "conflict", "client"),
        ({**NIGHT, "member": CAI}, 422, "invalid", "member"),
        ({**NIGHT, "level": "owner"}, 422, "invalid", "level"),
    ],
)
def test_what_cannot_be_opened_is_said_field_by_field(
    cast: Cast, dilys: Caller, body: dict[str, Any], status: int, code: str, field: str
) -> None:
    for address in ("/emergencies", "/emergencies?preview=true"):
        found = dilys.post(address, body)
        assert (found.status, found.code) == (status, code), found.body
        assert field in str(found.body)
    assert not standing(cast)


def _walled(cast: Cast) -> None:
    sides = Side(members=frozenset({DILYS})), Side(clients=frozenset({FORTUNE}))
    do(cast.firm, RaiseWall(name="Bid", sides=sides))


def _blocked(cast: Cast) -> None:
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.BLOCKED))


def _hidden(cast: Cast) -> None:
    do(cast.firm, ChangeSettings(values={"inaccessible": "hidden"}))


def _not_allowed(cast: Cast) -> None:
    do(cast.firm, ChangeSettings(values={"emergency": "no"}))


@pytest.mark.parametrize(
    ("done", "status", "code"),
    [
        (_walled, 404, "not_found"),
        (_blocked, 403, "not_permitted"),
        (_hidden, 404, "not_found"),
        (_not_allowed, 409, "setting_off"),
    ],
)
def test_it_passes_nothing_but_a_missing_grant(
    cast: Cast, dilys: Caller, done: Callable[[Cast], None], status: int, code: str
) -> None:
    done(cast)
    found = dilys.post("/emergencies", NIGHT)
    assert (found.status, found.code) == (status, code)
    assert "Bid" not in str(found.body)
    assert dilys.post("/emergencies?preview=true", NIGHT).body == found.body


def test_it_is_opened_against_the_state_that_was_read(cast: Cast, dilys: Caller) -> None:
    read = dilys.get("/emergencies").headers["ETag"]
    do(cast.firm, ChangeSettings(values={"emergency_hours": 3}))
    assert (dilys.post("/emergencies", NIGHT, if_match=read).status, standing(cast)) == (412, {})
    now = dilys.get("/emergencies").headers["ETag"]
    assert dilys.post("/emergencies", NIGHT, if_match=now).status == 200
    assert dilys.post("/emergencies", NIGHT).code == "conflict"


def test_a_request_that_is_sent_again_opens_once(cast: Cast, dilys: Caller) -> None:
    first = dilys.post("/emergencies", NIGHT, idempotency_key="night-1")
    again = dilys.post("/emergencies", NIGHT, idempotency_key="night-1")
    assert (first.status, again.status, again.body) == (200, 200, first.body)


def test_a_token_of_a_narrower_scope_opens_and_ends_nothing(cast: Cast, dilys: Caller) -> None:
    for scope in (Scope.CHANGES, Scope.DECIDE, Scope.EXPLAIN):
        software = caller_as(cast.firm, DILYS, scope)
        assert software.post("/emergencies", NIGHT).status == 403
    assert dilys.post("/emergencies", NIGHT).status == 200
    assert software.delete(f"/emergencies/{FORTUNE}/{DILYS}").status == 403
    assert standing(cast)[FORTUNE, DILYS].stands


def test_it_is_acknowledged_once_with_a_note_by_whoever_may_share(
    cast: Cast, dilys: Caller, owen: Caller, cai: Caller
) -> None:
    address = f"/emergencies/{FORTUNE}/{DILYS}/acknowledge"
    assert owen.post(address, {}).status == 404
    dilys.post("/emergencies", NIGHT)
    assert (dilys.post(address, {}).code, cai.post(address, {}).code) == ("not_permitted", "not_permitted")
    assert owen.post(f"{address}?preview=true", {"note": "Seen"}).status == 200
    assert not standing(cast)[FORTUNE, DILYS].acknowledged
    assert owen.post(address, {"note": "x" * 5_000}).status == 422
    assert owen.post(address, {"note": "Agreed by phone"}).status == 200
    assert owen.post(address, {}).code == "conflict"
    (kept,) = owen.get("/emergencies").body["items"]
    assert (kept["acknowledged"], kept["acknowledgeable"]) == (True, False)
    last = owen.get("/ledger").body["items"]
    assert "Agreed by phone" in str(last)


def test_its_holder_ends_it_and_nobody_else_without_sharing(
    cast: Cast, dilys: Caller, cai: Caller, owen: Caller
) -> None:
    address = f"/emergencies/{FORTUNE}/{DILYS}"
    assert dilys.delete(address).status == 404
    dilys.post("/emergencies", NIGHT)
    assert cai.delete(address).code == "not_permitted"
    assert dilys.delete(f"{address}?preview=true").body["loses"]["pairs"] == 1
    assert standing(cast)[FORTUNE, DILYS].stands
    assert dilys.delete(address).status == 200
    assert seen(dilys) == {}
    assert (dilys.delete(address).status, owen.delete(address).status) == (404, 404)


def test_whoever_shares_the_client_ends_it_also_of_somebody_who_left(
    cast: Cast, dilys: Caller, owen: Caller
) -> None:
    dilys.post("/emergencies", NIGHT)
    do(cast.firm, DeactivateMember(member=DILYS))
    assert owen.delete(f"/emergencies/{FORTUNE}/{DILYS}").status == 200
    assert not standing(cast)[FORTUNE, DILYS].stands


def test_the_way_in_gives_no_way_to_share_or_to_hand_on(cast: Cast, dilys: Caller, cai: Caller) -> None:
    do(cast.firm, ChangeSettings(values={"sharing": "anyone_with_access", "delegation": True}))
    dilys.post("/emergencies", NIGHT)
    given = {"to": CAI, "on": FORTUNE, "level": "reader"}
    assert dilys.put("/grants", given).code == "not_permitted"
    assert dilys.put(f"/delegations/{DILYS}/{CAI}", {}).status == 200
    assert seen(cai) == {VAT: "editor"}
