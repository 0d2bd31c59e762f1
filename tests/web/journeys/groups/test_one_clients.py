"""The clients of a group: added, taken out, put back, each with what that does said first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    AddToGroup,
    ChangeClient,
    CreateGroup,
    ExcludeClients,
    On,
    RemoveGrant,
    SetGrant,
    TurnOff,
    TurnOn,
)
from ringfence.core.terms import EVERYONE, Instant, Level, Target, group_subject, member_subject
from ringfence.firms.models import Draft, LedgerEntry
from tests.web.cast import (
    BAKER,
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    FORTUNE_VAT,
    OWEN,
    VAT,
    VAT_GROUP,
    Cast,
    add_clients,
    do,
    grouped,
    make_cast,
)
from tests.web.journeys.groups.changing import EDITORS, at, by_service, held, said_yes, tick
from tests.web.reading import checked, errors, heading, link, names, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

BAKER_VAT = 3
ADD, TAKE_OUT, PUT_BACK = "group-add-clients", "group-remove-clients", "group-put-back"
END = "group-remove-blocks"


@pytest.fixture
def firm(cast: Cast) -> Cast:
    """Fortune 500's VAT in a group with Cai."""
    grouped(cast.firm)
    return cast


@pytest.fixture
def serving(cast: Cast) -> Cast:
    """All VAT clients in a group with Cai."""
    by_service(cast)
    return cast


# --- Adding


def test_what_is_in_the_group_already_is_marked_and_has_no_box(firm: Cast, owen: PageClient) -> None:
    response = owen.get(at(firm, ADD), {"search": "fortune"})
    assert heading(response) == "Select the clients to add"
    assert any("Already in this access group" in name for name in names(response))
    tick(owen, at(firm, ADD), FORTUNE_VAT)
    assert checked(owen.get(at(firm, ADD))) == []


def test_adding_says_who_gains_and_who_loses_before_it_is_done(firm: Cast, owen: PageClient) -> None:
    assert tick(owen, at(firm, ADD), BAKER_VAT)["Location"] == at(firm, f"{ADD}-check")
    shown = text(owen.get(at(firm, f"{ADD}-check")))
    for part in ("1 service of 1 client Baker & Sons: VAT", "Dilys: Baker & Sons", "client becomes closed 1"):
        assert part in shown
    assert BAKER_VAT not in held(firm).engagements[EDITORS]


def test_yes_adds_at_the_level_of_the_group_and_forgets_the_choice(firm: Cast, owen: PageClient) -> None:
    tick(owen, at(firm, ADD), BAKER_VAT)
    response = said_yes(owen, at(firm, f"{ADD}-check"))
    assert "Added to VAT team: 1 service of 1 client." in text(response)
    assert set(held(firm).engagements[EDITORS]) == {FORTUNE_VAT, BAKER_VAT}
    assert not Draft.objects.exists()


def test_what_is_added_ends_when_most_of_the_group_ends(firm: Cast, owen: PageClient) -> None:
    until = Instant(4_102_444_800_000_000)
    subject = group_subject(VAT_GROUP)
    do(firm.firm, SetGrant(to=(subject,), on=On.engagement(FORTUNE_VAT), level=Level.EDITOR, expires=until))
    tick(owen, at(firm, ADD), BAKER_VAT)
    assert "What is added gets: until the end of 31 December 2099." in text(
        owen.get(at(firm, f"{ADD}-check"))
    )
    said_yes(owen, at(firm, f"{ADD}-check"))
    assert set(held(firm).expires.values()) == {until}
    assert len(held(firm).expires) == 2


def test_another_end_is_chosen_for_what_is_added(firm: Cast, owen: PageClient) -> None:
    tick(owen, at(firm, ADD), BAKER_VAT)
    terms = link(owen.get(at(firm, f"{ADD}-check")), "Change until when")
    form = {"until-day": "31", "until-month": "12", "until-year": "2099"}
    assert owen.post(terms, form)["Location"] == at(firm, f"{ADD}-check")
    said_yes(owen, at(firm, f"{ADD}-check"))
    assert held(firm).expires == {Target("engagement", BAKER_VAT): Instant(4_102_444_800_000_000)}


