"""What was found of a list is told to its member for as long as they may be told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.core.commands.definitions import ChangeMember, On, RemoveGrant, SetGrant, TurnOn
from ringfence.core.terms import Level, Role, member_subject
from tests.support.jobs import do_waiting
from tests.web.cast import BAKER, CAI, DILYS, Cast, do
from tests.web.journeys.lists.test_lists import press, sent
from tests.web.reading import errors, heading, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

ANEW = "The list has to be checked again"


def answered(client: PageClient, address: str, go: str, **fields: str) -> str:
    """The heading after it was pressed."""
    form = {"go": go, "turn": value(client.get(address), "turn"), **fields}
    client.post(address, form)
    do_waiting()
    return heading(client.get(address))


def test_who_is_no_administrator_any_more_is_not_told_what_their_list_does(
    cai: PageClient, cast: Cast
) -> None:
    do(cast.firm, ChangeMember(member=CAI, role=Role.ADMINISTRATOR))
    address = sent(cai, cast, b"Email,Name\ndilys@pike.example,Delyth\n", kind="members")
    page = press(cai, address, "columns")
    assert heading(page) == "Check what the list does"
    assert "Delyth" in text(page)
    do(cast.firm, ChangeMember(member=CAI, role=Role.STANDARD))
    page = cai.get(address)
    assert heading(page) == ANEW
    assert "Delyth" not in text(page)
    assert answered(cai, address, "save") == ANEW
    assert cai.get(f"{address}/faults.csv").status_code in {302, 404}
    assert answered(cai, address, "check", answer="yes") == "Something in the list has to be put right"


def test_who_lost_a_client_is_not_told_of_it_by_a_list_that_was_checked_before(
    cai: PageClient, cast: Cast
) -> None:
    subject = (member_subject(CAI),)
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=subject, on=On.client(BAKER), level=Level.EDITOR))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.EDITOR))
    address = sent(cai, cast, b"Client reference,Client name\nB-01,Bakers\n")
    press(cai, address, "columns")
    was = heading(cai.get(address))
    assert was != ANEW
    do(cast.firm, RemoveGrant(to=subject, on=On.client(BAKER)))
    assert heading(cai.get(address)) == ANEW


def test_what_others_gained_or_lost_has_no_list_checked_again(cai: PageClient, cast: Cast) -> None:
    do(cast.firm, TurnOn())
    address = sent(cai, cast, b"Client reference,Client name\nN-01,Northern Pots\n")
    was = heading(press(cai, address, "columns"))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.EDITOR))
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    assert heading(cai.get(address)) == was != ANEW


def test_nothing_is_checked_again_before_yes(cai: PageClient, cast: Cast) -> None:
    address = sent(cai, cast, b"Client reference,Client name\nN-01,Northern Pots\n")
    page = press(cai, address, "columns")
    answer = cai.post(address, {"go": "check", "turn": value(page, "turn")})
    assert errors(answer) == [("Select yes if you want to check the list again", "#answer")]
