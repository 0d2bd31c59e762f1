"""The permissions wizard: for whoever may share clients, many at once, refused whole and with names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import OPERATOR, Batch, entries, firm_state, rehearse, save
from ringfence.core.commands.definitions import (
    AddMember,
    AddService,
    ChangeSettings,
    GrantTo,
    On,
    SetDefaults,
    SetGrant,
)
from ringfence.core.terms import EVERYONE, Instant, Level, Subject, Target, group_subject, member_subject
from ringfence.firms.models import Draft
from tests.web.cast import BAKER, CAI, DILYS, ENID, FORTUNE, OWEN, WELSH, Cast, do, make_cast
from tests.web.reading import document, errors, heading, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]
OF_DILYS = f"member-{DILYS}"


@pytest.fixture
def planning(db: None) -> Cast:
    """A planning subscription in which Cai owns Fortune 500 and Baker & Sons."""
    cast = make_cast("planning")
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=on(FORTUNE, BAKER), level=Level.OWNER))
    return cast


@pytest.fixture
def cai(planning: Cast, signed_in: SignIn) -> PageClient:
    return signed_in(planning, "Cai")


@pytest.fixture
def owen(planning: Cast, signed_in: SignIn) -> PageClient:
    return signed_in(planning, "Owen")


def on(*clients: int) -> On:
    from pyroaring import BitMap

    return On(clients=BitMap(clients))


def step(cast: Cast, name: str = "") -> str:
    return reverse(f"wizard{name}", args=[cast.firm])


def chosen(client: PageClient, cast: Cast, levels: dict[str, str], *ticks: int, what: str = "set") -> Any:
    """Steps 1 to 3, and the check."""
    client.post(step(cast), {"what": what})
    form = {"given": list(levels), **{f"level-{key}": level for key, level in levels.items()}}
    client.post(step(cast, "-who"), {**form, "go": "continue"})
    client.post(step(cast, "-clients"), {"shown": list(ticks), "tick": list(ticks), "go": "continue"})
    return client.get(step(cast, "-check"))


def test_a_list_of_hundreds_of_people_is_sent_and_kept(planning: Cast, owen: PageClient) -> None:
    now = firm_state(planning.firm)
    many = Batch("member.add", tuple(AddMember(name=f"Member {number}") for number in range(600)))
    save(rehearse(planning.firm, [many], actor=OPERATOR, version=now.version))
    people = [f"member-{now.last_member + number}" for number in range(1, 601)]
    owen.post(step(planning), {"what": "set"})
    form = {"given": people, **{f"level-{each}": "reader" for each in people}}
    assert owen.post(step(planning, "-who"), {**form, "go": "continue"}).status_code == 302
    assert len(document(owen.get(step(planning, "-who"))).findall(".//input[@name='given']")) == 600


def agreed(client: PageClient, cast: Cast, page: Any) -> Any:
    form = {"answer": "yes", "version": value(page, "version"), "agreed": value(page, "agreed")}
    return client.post(step(cast, "-check"), form, follow=True)


def level_of(cast: Cast, subject: Subject, client: int) -> Level:
    return firm_state(cast.firm).grants_of(subject).level_on(Target("client", client))


def test_many_grantees_get_levels_on_many_clients_as_one_entry(planning: Cast, owen: PageClient) -> None:
    before = firm_state(planning.firm).version
    levels = {OF_DILYS: "reader", f"member-{ENID}": "editor"}
    page = chosen(owen, planning, levels, FORTUNE, BAKER, WELSH)
    assert "Dilys: Reader (can view)" in text(page)
    assert "user gains access 1" in text(page)
    assert firm_state(planning.firm).version == before
    assert "on 3 clients are set." in text(agreed(owen, planning, page))
    for client in (FORTUNE, BAKER, WELSH):
        assert level_of(planning, member_subject(DILYS), client) is Level.READER
        assert level_of(planning, member_subject(ENID), client) is Level.EDITOR
    assert [entry.command for entry in entries(planning.firm, after=before)] == ["grant.set"]


def test_a_service_of_clients_that_one_cannot_see_is_not_offered(planning: Cast, cai: PageClient) -> None:
    do(planning.firm, AddService(name="Secret trusts"))
    cai.post(step(planning), {"what": "set"})
    cai.post(step(planning, "-who"), {"given": [OF_DILYS], f"level-{OF_DILYS}": "reader", "go": "continue"})
    page = text(cai.get(step(planning, "-clients")))
    assert "VAT" in page
    assert "Secret trusts" not in page


def test_whoever_is_not_named_keeps_what_they_have(planning: Cast, owen: PageClient) -> None:
    agreed(owen, planning, chosen(owen, planning, {OF_DILYS: "editor"}, FORTUNE))
    assert level_of(planning, member_subject(CAI), FORTUNE) is Level.OWNER


def test_permissions_are_taken_away_from_those_who_have_some(planning: Cast, owen: PageClient) -> None:
    do(planning.firm, SetGrant(to=(member_subject(DILYS),), on=on(FORTUNE), level=Level.READER))
    levels = {OF_DILYS: "editor", f"member-{ENID}": "editor"}
    page = chosen(owen, planning, levels, FORTUNE, BAKER, what="remove")
    assert "user loses access 1" in text(page)
    agreed(owen, planning, page)
    assert level_of(planning, member_subject(DILYS), FORTUNE) is Level.NONE


def test_an_owner_is_offered_the_clients_they_may_share_and_no_others(
    planning: Cast, cai: PageClient
) -> None:
    cai.post(step(planning), {"what": "set"})
    cai.post(step(planning, "-who"), {"given": OF_DILYS, f"level-{OF_DILYS}": "reader", "go": "continue"})
    page = cai.get(step(planning, "-clients"))
    assert "Fortune 500" in text(page)
    assert "Llŷr Ŵyn" not in text(page)
    cai.post(step(planning, "-clients"), {"shown": [WELSH], "tick": [WELSH], "go": "continue"})
    assert heading(cai.get(step(planning, "-check"), follow=True)) == "On which clients?"
    cai.post(step(planning, "-clients"), {"go": "all"})
    agreed(cai, planning, cai.get(step(planning, "-check")))
    seen = firm_state(planning.firm).clients_seen_by(DILYS)
    assert set(seen) == {FORTUNE, BAKER}


def test_an_owner_finds_the_wizard_at_clients_and_an_administrator_at_manage_account(
    planning: Cast, cai: PageClient, owen: PageClient
) -> None:
    assert step(planning) in cai.get(reverse("clients", args=[planning.firm])).content.decode()
    assert step(planning) in owen.get(reverse("manage", args=[planning.firm])).content.decode()


def test_who_may_share_nothing_is_told_so_and_not_led_there(planning: Cast, signed_in: SignIn) -> None:
    dilys = signed_in(planning, "Dilys")
    assert "There is no client that you may share." in text(dilys.get(step(planning)))
    clients = dilys.get(reverse("clients", args=[planning.firm]))
    assert step(planning) not in clients.content.decode()


@pytest.mark.parametrize("what", ["", "set"])
def test_who_may_share_nothing_begins_nothing(what: str, planning: Cast, signed_in: SignIn) -> None:
    ada = signed_in(planning, "Ada")
    page = ada.post(step(planning), {"what": what})
    assert "There is no client that you may share." in text(page)
    assert errors(page) == []
    assert not Draft.objects.filter(firm=planning.firm).exists()


def test_taking_the_last_owner_is_refused_with_the_names_of_the_clients(
    planning: Cast, owen: PageClient
) -> None:
    do(planning.firm, SetGrant(to=(member_subject(CAI),), on=on(WELSH), level=Level.EDITOR))
    do(planning.firm, SetGrant(to=(member_subject(DILYS),), on=on(BAKER), level=Level.OWNER))
    page = chosen(owen, planning, {f"member-{CAI}": "editor"}, FORTUNE, BAKER, WELSH, what="remove")
    assert errors(page)
    assert "Refused for these 1 Fortune 500" in text(page)
    assert level_of(planning, member_subject(CAI), WELSH) is Level.EDITOR
    page = owen.post(step(planning, "-check"), {"go": "without"}, follow=True)
    agreed(owen, planning, page)
    assert level_of(planning, member_subject(CAI), FORTUNE) is Level.OWNER
    assert level_of(planning, member_subject(CAI), WELSH) is Level.NONE


def test_what_is_above_ones_own_level_is_refused_with_names(planning: Cast, signed_in: SignIn) -> None:
    do(planning.firm, ChangeSettings(values={"sharing": "anyone_with_access"}))
    do(planning.firm, SetGrant(to=(member_subject(DILYS),), on=on(BAKER, FORTUNE), level=Level.EDITOR))
    do(planning.firm, SetGrant(to=(member_subject(DILYS),), on=on(FORTUNE), level=Level.OWNER))
    dilys = signed_in(planning, "Dilys")
    page = chosen(dilys, planning, {f"member-{ENID}": "owner"}, FORTUNE, BAKER)
    assert "Refused for these 1 Baker & Sons" in text(page)
    assert level_of(planning, member_subject(ENID), FORTUNE) is Level.NONE


def test_ones_own_list_is_added_in_one_press(planning: Cast, owen: PageClient) -> None:
    do(planning.firm, ChangeSettings(values={"personal_defaults": True, "default_everyone": "reader"}))
    own = (
        GrantTo(to=member_subject(DILYS), level=Level.EDITOR),
        GrantTo(to=group_subject(EVERYONE), level=Level.READER),
    )
    do(planning.firm, SetDefaults(grants=own, member=OWEN))
    owen.post(step(planning), {"what": "set"})
    assert "Add my client permissions" in text(owen.get(step(planning, "-who")))
    form = {"given": OF_DILYS, f"level-{OF_DILYS}": "blocked", "go": "own"}
    owen.post(step(planning, "-who"), form)
    owen.post(step(planning, "-clients"), {"shown": [FORTUNE], "tick": [FORTUNE], "go": "continue"})
    page = text(owen.get(step(planning, "-check")))
    # What was chosen by hand stays as it was.
    assert "Dilys: Blocked" in page
    assert "Everyone: Reader (can view)" in page


def test_what_is_so_already_everywhere_is_said_to_be(planning: Cast, owen: PageClient) -> None:
    chosen(owen, planning, {f"member-{CAI}": "owner"}, FORTUNE, BAKER)
    page = owen.get(step(planning, "-check"), follow=True)
    assert "Nothing would change" in text(page)


def test_what_is_so_already_of_a_part_does_not_stand_in_the_way(planning: Cast, owen: PageClient) -> None:
    page = chosen(owen, planning, {f"member-{CAI}": "owner", OF_DILYS: "reader"}, FORTUNE)
    agreed(owen, planning, page)
    assert level_of(planning, member_subject(DILYS), FORTUNE) is Level.READER


def test_an_end_that_is_lost_is_said_before(planning: Cast, owen: PageClient) -> None:
    soon = Instant(firm_state(planning.firm).now + 86_400_000_000)
    do(planning.firm, SetGrant(to=(member_subject(DILYS),), on=on(FORTUNE), level=Level.READER, expires=soon))
    page = chosen(owen, planning, {OF_DILYS: "reader"}, FORTUNE)
    assert "1 permission that would end by itself is replaced by one that lasts." in text(page)


def test_fee_splits_stay_as_they_are(planning: Cast, owen: PageClient) -> None:
    do(planning.firm, ChangeSettings(values={"fee_splits": True}))
    split = SetGrant(to=(member_subject(DILYS),), on=on(FORTUNE), level=Level.READER, fee_split=2500)
    do(planning.firm, split)
    agreed(owen, planning, chosen(owen, planning, {OF_DILYS: "editor"}, FORTUNE, BAKER))
    held = firm_state(planning.firm).grants_of(member_subject(DILYS))
    assert held.fee_splits == {FORTUNE: 2500}
    assert {FORTUNE, BAKER} <= set(held.clients[Level.EDITOR - 1])


def test_clients_that_may_be_shared_no_longer_are_taken_off_and_that_is_said(
    planning: Cast, cai: PageClient
) -> None:
    chosen(cai, planning, {OF_DILYS: "reader"}, FORTUNE, BAKER)
    do(planning.firm, SetGrant(to=(member_subject(DILYS),), on=on(BAKER), level=Level.OWNER))
    do(planning.firm, SetGrant(to=(member_subject(CAI),), on=on(BAKER), level=Level.READER))
    page = cai.get(step(planning, "-check"))
    assert "because you may no longer share them: 1 client." in text(page)
    agreed(cai, planning, page)
    assert level_of(planning, member_subject(DILYS), BAKER) is Level.OWNER


def test_what_others_change_meanwhile_is_told_and_nothing_is_overwritten(
    planning: Cast, owen: PageClient
) -> None:
    page = chosen(owen, planning, {OF_DILYS: "reader"}, FORTUNE)
    do(planning.firm, SetGrant(to=(member_subject(DILYS),), on=on(FORTUNE), level=Level.OWNER))
    page = agreed(owen, planning, page)
    assert "Something was changed in the firm while you were reading" in text(page)
    assert level_of(planning, member_subject(DILYS), FORTUNE) is Level.OWNER


def test_a_step_without_the_one_before_leads_to_it(planning: Cast, owen: PageClient) -> None:
    for name in ("-who", "-clients", "-check"):
        assert owen.get(step(planning, name))["Location"] == step(planning)
    assert errors(owen.post(step(planning), {"what": "neither"}))
    owen.post(step(planning), {"what": "set"})
    assert errors(owen.post(step(planning, "-who"), {"go": "continue"}))
