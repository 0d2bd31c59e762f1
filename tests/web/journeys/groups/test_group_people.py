"""A group of members alone: a name and who is in it, clients are shared with it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import CreateGroup, On, RemoveGrant, SetGrant, TurnOn
from ringfence.core.terms import EVERYONE, Level, group_subject, member_subject
from tests.web.cast import BAKER, CAI, DILYS, Cast, do, make_cast
from tests.web.reading import heading, link, names, text, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.checks import PageClient


@pytest.fixture
def kyc(db: None) -> Cast:
    cast = make_cast("kyc")
    do(cast.firm, TurnOn())
    return cast


@pytest.fixture
def boss(kyc: Cast, signed_in: Callable[[Cast, str], PageClient]) -> PageClient:
    return signed_in(kyc, "Owen")


def test_a_group_of_users_takes_a_name_and_a_search_for_users(kyc: Cast, boss: PageClient) -> None:
    kinds = boss.get(reverse("create-group", args=[kyc.firm]))
    assert "Group of users" in text(kinds)
    boss.post(reverse("create-group", args=[kyc.firm]), {"kind": "people"})
    asked = boss.post(reverse("create-group-name", args=[kyc.firm]), {"name": "North"}, follow=True)
    assert heading(asked) == "Select users"
    here = reverse("create-group-members", args=[kyc.firm])
    assert names(boss.get(f"{here}?search=dilys"))[0].startswith("Dilys")
    ticks = [str(CAI), str(DILYS)]
    check = boss.post(here, {"shown": ticks, "tick": ticks, "go": "continue"}, follow=True)
    assert heading(check) == "Check your answers"
    assert "Client relationships" not in text(check).split("What this does")[0]
    form = {name: value(check, name) for name in ("version", "token", "agreed")}
    done = boss.post(reverse("create-group-check", args=[kyc.firm]), form, follow=True)
    assert heading(done) == "Group created"
    assert "It opens nothing yet. Share client relationships with it" in text(done)
    now = firm_state(kyc.firm)
    assert set(now.groups[now.last_group]) == {CAI, DILYS}
    assert link(done, "Add client relationships") == reverse(
        "group-add-clients", args=[kyc.firm, now.last_group]
    )


def test_an_agency_is_offered_its_two_kinds_alone(cast: Cast, owen: PageClient) -> None:
    assert "Access group of team members" not in text(owen.get(reverse("create-group", args=[cast.firm])))
    response = owen.post(reverse("create-group", args=[cast.firm]), {"kind": "people"})
    assert response.status_code == 422


def test_deleting_a_group_names_what_its_users_lose(kyc: Cast, boss: PageClient) -> None:

    do(kyc.firm, RemoveGrant(to=(group_subject(EVERYONE),), on=On.client(BAKER)))
    do(kyc.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.OWNER))
    group = CreateGroup(name="North", members=frozenset({CAI}), on=On.client(BAKER), level=Level.EDITOR)
    do(kyc.firm, group)
    number = firm_state(kyc.firm).last_group
    shown = text(boss.get(reverse("delete-group", args=[kyc.firm, number])))
    assert "Who loses access Cai: Baker & Sons" in shown


def test_one_user_is_removed_from_a_group(kyc: Cast, boss: PageClient) -> None:
    do(kyc.firm, CreateGroup(name="North", members=frozenset({CAI, DILYS}), on=On()))
    number = firm_state(kyc.firm).last_group
    listed = boss.get(reverse("group-members", args=[kyc.firm, number]))
    address = link(listed, "Take out: Cai")
    asked = boss.get(address)
    form = {name: value(asked, name) for name in ("version", "agreed", "only")} | {"answer": "yes"}
    boss.post(address, form)
    assert set(firm_state(kyc.firm).groups[number]) == {DILYS}
