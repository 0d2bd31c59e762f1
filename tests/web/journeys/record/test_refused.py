"""Opening a client one may not: why, who can help, and for who manages access how to let oneself in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import entries, firm_state
from ringfence.core.commands.definitions import (
    AddToGroup,
    ChangeSettings,
    CreateGroup,
    On,
    RaiseWall,
    SetGrant,
    TurnOn,
)
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import Side
from tests.web.cast import CAI, DILYS, FORTUNE, OWEN, QUOTED, VAT_GROUP, Cast, do, make_cast
from tests.web.reading import errors, heading, link, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]
MISSING = 4711


def kept_from_owen(cast: Cast) -> None:
    """Fortune 500 is for a group with Cai alone."""
    do(cast.firm, CreateGroup(name="Large", members=frozenset({CAI}), on=On.client(FORTUNE)))
    do(cast.firm, TurnOn())


def record(cast: Cast, client: int = FORTUNE) -> str:
    return reverse("client", args=[cast.firm, client])


def road(cast: Cast, kind: str, group: int = 0) -> str:
    return reverse("let-oneself-in", args=[cast.firm, FORTUNE, kind, group])


def yes(client: PageClient, address: str, **form: str) -> None:
    asked = client.post(address, form) if form else client.get(address)
    assert "you let yourself in" in text(asked)
    client.post(address, {**form, "answer": "yes", "version": value(asked, "version")})


def test_an_administrator_is_offered_every_way_to_let_themselves_in(cast: Cast, owen: PageClient) -> None:
    kept_from_owen(cast)
    do(cast.firm, CreateGroup(name="Mine", members=frozenset({OWEN}), on=On.client(QUOTED)))
    page = owen.get(record(cast))
    assert page.status_code == 403
    assert link(page, "Join the access group Large, which has access") == road(cast, "join", VAT_GROUP)
    assert link(page, "Put Fortune 500 into your access group Mine") == road(cast, "put", VAT_GROUP + 1)
    assert link(page, "Give yourself access to Fortune 500") == road(cast, "own")
    assert link(page, "Create a new access group with Fortune 500 and yourself") == road(cast, "new")


def test_joining_the_group_lets_them_in_and_is_marked(cast: Cast, owen: PageClient) -> None:
    kept_from_owen(cast)
    yes(owen, road(cast, "join", VAT_GROUP))
    assert owen.get(record(cast)).status_code == 200
    marked = [entry.command for entry in entries(cast.firm) if entry.self_access]
    assert marked == ["group.add_members"]


def test_a_grant_of_their_own_lets_them_in(cast: Cast, owen: PageClient) -> None:
    kept_from_owen(cast)
    yes(owen, road(cast, "own"))
    assert firm_state(cast.firm).who(FORTUNE)[OWEN] is Level.EDITOR


def test_a_new_group_with_both_is_named_first(cast: Cast, owen: PageClient) -> None:
    kept_from_owen(cast)
    page = owen.post(road(cast, "new"), {"name": "large"})
    assert errors(page) == [("There is an access group with this name already: choose another", "#name")]
    yes(owen, road(cast, "new"), name="Emergency")
    assert firm_state(cast.firm).groups[VAT_GROUP + 1] == BitMap([OWEN])
    assert owen.get(record(cast)).status_code == 200


def test_a_way_that_was_taken_already_leads_to_the_record(cast: Cast, owen: PageClient) -> None:
    kept_from_owen(cast)
    do(cast.firm, AddToGroup(group=VAT_GROUP, members=frozenset({OWEN})))
    assert owen.get(road(cast, "join", VAT_GROUP))["Location"] == record(cast)


def test_nothing_is_offered_that_a_wall_would_stop(cast: Cast, owen: PageClient) -> None:
    kept_from_owen(cast)
    do(
        cast.firm,
        RaiseWall(name="Bid", sides=(Side(members=frozenset({OWEN})), Side(clients=frozenset({FORTUNE})))),
    )
    page = owen.get(record(cast))
    assert "Give yourself access" not in text(page)
    assert link(page, "See why you cannot open it, and what would change that")


def test_a_hidden_client_answers_like_one_that_is_not_there(cast: Cast, dilys: PageClient) -> None:
    kept_from_owen(cast)
    hidden, missing = dilys.get(record(cast)), dilys.get(record(cast, MISSING))
    assert hidden.status_code == missing.status_code == 404
    strip = {str(FORTUNE).encode(), str(MISSING).encode()}
    assert {_same(hidden.content, strip)} == {_same(missing.content, strip)}


def _same(page: bytes, numbers: set[bytes]) -> bytes:
    """The page without what differs from request to request: its own address, token and nonce."""
    page = re.sub(rb'(nonce|value|name="next" value)="[^"]*"', b"", page)
    return re.sub(rb"/clients/(" + b"|".join(sorted(numbers)) + rb")", b"", page)


def test_who_may_know_of_it_is_told_who_can_help(db: None, signed_in: SignIn) -> None:
    cast = make_cast("kyc")
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    do(cast.firm, ChangeSettings(values={"on_activation": "leave"}))
    do(cast.firm, TurnOn())
    page = signed_in(cast, "Dilys").get(record(cast))
    assert heading(page) == "Permission denied"
    assert "They may share this client relationship Cai: cai@pike.example" in text(page)
    assert "Administrators of your firm Owen: owen@pike.example" in text(page)
    assert "Give yourself access" not in text(page)


def test_only_who_manages_access_lets_themselves_in(cast: Cast, dilys: PageClient) -> None:
    kept_from_owen(cast)
    assert dilys.get(road(cast, "own")).status_code == 403
    assert DILYS not in firm_state(cast.firm).who(FORTUNE)
