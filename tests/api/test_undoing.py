"""Undoing an entry over the API: previewed, done once, as the page does it."""

from __future__ import annotations

from ringfence.access import entries, firm_state
from ringfence.access.undoing import undone_by
from ringfence.core.events import ByToken
from ringfence.core.terms import Level, Target, member_subject
from tests.api.caller import Caller
from tests.web.cast import CAI, PLAIN, Cast, grouped


def given(cast: Cast, owen: Caller) -> int:
    """The entry by which Cai was given Plain Person."""
    grouped(cast.firm)
    found = owen.put("/grants", {"to": CAI, "on": {"client": PLAIN}, "level": "owner"})
    assert found.status == 200, found.body
    version: int = found.body["version"]
    return version


def held(cast: Cast) -> Level | None:
    found = firm_state(cast.firm).grants_of(member_subject(CAI)).grant_on(Target("client", PLAIN))
    return None if found is None else found.level


def test_a_preview_says_what_would_be_lost_and_changes_nothing(cast: Cast, owen: Caller) -> None:
    entry = given(cast, owen)
    found = owen.post(f"/ledger/{entry}/undo?preview=true")
    assert found.status == 200, found.body
    assert (found.body["command"], found.body["version"]) == ("entry.undo", entry)
    assert held(cast) is Level.OWNER
    assert undone_by(cast.firm, entry) is None


def test_an_entry_is_undone_as_one_change_that_names_it_and_the_token(cast: Cast, owen: Caller) -> None:
    entry = given(cast, owen)
    found = owen.post(f"/ledger/{entry}/undo", {"reason": "By mistake"})
    assert (found.status, found.body["command"]) == (200, "entry.undo")
    assert held(cast) is None
    assert undone_by(cast.firm, entry) == found.body["version"]
    last = list(entries(cast.firm))[-1]
    assert last.reason == "By mistake"
    assert any(isinstance(event, ByToken) for event in last.events)


def test_with_its_key_it_is_undone_once(cast: Cast, owen: Caller) -> None:
    entry = given(cast, owen)
    first = owen.post(f"/ledger/{entry}/undo", idempotency_key="undo")
    again = owen.post(f"/ledger/{entry}/undo", idempotency_key="undo")
    assert again.body == first.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert firm_state(cast.firm).version == first.body["version"]


def test_on_a_firm_that_has_changed_nothing_is_undone(cast: Cast, owen: Caller) -> None:
    entry = given(cast, owen)
    found = owen.post(f"/ledger/{entry}/undo", if_match=f'"{entry - 1}"')
    assert (found.status, found.code) == (412, "changed_meanwhile")
    assert held(cast) is Level.OWNER


def test_what_stands_against_it_is_named(cast: Cast, owen: Caller) -> None:
    entry = given(cast, owen)
    later = owen.put("/grants", {"to": CAI, "on": {"client": PLAIN}, "level": "reader"}).body["version"]
    found = owen.post(f"/ledger/{entry}/undo")
    assert (found.status, found.code) == (409, "conflict")
    assert (found.body["cause"], found.body["later"]) == ("cannot_undo.changed_since", [later])
    assert owen.post("/ledger/1/undo").status == 409
    assert owen.post("/ledger/999/undo").status == 404


def test_who_does_not_manage_undoes_nothing(cast: Cast, owen: Caller, cai: Caller, ada: Caller) -> None:
    entry = given(cast, owen)
    for caller in (cai, ada):
        assert caller.post(f"/ledger/{entry}/undo").status == 403
        assert caller.post(f"/ledger/{entry}/undo?preview=true").status == 403
    assert held(cast) is Level.OWNER
