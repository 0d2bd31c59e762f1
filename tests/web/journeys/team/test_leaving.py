"""A member leaves: what they reach, who takes over what; and what counts again when they return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ringfence.access import firm_state, verify
from ringfence.core.commands.definitions import (
    AddMember,
    ChangeSettings,
    DeactivateMember,
    On,
    OpenRequest,
    RaiseWall,
    SetDelegation,
    SetGrant,
)
from ringfence.core.terms import Level, Role, Target, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import Draft, LedgerEntry
from tests.web.cast import ADA, BAKER, CAI, DILYS, FORTUNE, OWEN, WELSH, Cast, do, grouped
from tests.web.reading import errors, heading, link, names, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def at(cast: Cast, route: str, *args: object, member: int = CAI) -> str:
    return reverse(route, args=[cast.firm, member, *args])


def checked_at(cast: Cast, to: object, member: int = CAI) -> str:
    return f"{at(cast, 'deactivate-check', member=member)}?to={to}"


def answer(client: PageClient, address: str, said: str = "yes") -> Any:
    """Answer the question at the address as somebody who has read it."""
    page = client.get(address)
    form = {"answer": said, "version": value(page, "version"), "agreed": value(page, "agreed")}
    return client.post(address, form, follow=True)


def give(cast: Cast, on: On, *, member: int = CAI, level: Level = Level.EDITOR) -> None:
    do(cast.firm, SetGrant(to=(member_subject(member),), on=on, level=level))


def held(cast: Cast, client: int, member: int = CAI) -> Level:
    return firm_state(cast.firm).grants_of(member_subject(member)).level_on(Target("client", client))


def active(cast: Cast, member: int = CAI) -> bool:
    return firm_state(cast.firm).members[member].active


@pytest.fixture
def firm(cast: Cast) -> Cast:
    grouped(cast.firm)
    return cast


# --- What it means


def test_the_first_page_says_what_they_reach_and_what_ends(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER))
    do(firm.firm, ChangeSettings(values={"requests": True, "delegation": True, "inaccessible": "named"}))
    do(firm.firm, SetDelegation(delegator=CAI, delegate=DILYS))
    give(firm, On.client(WELSH), member=DILYS)
    do(firm.firm, OpenRequest(client=WELSH, reason="Holiday cover"), member=CAI)
    response = owen.get(at(firm, "deactivate-member"))
    shown = text(response)
    assert heading(response) == "Deactivate Cai"
    assert "Clients they can open 5 of the firm’s 6 clients" in shown
    assert "Given to this person alone 1 client" in shown
    assert "They stay in 1 access group, and it lets them in no more." in shown
    assert "1 colleague reaches clients through them, and no longer does." in shown
    assert "1 open request is withdrawn." in shown
    assert "Their place here ends at once" in shown
    assert active(firm)


def test_what_only_they_reach_is_listed_and_taken_out_as_a_file(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER))
    shown = owen.get(at(firm, "deactivate-member"))
    assert "Clients that nobody can open without them 1 client" in text(shown)
    only = owen.get(link(shown, "See which: Clients that nobody can open without them"))
    assert heading(only) == "Clients that nobody can open without Cai"
    assert names(only) == ["Baker & Sons"]
    taken = owen.get(link(only, "Take this list out as CSV")).content.decode()
    assert "Baker & Sons" in taken
    assert "Fortune" not in taken
    whole = owen.get(link(shown, "See them, or take the list out as a file: Clients they can open"))
    assert "Fortune" in owen.get(link(whole, "Take this list out as CSV")).content.decode()


def test_who_was_given_nothing_is_asked_nothing(firm: Cast, owen: PageClient) -> None:
    response = owen.get(at(firm, "deactivate-member", member=DILYS))
    assert link(response, "Continue") == checked_at(firm, "nobody", DILYS)
    assert "Choose otherwise who takes over" not in text(owen.get(checked_at(firm, "nobody", DILYS)))


def test_who_takes_over_has_to_be_chosen(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER))
    response = owen.post(at(firm, "deactivate-member"), {})
    assert errors(response) == [("Select who takes over", "#taker")]


@pytest.mark.parametrize(
    ("taker", "asked"),
    [
        ("one", "Who takes over from Cai?"),
        ("each", "Who takes over some of the clients?"),
        ("nobody", "Check before you deactivate Cai"),
    ],
)
def test_each_answer_leads_to_its_own_page(taker: str, asked: str, firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER, WELSH))
    response = owen.post(at(firm, "deactivate-member"), {"taker": taker}, follow=True)
    assert heading(response) == asked


# --- Nobody, or one colleague


def test_deactivating_says_what_is_lost_and_what_stays(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER))
    shown = text(owen.get(checked_at(firm, "nobody")))
    assert "Their own access to 1 client stays with them and lets nobody in." in shown
    assert "team member loses access" in shown
    # Baker & Sons was Cai's alone; Fortune 500's VAT too, but the rest of it is open to all.
    assert "Clients that nobody could open any more Baker & Sons" in shown
    done = answer(owen, checked_at(firm, "nobody"))
    assert "Cai is deactivated." in text(done)
    assert not active(firm)


def test_no_deactivates_nobody(firm: Cast, owen: PageClient) -> None:
    answer(owen, checked_at(firm, "nobody"), "no")
    assert active(firm)


def test_a_colleague_takes_over_what_was_the_members_own(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER))
    choice = owen.get(at(firm, "choose-successor"))
    assert names(choice) == ["Dilys", "Owen"]
    address = link(choice, "Dilys")
    shown = text(owen.get(address))
    assert "Who takes over 1 colleague Dilys: 1 client" in shown
    assert "Clients that nobody could open any more" not in shown
    answer(owen, address)
    assert held(firm, BAKER, DILYS) is Level.EDITOR
    assert not active(firm)


@pytest.mark.parametrize("to", [ADA, CAI, 999, "", "x", "each"])
def test_who_cannot_take_over_leads_back_to_the_question(to: object, firm: Cast, owen: PageClient) -> None:
    response = owen.get(checked_at(firm, to), follow=True)
    assert heading(response) == "Deactivate Cai"


def test_their_session_is_over_at_once(firm: Cast, owen: PageClient, cai: PageClient) -> None:
    assert cai.get(reverse("clients", args=[firm.firm])).status_code == 200
    answer(owen, checked_at(firm, "nobody"))
    assert cai.get(reverse("clients", args=[firm.firm])).status_code in (302, 404)


def test_delegations_are_kept_unless_they_are_to_end_for_good(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, ChangeSettings(values={"delegation": True}))
    do(firm.firm, SetDelegation(delegator=CAI, delegate=DILYS))
    do(firm.firm, SetDelegation(delegator=DILYS, delegate=CAI))
    assert "End 2 delegations for good" in text(owen.get(at(firm, "deactivate-member")))
    assert "end for good" not in text(owen.get(checked_at(firm, "nobody")))
    owen.post(at(firm, "deactivate-member"), {"taker": "nobody", "end_delegations": "yes"})
    assert "2 delegations from or to them end for good." in text(owen.get(checked_at(firm, "nobody")))
    owen.post(at(firm, "deactivate-member"), {"taker": "nobody"})
    assert "end for good" not in text(owen.get(checked_at(firm, "nobody")))
    owen.post(at(firm, "deactivate-member"), {"taker": "nobody", "end_delegations": "yes"})
    answer(owen, checked_at(firm, "nobody"))
    assert not firm_state(firm.firm).delegations
    assert not active(firm)


# --- Several colleagues


def share(client: PageClient, cast: Cast, heir: int, *clients: int) -> Any:
    """Tick clients for a colleague and go on."""
    ticks = [str(number) for number in clients]
    form = {"shown": ticks, "tick": ticks, "go": "continue"}
    return client.post(at(cast, "heir-clients", heir), form, follow=True)


def test_each_client_goes_to_the_colleague_chosen_for_it_in_one_change(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER, WELSH))
    give(firm, On.client(FORTUNE), level=Level.OWNER)
    chosen = share(owen, firm, DILYS, BAKER)
    assert heading(chosen) == "Who takes over what"
    assert "Dilys 1 client" in text(chosen)
    assert "2 clients go to nobody yet." in text(chosen)
    assert names(owen.get(at(firm, "heir-clients", OWEN))) == ["Fortune 500", "Llŷr Ŵyn Cyfyngedig"]
    share(owen, firm, OWEN, FORTUNE)
    entries = LedgerEntry.objects.filter(firm=firm.firm).count()
    shown = text(owen.get(checked_at(firm, "each")))
    assert "Dilys: 1 client" in shown
    assert "Owen: 1 client" in shown
    assert "Their own access to 1 client stays with them" in shown
    answer(owen, checked_at(firm, "each"))
    assert (held(firm, BAKER, DILYS), held(firm, FORTUNE, OWEN)) == (Level.EDITOR, Level.OWNER)
    assert (held(firm, BAKER), held(firm, FORTUNE), held(firm, WELSH)) == (
        Level.NONE,
        Level.NONE,
        Level.EDITOR,
    )
    assert not active(firm)
    assert LedgerEntry.objects.filter(firm=firm.firm).count() == entries + 1
    assert not Draft.objects.filter(firm=firm.firm).exists()
    assert verify(firm.firm).problems == ()


def test_a_client_that_was_chosen_for_one_is_not_given_to_two(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER, WELSH))
    share(owen, firm, DILYS, BAKER)
    share(owen, firm, OWEN, BAKER, WELSH)
    shown = text(owen.get(at(firm, "share-out")))
    assert "Dilys 1 client" in shown
    assert "Owen 1 client" in shown


def test_a_choice_is_taken_back(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER, WELSH))
    share(owen, firm, DILYS, BAKER)
    response = owen.post(at(firm, "heir-clients", DILYS), {"go": "instead"}, follow=True)
    assert heading(response) == "Who takes over some of the clients?"


def test_what_is_no_colleague_who_can_take_over_has_no_page(firm: Cast, owen: PageClient) -> None:
    for number in (ADA, CAI, 999):
        assert owen.get(at(firm, "heir-clients", number)).status_code == 404


def test_a_colleague_who_is_blocked_from_a_client_is_not_offered_it(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER, WELSH))
    give(firm, On.client(BAKER), member=DILYS, level=Level.BLOCKED)
    assert names(owen.get(at(firm, "heir-clients", DILYS))) == ["Llŷr Ŵyn Cyfyngedig"]
    shown = text(owen.get(checked_at(firm, DILYS)))
    assert "Dilys: 1 client. They are blocked from these, which stay: 1 client." in shown


# --- What is refused


@pytest.fixture
def owned(firm: Cast) -> Cast:
    """Cai is the only Owner of one client, in a firm that requires one."""
    give(firm, On.client(WELSH), level=Level.OWNER)
    do(firm.firm, ChangeSettings(values={"owner_required": True}))
    return firm


def test_the_last_owner_needs_a_successor(owned: Cast, owen: PageClient) -> None:
    assert "1 client has no other owner: choose somebody" in text(owen.get(at(owned, "deactivate-member")))
    response = owen.get(checked_at(owned, "nobody"))
    assert "name a successor" in errors(response)[0][0]
    assert link(response, "Choose otherwise who takes over") == at(owned, "deactivate-member")
    owen.post(checked_at(owned, "nobody"), {"answer": "yes", "version": firm_state(owned.firm).version})
    assert active(owned)
    answer(owen, checked_at(owned, DILYS))
    assert not active(owned)
    assert held(owned, WELSH, DILYS) is Level.OWNER


def test_sharing_out_says_that_a_client_without_another_owner_lacks_somebody(
    owned: Cast, owen: PageClient
) -> None:
    give(owned, On.client(BAKER))
    shown = text(share(owen, owned, DILYS, BAKER))
    assert "1 client without another owner goes to nobody yet" in shown
    assert "without another owner" not in text(share(owen, owned, DILYS, WELSH))


def test_the_last_owner_is_not_lowered_by_their_permission_either(owned: Cast, owen: PageClient) -> None:
    form = {"name": "Cai", "email": "cai@pike.example", "role": "standard"}
    was = {f"was-{key}": each for key, each in {**form, "access": "yes"}.items()}
    response = owen.post(at(owned, "change-member"), {**form, **was})
    assert response.status_code == 422
    assert firm_state(owned.firm).members[CAI].access


def test_the_last_administrator_is_not_deactivated(firm: Cast, owen: PageClient) -> None:
    response = owen.get(checked_at(firm, "nobody", OWEN))
    assert [said for said, _href in errors(response)] == [
        "This is the last active administrator or principal. Make somebody else an administrator first."
    ]
    assert active(firm, OWEN)


def test_what_a_wall_keeps_from_the_administrator_is_not_theirs_to_hand_over(
    firm: Cast, owen: PageClient
) -> None:
    give(firm, On.client(BAKER))
    do(firm.firm, AddMember(name="Petra", role=Role.ADMINISTRATOR))
    sides = (Side(members=frozenset({OWEN})), Side(clients=frozenset({BAKER})))
    do(firm.firm, RaiseWall(name="Bid", sides=sides))
    share(owen, firm, DILYS, BAKER)
    response = owen.get(checked_at(firm, "each"))
    assert errors(response)
    assert active(firm)


def test_an_auditor_deactivates_nobody(firm: Cast, ada: PageClient) -> None:
    assert ada.get(at(firm, "deactivate-member")).status_code == 403
    assert ada.post(checked_at(firm, "nobody"), {"answer": "yes"}).status_code == 403


# --- Coming back


def test_reactivating_says_what_counts_again(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER))
    do(firm.firm, DeactivateMember(member=CAI))
    shown = text(owen.get(at(firm, "reactivate-member")))
    assert "They are in 1 access group." in shown
    assert "They have access of their own to 1 client." in shown
    assert "team member gains access" in shown
    answer(owen, at(firm, "reactivate-member"))
    assert active(firm)


def test_the_pages_of_leaving_ask_little_of_the_database(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER, WELSH))
    share(owen, firm, DILYS, BAKER)
    for address in (at(firm, "share-out"), checked_at(firm, "each"), checked_at(firm, DILYS)):
        owen.get(address)
        with CaptureQueriesContext(connection) as asked:
            owen.get(address)
        assert len(asked) <= 12


def test_whoever_may_not_go_at_all_is_said_so_on_the_first_page(cast: Cast, owen: PageClient) -> None:
    page = owen.get(at(cast, "deactivate-member", member=OWEN))
    assert page.status_code == 200
    assert "This is the last active administrator or principal." in text(page)
    assert "deactivate/check" not in page.content.decode()


def test_who_reaches_a_client_by_the_leavers_delegation_alone_does_not_count(
    firm: Cast, owen: PageClient
) -> None:
    do(firm.firm, ChangeSettings(values={"delegation": True}))
    give(firm, On.client(WELSH))
    do(firm.firm, SetDelegation(delegator=CAI, delegate=DILYS))
    assert DILYS in firm_state(firm.firm).active_members
    assert WELSH in firm_state(firm.firm).only_seen_by(CAI)
    give(firm, On.client(WELSH), member=DILYS)
    assert WELSH not in firm_state(firm.firm).only_seen_by(CAI)
