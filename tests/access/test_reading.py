"""Which clients a page may name to a member are those that commands own up to (rules.md 5, "not_found")."""

from __future__ import annotations

import pytest

from ringfence.access import firm_state
from ringfence.access.reading import client_names
from ringfence.core.authority.knowing import knows
from ringfence.core.commands.definitions import (
    ChangeClient,
    ChangeSettings,
    DeactivateMember,
    On,
    RaiseWall,
    SetGrant,
)
from ringfence.core.settings import Profile
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import Side
from tests.web.cast import BAKER, CAI, CLIENTS, DILYS, ENID, FORTUNE, do, grouped, make_cast

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("profile", ["agency", "kyc", "planning", "practice"])
@pytest.mark.parametrize("inaccessible", ["hidden", "named"])
def test_pages_and_commands_know_of_the_same_clients(db: None, profile: Profile, inaccessible: str) -> None:
    firm = make_cast(profile).firm
    if profile in ("agency", "kyc"):
        grouped(firm)
    do(firm, ChangeSettings(values={"inaccessible": inaccessible, "digest": profile != "kyc"}))
    do(firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({BAKER})))
    do(firm, RaiseWall(name="Bid", sides=sides))
    do(firm, DeactivateMember(member=ENID))
    view = firm_state(firm)
    for member in view.moment.state.members:
        told = {client for client in range(1, len(CLIENTS) + 1) if knows(view.moment, member, client)}
        if view.moment.state.members[member].active:
            assert set(view.known_clients(member)) == told, member


def test_names_are_no_older_than_the_question(db: None) -> None:
    firm = make_cast().firm
    assert set(client_names(firm).matching("fortune").clients) == {FORTUNE}
    do(firm, ChangeClient(client=BAKER, name="Fortune & Sons"))
    assert set(client_names(firm).matching("fortune").clients) == {FORTUNE, BAKER}
