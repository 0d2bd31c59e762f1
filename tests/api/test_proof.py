"""Proof for outsiders over the API: keys, checkpoints and how they are published, for who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.access import entries
from ringfence.access.proof import how_published, sign_now
from ringfence.core.events import ByToken, ProofNoted
from ringfence.proof.notes import read_key
from ringfence.proof.signed_checkpoints import open_checkpoint
from tests.support.jobs import waiting
from tests.web.cast import CAI, Cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.caller import Caller

HOW = {"hours": 24, "folder": False, "mails": ["auditor@example.org"], "address": "https://log.example/in"}


def test_a_checkpoint_is_read_and_the_keys_that_are_read_prove_it(cast: Cast, owen: Caller) -> None:
    assert owen.get("/proof/checkpoints/latest").status == 404
    signed = sign_now(cast.firm)
    latest = owen.get("/proof/checkpoints/latest").body
    keys = [read_key(each["key"]) for each in owen.get("/proof/keys").body["items"]]
    assert open_checkpoint(latest["note"], keys).entry == latest["entry"] == signed.entry
    assert owen.get(f"/proof/checkpoints/{signed.entry}").body == latest
    assert owen.get("/proof/checkpoints").body == {"total": 1, "items": [latest], "next": None}
    assert owen.get("/proof/checkpoints/99999").status == 404


def test_how_it_is_published_is_changed_once_with_its_entry(cast: Cast, owen: Caller) -> None:
    assert owen.get("/proof/publishing").body["hours"] == 0
    for _ in range(2):
        assert owen.put("/proof/publishing", HOW).body == HOW
    assert owen.get("/proof/publishing").body == HOW
    *_, last = entries(cast.firm)
    assert [type(event) for event in last.events] == [ProofNoted, ByToken]
    assert owen.put("/proof/publishing", {"hours": 0}, if_match='"1"').code == "changed_meanwhile"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"hours": 24}, "folder"),
        ({"hours": 24, "mails": ["nobody"]}, "mails"),
        ({"hours": 24, "address": "http://127.0.0.1/"}, "address"),
        ({"hours": 9_999, "folder": True}, "hours"),
        ({"hours": 0, "folder": 0}, "folder"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(
    cast: Cast, owen: Caller, given: dict[str, object], field: str
) -> None:
    found = owen.put("/proof/publishing", given)
    assert (found.status, found.body["errors"][0]["field"]) == (422, field)
    assert how_published(cast.firm).hours == 0


def test_publishing_is_handed_over_and_is_for_administrators(
    cast: Cast, owen: Caller, caller: Callable[[int], Caller]
) -> None:
    assert owen.post("/proof/checkpoints").status == 202
    assert waiting()[-1] == ("publish_checkpoint", [cast.firm])
    cai = caller(CAI)
    assert [cai.put("/proof/publishing", HOW).status, cai.post("/proof/checkpoints").status] == [403, 403]
    assert [cai.get(f"/proof/{each}").status for each in ("keys", "checkpoints", "publishing")] == [403] * 3
