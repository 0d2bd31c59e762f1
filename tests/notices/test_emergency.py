"""A client opened in an emergency: owners and administrators are told once, its holder never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import override_settings

from ringfence.access.ledger.telling import nothing_to_tell
from ringfence.access.notices import NoticeKind
from ringfence.core.commands.definitions import (
    AddMember,
    ChangeMember,
    On,
    OpenEmergency,
    RaiseWall,
    RemoveGrant,
)
from ringfence.core.terms import Role, member_subject
from ringfence.core.values import Side
from ringfence.jobs.tell_changes import Ledgers
from tests.notices.people import everybody_came_in, give, kept, sent, told
from tests.support.once import made_once
from tests.web.cast import BAKER, CAI, DILYS, OWEN
from tests.web.narrowed import narrowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.core.commands import Command

WHY = "Their return is due at midnight."


@pytest.fixture
def firm(db: None) -> Iterator[int]:
    found = made_once("a client for an emergency", narrowed).firm
    everybody_came_in()
    nothing_to_tell()
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield found


def test_owners_and_administrators_are_told_at_once_and_once(firm: int) -> None:
    give(firm, OpenEmergency(client=BAKER, reason=WHY), DILYS)
    found = sent()
    assert set(told("cai", "owen")) <= set(found)
    assert told("dilys")[0] not in found
    said = found["cai@pike.example"]
    assert "Dilys opened Baker & Sons in an emergency" in said
    assert WHY in said
    assert "/emergencies" in said
    assert sent() == {}


def test_it_stands_among_the_notices_of_who_is_told_and_of_nobody_else(firm: int) -> None:
    give(firm, OpenEmergency(client=BAKER, reason=WHY), DILYS)
    assert kept(firm, CAI) == [NoticeKind.EMERGENCY_OPENED]
    assert kept(firm, OWEN) == [NoticeKind.EMERGENCY_OPENED]
    assert NoticeKind.EMERGENCY_OPENED not in kept(firm, DILYS)


def test_an_owner_whom_a_wall_keeps_from_the_client_is_told_nothing_of_it(firm: int) -> None:
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({BAKER})))
    give(firm, RaiseWall(name="Bid", sides=sides))
    nothing_to_tell()
    give(firm, OpenEmergency(client=BAKER, reason=WHY), DILYS)
    found = sent()
    assert "owen@pike.example" in found
    assert WHY not in found.get("cai@pike.example", "")


def sent_after(firm: int, command: Command) -> dict[str, str]:
    """What is sent of an emergency once something else was changed, with the mails on their way."""
    give(firm, AddMember(name="Gwen", email="gwen@pike.example", role=Role.ADMINISTRATOR))
    nothing_to_tell()
    give(firm, OpenEmergency(client=BAKER, reason=WHY), DILYS)
    Ledgers().tell()
    give(firm, command)
    nothing_to_tell()
    return sent()


def test_an_owner_who_lost_the_client_meanwhile_is_not_told_why_it_was_opened(firm: int) -> None:
    lost = RemoveGrant(to=(member_subject(CAI),), on=On.client(BAKER))
    assert WHY not in sent_after(firm, lost).get("cai@pike.example", "")


def test_who_manages_the_firm_no_more_is_not_told_why_a_client_was_opened(firm: int) -> None:
    assert WHY not in sent_after(firm, ChangeMember(member=OWEN, role=Role.STANDARD)).get(
        "owen@pike.example", ""
    )