def test_the_level_of_what_is_added_is_chosen_where_the_firm_shows_four(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("planning")
    owen = signed_in(cast, "Owen")
    on = On.client(FORTUNE)
    do(cast.firm, CreateGroup(name="Team A", members=frozenset({CAI}), on=on, level=Level.READER))
    tick(owen, at(cast, ADD), BAKER)
    assert "What is added gets: Reader (can view)." in text(owen.get(at(cast, f"{ADD}-check")))
    terms = at(cast, f"{ADD}-terms")
    assert errors(owen.post(terms, {"level": "blocked"})) == [("Select what they may do", "#level")]
    owen.post(terms, {"level": "owner"})
    said_yes(owen, at(cast, f"{ADD}-check"))
    assert set(held(cast).clients[Level.OWNER - 1]) == {BAKER}
    assert set(held(cast).clients[Level.READER - 1]) == {FORTUNE}


def test_all_that_match_are_added_at_once(firm: Cast, owen: PageClient) -> None:
    add_clients(firm.firm, 120)
    tick(owen, at(firm, ADD), go="all", shown_search="client 0")
    tick(owen, at(firm, ADD))
    assert "Added to VAT team: 120 services of 120 clients." in text(said_yes(owen, at(firm, f"{ADD}-check")))


def test_the_administrator_is_told_that_they_let_themselves_in(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, AddToGroup(group=VAT_GROUP, members=frozenset({OWEN})))
    closed = CreateGroup(name="Others", members=frozenset({DILYS}), on=On.engagement(BAKER_VAT))
    do(firm.firm, closed)
    tick(owen, at(firm, ADD), BAKER_VAT)
    assert "By this you let yourself in" in text(owen.get(at(firm, f"{ADD}-check")))
    said_yes(owen, at(firm, f"{ADD}-check"))
    assert LedgerEntry.objects.order_by("-number")[0].self_access


def test_what_the_group_blocks_is_not_offered(firm: Cast, owen: PageClient) -> None:
    do(
        firm.firm,
        SetGrant(to=(group_subject(VAT_GROUP),), on=On.engagement(BAKER_VAT), level=Level.BLOCKED),
    )
    response = owen.get(at(firm, ADD))
    assert "Those that this access group blocks are not listed." in text(response)
    assert not any(name.startswith("Baker") for name in names(response))


@pytest.mark.parametrize("number", ["4711", "0", "-1", "x", "99999999999"])
def test_numbers_that_are_not_the_firms_choose_nothing(number: str, firm: Cast, owen: PageClient) -> None:
    response = owen.post(at(firm, ADD), {"go": "continue", "shown": [number], "tick": [number]})
    assert errors(response) == [("Select at least one client to continue", "#choices")]


def test_where_whole_clients_are_chosen_a_group_gets_them_with_all_services(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("kyc")
    owen = signed_in(cast, "Owen")
    do(cast.firm, CreateGroup(name="Team", members=frozenset({CAI})))
    tick(owen, at(cast, ADD), FORTUNE)
    said_yes(owen, at(cast, f"{ADD}-check"))
    assert set(held(cast).clients[EDITORS]) == {FORTUNE}
    assert names(owen.get(at(cast))) == ["Fortune 500"]


# --- Taking out


def test_taking_one_out_says_that_it_opens_to_everybody(firm: Cast, owen: PageClient) -> None:
    page = owen.get(at(firm))
    assert link(page, "Take out: Fortune 500") == f"{at(firm, f'{TAKE_OUT}-check')}?only={FORTUNE}"
    shown = text(owen.get(link(page, "Take out: Fortune 500")))
    assert "Fortune 500 (VAT): will be open to everybody" in shown
    assert "client becomes open to everybody 1" in shown
    assert "After this the access group gives its team members nothing until clients are added." in shown


def test_taking_one_out_that_others_hold_says_for_whom_it_is_still(firm: Cast, owen: PageClient) -> None:
    others = CreateGroup(name="Others", members=frozenset({DILYS}), on=On.engagement(FORTUNE_VAT))
    do(firm.firm, others)
    do(firm.firm, SetGrant(to=(member_subject(OWEN),), on=On.client(FORTUNE), level=Level.EDITOR))
    shown = text(owen.get(at(firm, f"{TAKE_OUT}-check"), {"only": FORTUNE}))
    assert "will be closed to this access group, and still open to Others, Owen" in shown
    assert "Cai: Fortune 500 (VAT)" in shown


def test_taking_a_confidential_one_out_says_that_nobody_has_it(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, ChangeClient(client=FORTUNE, confidential=True))
    shown = text(owen.get(at(firm, f"{TAKE_OUT}-check"), {"only": FORTUNE}))
    assert "will be closed: no other access group and no single team member was given it" in shown


def test_yes_takes_it_out_and_a_second_click_does_nothing_more(firm: Cast, owen: PageClient) -> None:
    address = at(firm, f"{TAKE_OUT}-check")
    version = value(owen.get(address, {"only": FORTUNE}), "version")
    form = {"only": FORTUNE, "version": version, "answer": "yes"}
    assert "Taken out of VAT team: 1 service of 1 client." in text(owen.post(address, form, follow=True))
    assert owen.post(address, form)["Location"] == at(firm)
    assert LedgerEntry.objects.filter(command="grant.remove").count() == 1
    assert held(firm).empty


def test_many_are_taken_out_with_ticks(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, SetGrant(to=(group_subject(VAT_GROUP),), on=On.engagement(BAKER_VAT), level=Level.EDITOR))
    assert len(names(owen.get(at(firm, TAKE_OUT)))) == 2
    tick(owen, at(firm, TAKE_OUT), FORTUNE_VAT, BAKER_VAT)
    said_yes(owen, at(firm, f"{TAKE_OUT}-check"))
    assert held(firm).empty


def test_no_leads_back_and_keeps_the_ticks(firm: Cast, owen: PageClient) -> None:
    tick(owen, at(firm, TAKE_OUT), FORTUNE_VAT)
    response = owen.post(at(firm, f"{TAKE_OUT}-check"), {"answer": "no"})
    assert response["Location"] == at(firm, TAKE_OUT)
    assert str(FORTUNE_VAT) in checked(owen.get(at(firm, TAKE_OUT)))


def test_an_answer_to_old_numbers_is_asked_again_and_overwrites_nothing(firm: Cast, owen: PageClient) -> None:
    address = at(firm, f"{TAKE_OUT}-check")
    version = value(owen.get(address, {"only": FORTUNE}), "version")
    do(firm.firm, AddToGroup(group=VAT_GROUP, members=frozenset({DILYS})), member=OWEN)
    response = owen.post(address, {"only": FORTUNE, "version": version, "answer": "yes"})
    assert "Team members added to an access group (Owen)" in text(response)
    assert errors(response)[0][0].startswith("Something was changed in the firm")
    assert FORTUNE_VAT in held(firm).engagements[EDITORS]


def test_a_change_between_the_look_and_the_saving_is_not_overwritten_either(
    firm: Cast, owen: PageClient
) -> None:
    address = at(firm, f"{TAKE_OUT}-check")
    version = value(owen.get(address, {"only": FORTUNE}), "version")
    do(firm.firm, AddToGroup(group=VAT_GROUP, members=frozenset({DILYS})), member=OWEN)
    with patch("ringfence.web.previews.confirm.overtaken", return_value=False):
        response = owen.post(address, {"only": FORTUNE, "version": version, "answer": "yes"})
    assert errors(response)[0][0].startswith("Something was changed in the firm")
    assert FORTUNE_VAT in held(firm).engagements[EDITORS]


def test_what_is_no_longer_there_is_left_out_and_that_is_said(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, SetGrant(to=(group_subject(VAT_GROUP),), on=On.engagement(BAKER_VAT), level=Level.EDITOR))
    tick(owen, at(firm, TAKE_OUT), FORTUNE_VAT, BAKER_VAT)
    do(firm.firm, RemoveGrant(to=(group_subject(VAT_GROUP),), on=On.engagement(BAKER_VAT)))
    told = "1 that you had selected was changed meanwhile, and is left out."
    assert told in text(owen.get(at(firm, TAKE_OUT)))
    assert told in text(owen.get(at(firm, f"{TAKE_OUT}-check")))


def test_what_has_expired_is_added_anew(firm: Cast, owen: PageClient) -> None:
    soon = Instant(firm_state(firm.firm).now + 1_000_000)
    team = (group_subject(VAT_GROUP),)
    do(firm.firm, SetGrant(to=team, on=On.engagement(FORTUNE_VAT), level=Level.EDITOR, expires=soon))
    do(firm.firm, SetGrant(to=team, on=On(all=True), level=Level.EDITOR, expires=soon))
    with patch("ringfence.access.clock.clock", return_value=Instant(soon + 1)):
        assert names(owen.get(at(firm))) == ["Fortune 500"]
        tick(owen, at(firm, ADD), FORTUNE_VAT)
        said_yes(owen, at(firm, f"{ADD}-check"))
    assert Target("engagement", FORTUNE_VAT) not in held(firm).expires


def test_what_may_not_be_is_refused_with_the_reason_and_no_question(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("planning")
    owen = signed_in(cast, "Owen")
    tick(owen, at(cast, ADD, EVERYONE), FORTUNE)
    response = owen.get(at(cast, f"{ADD}-check", EVERYONE))
    assert errors(response)[0][1] == "#asked"
    assert "Do you want to add" not in text(response)


def test_what_others_took_out_meanwhile_is_no_longer_chosen(firm: Cast, owen: PageClient) -> None:
    tick(owen, at(firm, TAKE_OUT), FORTUNE_VAT)
    do(firm.firm, RemoveGrant(to=(group_subject(VAT_GROUP),), on=On.engagement(FORTUNE_VAT)))
    assert owen.get(at(firm, f"{TAKE_OUT}-check"))["Location"] == at(firm, TAKE_OUT)


def test_a_client_that_was_put_in_whole_and_by_a_service_is_taken_out_of_both(
    serving: Cast, owen: PageClient
) -> None:
    do(serving.firm, SetGrant(to=(group_subject(VAT_GROUP),), on=On.client(FORTUNE), level=Level.EDITOR))
    assert "taken out with all its services" in text(owen.get(at(serving, TAKE_OUT)))
    said_yes(owen, at(serving, f"{TAKE_OUT}-check"), only=FORTUNE)
    left = firm_state(serving.firm).held_by_group(VAT_GROUP)
    assert not {FORTUNE_VAT, FORTUNE_INCOME_TAX} & set(left)
    assert LedgerEntry.objects.filter(command="grant.remove").count() == 1


def test_an_expired_client_is_marked_and_can_be_taken_out(firm: Cast, owen: PageClient) -> None:
    soon = Instant(firm_state(firm.firm).now + 1_000_000)
    subject = group_subject(VAT_GROUP)
    do(firm.firm, SetGrant(to=(subject,), on=On.engagement(FORTUNE_VAT), level=Level.EDITOR, expires=soon))
    with patch("ringfence.access.clock.clock", return_value=Instant(soon + 1)):
        assert "VAT ending in 6789 Has expired" in rows(owen.get(at(firm)))[0][2]
        said_yes(owen, at(firm, f"{TAKE_OUT}-check"), only=FORTUNE)
    assert held(firm).empty


# --- A group that takes a whole service


def test_taking_out_of_a_service_leaves_it_out_from_now_on(serving: Cast, owen: PageClient) -> None:
    shown = text(owen.get(at(serving, f"{TAKE_OUT}-check"), {"only": BAKER}))
    assert "Baker & Sons (VAT): will be open to everybody" in shown
    said_yes(owen, at(serving, f"{TAKE_OUT}-check"), only=BAKER)
    assert set(held(serving).excluded[VAT]) == {BAKER}
    response = owen.get(at(serving))
    assert "Showing all 3 clients, 1 of them removed" in text(response)
    listed = {row[0]: row[2:] for row in rows(response)}
    assert listed["Baker & Sons"] == ["VAT GB 987 6543 21 Removed", "Put back: Baker & Sons"]


def test_removed_clients_are_listed_with_who_can_open_them_and_put_back(
    serving: Cast, owen: PageClient
) -> None:
    do(serving.firm, ExcludeClients(group=VAT_GROUP, service=VAT, clients=On.client(FORTUNE, BAKER).clients))
    do(serving.firm, CreateGroup(name="Others", members=frozenset({DILYS}), on=On.client(FORTUNE)))
    listed = {row[0]: row[3] for row in rows(owen.get(at(serving, "group-removed-clients")))}
    assert listed == {
        "Baker & Sons": "Everybody who uses client records",
        "Fortune 500": "Other access groups that it is in",
    }
    searched = owen.get(at(serving, "group-removed-clients"), {"search": "fortune"})
    assert names(searched) == ["Fortune 500"]
    tick(owen, at(serving, PUT_BACK), BAKER_VAT)
    response = said_yes(owen, at(serving, f"{PUT_BACK}-check"))
    assert "Put back into VAT team: 1 service of 1 client." in text(response)
    assert set(held(serving).excluded[VAT]) == {FORTUNE}


def test_adding_what_was_removed_from_a_service_puts_it_back(serving: Cast, owen: PageClient) -> None:
    do(serving.firm, ExcludeClients(group=VAT_GROUP, service=VAT, clients=On.client(BAKER).clients))
    tick(owen, at(serving, ADD), BAKER_VAT, FORTUNE_INCOME_TAX)
    said_yes(owen, at(serving, f"{ADD}-check"))
    assert not held(serving).excluded.get(VAT)
    assert set(held(serving).engagements[EDITORS]) == {FORTUNE_INCOME_TAX}


def test_a_group_for_all_clients_says_that_none_can_be_taken_out(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, SetGrant(to=(group_subject(VAT_GROUP),), on=On(all=True), level=Level.EDITOR))
    response = owen.get(at(firm))
    assert "cannot be taken out one by one while the access group is for all clients" in text(response)
    assert {row[0]: row[3] for row in rows(response)}["Baker & Sons"] == ""


# --- Blocks


def test_a_group_that_only_blocks_shows_what_it_blocks(cast: Cast, owen: PageClient) -> None:
    do(
        cast.firm,
        CreateGroup(name="Kept out", members=frozenset({CAI}), on=On.client(FORTUNE), level=Level.BLOCKED),
    )
    do(cast.firm, TurnOn())
    listed = rows(owen.get(reverse("groups", args=[cast.firm])))
    assert listed[0][2] == "blocks 1"
    assert "It only blocks" in listed[0][0]
    response = owen.get(at(cast), follow=True)
    assert names(response) == ["Fortune 500"]
    assert "1 blocked client" in text(response)
    assert "0 clients" not in text(response)


@pytest.mark.parametrize("on", [On.client(FORTUNE), On.engagement(FORTUNE_VAT), On.service(VAT)])
def test_a_block_on_one_client_is_ended_with_who_gains_said_first(
    on: On, firm: Cast, owen: PageClient
) -> None:
    do(firm.firm, SetGrant(to=(group_subject(VAT_GROUP),), on=On(all=True), level=Level.EDITOR))
    do(firm.firm, SetGrant(to=(group_subject(VAT_GROUP),), on=on, level=Level.BLOCKED))
    address = link(owen.get(at(firm, "group-blocked")), "End block: Fortune 500")
    assert "Cai: Fortune 500" in text(owen.get(address))
    response = said_yes(owen, at(firm, f"{END}-check"), only=FORTUNE)
    assert "No longer blocked by VAT team:" in text(response)
    assert FORTUNE_VAT not in firm_state(firm.firm).blocked_by_group(VAT_GROUP)


def test_blocks_are_ended_with_ticks_and_one_on_all_clients_stays(firm: Cast, owen: PageClient) -> None:
    team = (group_subject(VAT_GROUP),)
    do(firm.firm, SetGrant(to=team, on=On.client(BAKER), level=Level.BLOCKED))
    do(firm.firm, SetGrant(to=team, on=On(all=True), level=Level.BLOCKED))
    assert names(owen.get(at(firm, END))) == ["Baker & Sons"]
    tick(owen, at(firm, END), BAKER_VAT)
    tick(owen, at(firm, END), BAKER)
    assert "still blocks all clients of the firm" in text(owen.get(at(firm, f"{END}-check")))
    said_yes(owen, at(firm, f"{END}-check"))
    assert not any(held(firm).clients)
    assert held(firm).all is Level.BLOCKED


# --- Who may


@pytest.mark.parametrize("route", [ADD, TAKE_OUT, PUT_BACK, END])
def test_an_auditor_changes_nothing(route: str, firm: Cast, ada: PageClient) -> None:
    assert ada.get(at(firm, route)).status_code == 403
    assert "Take out" not in text(ada.get(at(firm)))


def test_clients_of_everyone_are_added_and_taken_out_too(firm: Cast, owen: PageClient) -> None:
    tick(owen, at(firm, ADD, EVERYONE), FORTUNE_VAT)
    said_yes(owen, at(firm, f"{ADD}-check", EVERYONE))
    assert set(held(firm, EVERYONE).engagements[EDITORS]) == {FORTUNE_VAT}


def test_while_control_is_off_the_check_says_what_comes_once_it_is_on(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, TurnOff())
    shown = text(owen.get(at(firm, f"{TAKE_OUT}-check"), {"only": FORTUNE}))
    assert "Nobody’s access changes yet." in shown
    assert "Once you turn on access groups" in shown
