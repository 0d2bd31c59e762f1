"""The team members of a group: added and taken out, with who gains and who loses said first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.core.commands.definitions import ChangeMember, DeactivateMember, DeleteGroup, RemoveFromGroup
from ringfence.core.terms import EVERYONE
from ringfence.firms.models import LedgerEntry
from tests.web.cast import CAI, DILYS, ENID, OWEN, VAT_GROUP, Cast, do, grouped
from tests.web.journeys.groups.changing import at, members, said_yes, tick
from tests.web.reading import errors, link, names, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

ADD, TAKE_OUT = "group-add-members", "group-remove-members"


@pytest.fixture
def firm(cast: Cast) -> Cast:
    """Fortune 500's VAT in a group with Cai."""
    grouped(cast.firm)
    return cast


def test_who_is_in_the_group_already_is_marked_and_has_no_box(firm: Cast, owen: PageClient) -> None:
    marked = [name for name in names(owen.get(at(firm, ADD))) if "Already in this access group" in name]
    assert marked == ["Cai Already in this access group"]


def test_adding_says_what_they_will_be_able_to_open(firm: Cast, owen: PageClient) -> None:
    tick(owen, at(firm, ADD), DILYS)
    shown = text(owen.get(at(firm, f"{ADD}-check")))
    assert "Who gains access Dilys: Fortune 500 (VAT)" in shown
    assert "Do you want to add Dilys?" in shown
    response = said_yes(owen, at(firm, f"{ADD}-check"))
    assert "Dilys was added to VAT team." in text(response)
    assert members(firm) == {CAI, DILYS}


def test_adding_oneself_is_said_to_be_that(firm: Cast, owen: PageClient) -> None:
    tick(owen, at(firm, ADD), OWEN)
    shown = text(owen.get(at(firm, f"{ADD}-check")))
    assert (
        "By this you let yourself in to clients that you could not open before, or could do less with."
        in shown
    )
    said_yes(owen, at(firm, f"{ADD}-check"))
    assert LedgerEntry.objects.order_by("-number")[0].self_access


def test_who_was_ticked_since_the_check_is_not_added_unseen(firm: Cast, owen: PageClient) -> None:
    tick(owen, at(firm, ADD), DILYS)
    page = owen.get(at(firm, f"{ADD}-check"))
    form = {"answer": "yes", "version": value(page, "version"), "agreed": value(page, "agreed")}
    tick(owen, at(firm, ADD), ENID)
    told = "You have chosen something else since you saw this: look at the numbers again"
    assert errors(owen.post(at(firm, f"{ADD}-check"), form)) == [(told, "#answer")]
    assert members(firm) == {CAI}


def test_several_are_added_at_once(firm: Cast, owen: PageClient) -> None:
    tick(owen, at(firm, ADD), DILYS, ENID)
    assert "2 team members were added to VAT team." in text(said_yes(owen, at(firm, f"{ADD}-check")))


def test_taking_the_last_one_out_says_that_the_clients_stay_closed(firm: Cast, owen: PageClient) -> None:
    address = link(owen.get(at(firm, "group-members")), "Take out: Cai")
    shown = text(owen.get(address))
    assert "Who loses access Cai: Fortune 500 (VAT)" in shown
    assert "After this no active team member is in the access group. Its 1 client stays closed" in shown
    response = said_yes(owen, at(firm, f"{TAKE_OUT}-check"), only=CAI)
    assert "Cai was taken out of VAT team." in text(response)
    assert members(firm) == set()


def test_many_are_taken_out_with_ticks(firm: Cast, owen: PageClient) -> None:
    tick(owen, at(firm, ADD), DILYS)
    said_yes(owen, at(firm, f"{ADD}-check"))
    tick(owen, at(firm, TAKE_OUT), CAI, DILYS)
    assert "2 team members were taken out of VAT team." in text(said_yes(owen, at(firm, f"{TAKE_OUT}-check")))


def test_one_who_was_taken_out_by_another_meanwhile_is_no_longer_asked_about(
    firm: Cast, owen: PageClient
) -> None:
    do(firm.firm, RemoveFromGroup(group=VAT_GROUP, members=frozenset({CAI})))
    assert owen.get(at(firm, f"{TAKE_OUT}-check"), {"only": CAI})["Location"] == at(firm, "group-members")


def test_who_says_yes_to_what_another_has_done_is_told_so(firm: Cast, owen: PageClient) -> None:
    check = at(firm, f"{TAKE_OUT}-check")
    form = {"answer": "yes", "version": value(owen.get(check, {"only": CAI}), "version"), "only": CAI}
    do(firm.firm, RemoveFromGroup(group=VAT_GROUP, members=frozenset({CAI})))
    assert "Somebody else has done this meanwhile" in text(owen.post(check, form, follow=True))


def test_who_says_yes_twice_is_not_told_of_another(firm: Cast, owen: PageClient) -> None:
    check = at(firm, f"{TAKE_OUT}-check")
    form = {"answer": "yes", "version": value(owen.get(check, {"only": CAI}), "version"), "only": CAI}
    owen.post(check, form)
    assert "Somebody else" not in text(owen.post(check, form, follow=True))


def test_an_inactive_member_and_one_who_uses_no_records_are_marked(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, ChangeMember(member=CAI, access=False))
    assert names(owen.get(at(firm, "group-members"))) == ["Cai Uses no client records"]
    do(firm.firm, DeactivateMember(member=CAI))
    assert names(owen.get(at(firm, "group-members"))) == ["Cai Inactive"]


def test_a_name_leads_to_all_that_the_person_reaches(firm: Cast, owen: PageClient) -> None:
    assert link(owen.get(at(firm, "group-members")), "Cai") == reverse("member", args=[firm.firm, CAI])


def test_the_history_of_a_group_has_who_did_what_to_it(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, RemoveFromGroup(group=VAT_GROUP, members=frozenset({CAI})), member=OWEN)
    first, *rest = rows(owen.get(at(firm, "group-history")))
    assert first[1].startswith("Team members removed from an access group")
    assert first[2] == "Owen"
    assert len(rest) == 1


def test_nobody_changes_who_is_in_everyone(firm: Cast, owen: PageClient) -> None:
    for route in (ADD, TAKE_OUT, f"{ADD}-check", f"{TAKE_OUT}-check"):
        assert owen.get(at(firm, route, EVERYONE)).status_code == 404
    assert {row[3] for row in rows(owen.get(at(firm, "group-members", EVERYONE)))} == {""}


def test_a_group_deleted_meanwhile_is_not_found(firm: Cast, owen: PageClient) -> None:
    version = value(owen.get(at(firm, f"{TAKE_OUT}-check"), {"only": CAI}), "version")
    do(firm.firm, DeleteGroup(group=VAT_GROUP))
    form = {"only": CAI, "version": version, "answer": "yes"}
    assert owen.post(at(firm, f"{TAKE_OUT}-check"), form).status_code == 404


def test_at_least_one_is_needed(firm: Cast, owen: PageClient) -> None:
    response = tick(owen, at(firm, ADD))
    assert errors(response) == [("Select at least one team member to continue", "#choices")]
