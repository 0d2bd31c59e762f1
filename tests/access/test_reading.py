"""Which clients a page may name to a member are those that commands own up to (rules.md 5, "not_found")."""

from __future__ import annotations

import msgspec
import pytest

from ringfence.access import Actor, Refused, firm_state, preview
from ringfence.access.reading import client_names, decidable, may_ask_for
from ringfence.core.authority.knowing import knows
from ringfence.core.commands.definitions import (
    ChangeClient,
    ChangeSettings,
    Command,
    DeactivateMember,
    DeclineRequest,
    On,
    OpenRequest,
    RaiseWall,
    RemoveGrant,
    SetGrant,
    TurnOn,
)
from ringfence.core.refusals import Refusal
from ringfence.core.settings import Profile
from ringfence.core.terms import EVERYONE, GIVING, Level, group_subject, member_subject
from ringfence.core.values import Side
from tests.web.cast import (
    BAKER,
    CAI,
    CLIENTS,
    DILYS,
    ENID,
    FORTUNE,
    OWEN,
    QUOTED,
    WELSH,
    do,
    grouped,
    make_cast,
)

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


def asking_firm(profile: Profile) -> int:
    """One client is its Owner's alone, one behind a wall, one blocked; two are asked for."""
    firm = make_cast(profile).firm
    if profile == "kyc":
        do(firm, TurnOn())
        do(firm, RemoveGrant(to=(group_subject(EVERYONE),), on=On.client(FORTUNE)))
    values = {"requests": True, "unassigned": "none", "sharing": "owners", "inaccessible": "named"}
    now = msgspec.to_builtins(firm_state(firm).settings)
    do(firm, ChangeSettings(values={key: each for key, each in values.items() if now[key] != each}))
    do(firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    do(firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.READER))
    do(firm, SetGrant(to=(member_subject(CAI),), on=On.client(WELSH), level=Level.BLOCKED))
    sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({QUOTED})))
    do(firm, RaiseWall(name="Bid", sides=sides))
    do(firm, OpenRequest(client=BAKER, level=Level.OWNER, reason="Cover"), DILYS)
    do(firm, OpenRequest(client=FORTUNE, reason="Cover"), DILYS)
    return firm


def refusal(firm: int, command: Command, member: int) -> Refusal | None:
    try:
        preview(firm, command, actor=Actor(member))
    except Refused as refused:
        return refused.refusal
    return None


@pytest.mark.parametrize("profile", ["kyc", "planning", "practice"])
@pytest.mark.parametrize("requests", [True, False])
def test_what_may_be_asked_for_is_what_the_command_takes(db: None, profile: Profile, requests: bool) -> None:
    firm = asking_firm(profile)
    if not requests:
        do(firm, ChangeSettings(values={"requests": False}))
    now = firm_state(firm)
    for member in now.members:
        for client in (*range(1, len(CLIENTS) + 1), 4711):
            taken = {
                level
                for level in GIVING
                if refusal(firm, OpenRequest(client=client, level=level, reason="Cover"), member) is None
            }
            assert set(may_ask_for(now, member, client)) == taken, (member, client)


@pytest.mark.parametrize("profile", ["kyc", "planning", "practice"])
def test_who_is_led_to_a_request_is_who_may_decline_it(db: None, profile: Profile) -> None:
    firm = asking_firm(profile)
    now = firm_state(firm)
    found = {member: set(decidable(now, member)) for member in now.members}
    for member in now.members:
        taken = {
            pair
            for pair in now.requests
            if refusal(firm, DeclineRequest(client=pair[0], member=pair[1]), member) is None
        }
        assert found[member] == taken, member
    assert found[CAI] == {(FORTUNE, DILYS)}
    assert found[OWEN] == set(now.requests)


def test_names_are_no_older_than_the_question(db: None) -> None:
    firm = make_cast().firm
    assert set(client_names(firm).matching("fortune").clients) == {FORTUNE}
    do(firm, ChangeClient(client=BAKER, name="Fortune & Sons"))
    assert set(client_names(firm).matching("fortune").clients) == {FORTUNE, BAKER}
