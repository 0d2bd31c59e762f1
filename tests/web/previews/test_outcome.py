"""What a page shows of a preview beside gains and losses: clients left without an Owner (rules.md 3, 5)."""

import msgspec
import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.test import RequestFactory
from pyroaring import BitMap

from ringfence.access import OPERATOR, preview
from ringfence.core.commands import Command
from ringfence.core.commands.definitions import (
    AddClient,
    AddService,
    ChangeSettings,
    ClientRow,
    On,
    RaiseWall,
    RemoveGrant,
    SetGrant,
    TurnOn,
)
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import User
from ringfence.web.previews.outcome import outcome_of, previewed
from ringfence.web.shell.visit import visit_for
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, Cast, do
from tests.web.components.markup import templates

REQUIRE = ChangeSettings(values={"owner_required": True})
WITHOUT = "Clients without an owner, which this firm requires"
WALLED = "Clients where a wall keeps out every owner"


@pytest.fixture
def owned(cast: Cast) -> Cast:
    """Cai is the Owner of Fortune 500; nobody is that of any other client."""
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    return cast


def asked(user: User) -> HttpRequest:
    """A request of somebody who signed in with what is their own."""
    request = RequestFactory().get("/")
    request.session, request.user = SessionBase(), user
    return request


def shown(cast: Cast, command: Command, name: str = "Owen") -> str:
    """The box of a page for the command."""
    visit = visit_for(asked(cast.users[name]), cast.firm, cast.users[name])
    outcome = outcome_of(visit, preview(cast.firm, command, actor=OPERATOR))
    return str(templates().get_template("shared/outcome.html").module.outcome_box(outcome))  # type: ignore[attr-defined]


def test_requiring_owners_shows_who_has_none_though_nobodys_access_changes(owned: Cast) -> None:
    box = shown(owned, REQUIRE)
    assert "Nobody’s access changes by this." in box
    assert WITHOUT in box
    assert "Baker &amp; Sons" in box
    assert "Fortune 500" not in box


def test_a_wall_shows_the_clients_whose_last_owner_it_keeps_out(owned: Cast) -> None:
    do(owned.firm, REQUIRE)
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE, BAKER})))
    before, _, listed = shown(owned, RaiseWall(name="Bid", sides=sides)).partition(WALLED)
    assert WITHOUT not in before
    assert "Fortune 500" in listed
    assert "Baker" not in listed


BETWEEN = (Side(members=frozenset({CAI}), clients=frozenset({BAKER})), Side(clients=frozenset({FORTUNE})))


def test_what_a_wall_keeps_of_a_grant_is_told_with_the_wall_to_who_may_know_of_it(owned: Cast) -> None:
    do(owned.firm, RaiseWall(name="Bid", sides=BETWEEN))
    again = SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR)
    do(owned.firm, RemoveGrant(to=(member_subject(CAI),), on=On.client(FORTUNE)))
    assert "This gives Cai access across Bid. The wall keeps it from them: Fortune 500." in shown(
        owned, again
    )
    told = shown(owned, again, "Dilys")
    assert "Bid" not in told
    assert "Cai still cannot open everything that this gives." in told


def test_who_comes_to_see_both_sides_is_told_to_who_may_know_of_walls_alone(owned: Cast) -> None:
    do(owned.firm, TurnOn())
    do(owned.firm, RaiseWall(name="Bid", sides=BETWEEN))
    give = SetGrant(to=(member_subject(DILYS),), on=On(clients=BitMap([FORTUNE, BAKER])), level=Level.EDITOR)
    do(owned.firm, msgspec.structs.replace(give, level=Level.BLOCKED))
    assert "This puts Dilys on both sides of Bid" in shown(owned, give)
    assert "both sides" not in shown(owned, give, "Dilys")


def test_who_shares_a_client_is_told_of_no_wall(owned: Cast) -> None:
    do(owned.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.OWNER))
    do(owned.firm, REQUIRE)
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE})))
    do(owned.firm, RaiseWall(name="Bid", sides=sides))
    leave = RemoveGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE))
    assert WALLED in shown(owned, leave)
    assert WALLED in shown(owned, leave, "Ada")
    assert WALLED not in shown(owned, leave, "Dilys")


def test_a_change_that_leaves_owners_alone_says_nothing_of_them(owned: Cast) -> None:
    do(owned.firm, REQUIRE)
    box = shown(owned, AddService(name="PAYE"))
    assert WITHOUT not in box
    assert WALLED not in box


def test_what_is_the_same_once_control_is_on_is_said_once(cast: Cast) -> None:
    visit = visit_for(asked(cast.users["Owen"]), cast.firm, cast.users["Owen"])
    _, outcome = previewed(visit, AddClient(client=ClientRow(name="Quince Ltd")))
    assert outcome.opens.total == 1
    assert outcome.later is None
    assert outcome.same_later
    box = str(templates().get_template("shared/outcome.html").module.outcome_box(outcome))  # type: ignore[attr-defined]
    assert "It does the same once you turn on access control." in box
