"""Yes is to what was shown: a change between the page and the firm's lock has the question asked anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from django.urls import reverse

from ringfence.access import execute, firm_state, open_record
from ringfence.core.commands.definitions import (
    ChangeMember,
    CreateGroup,
    On,
    SetGrant,
    SetNames,
    TurnOff,
    TurnOn,
)
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import SoftwareNames
from ringfence.web.previews import confirm
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, Cast, do, grouped
from tests.web.reading import heading, text, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.checks import PageClient

MEANWHILE = "Something was changed in the firm while you were reading: look at the numbers again"


def after(meanwhile: Callable[[], object]) -> Any:
    """Whatever a page has done waits at the firm's lock for somebody else."""

    def late(*given: Any, **named: Any) -> Any:
        meanwhile()
        return execute(*given, **named)

    return patch.object(confirm, "execute", late)


def test_yes_that_waited_for_somebody_elses_change_is_asked_again(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    address = reverse("stop-sharing", args=[cast.firm, BAKER, "member", CAI, 0])
    sent = {name: value(owen.get(address), name) for name in ("version", "agreed")}
    # Somebody else narrows it, so that removing it no longer opens the client to all.
    given = SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.EDITOR)
    with after(lambda: do(cast.firm, given)):
        page = owen.post(address, {**sent, "answer": "yes"})
    assert MEANWHILE in text(page)
    assert firm_state(cast.firm).sees(CAI, BAKER)


def test_turning_off_that_waited_for_another_change_is_asked_again(cast: Cast, owen: PageClient) -> None:
    address = reverse("confirm-turn-off", args=[cast.firm])
    grouped(cast.firm)
    sent = {"firm_name": "Pike & Marlow", "version": value(owen.get(address), "version")}
    with after(lambda: do(cast.firm, CreateGroup(name="Bakers", on=On.client(BAKER)))):
        page = owen.post(address, sent)
    assert MEANWHILE in text(page)
    assert firm_state(cast.firm).settings.control


def test_a_record_opened_meanwhile_is_no_change(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    address = reverse("stop-sharing", args=[cast.firm, BAKER, "member", CAI, 0])
    sent = {name: value(owen.get(address), name) for name in ("version", "agreed")}
    with after(lambda: open_record(firm_state(cast.firm), member=CAI, client=FORTUNE)):
        owen.post(address, {**sent, "answer": "yes"})
    assert not firm_state(cast.firm).grants_of(member_subject(CAI)).clients[Level.EDITOR - 1]


def test_a_name_that_somebody_else_removed_meanwhile_is_not_put_back(cast: Cast, owen: PageClient) -> None:
    stood = SoftwareNames(types={"account": "client"})
    do(cast.firm, SetNames(names=stood))
    sent = {"name": "case", "means": "client", "property": "", "value": ""}
    with after(lambda: do(cast.firm, SetNames(names=SoftwareNames()))):
        page = owen.post(reverse("add-software-name", args=[cast.firm]), sent)
    assert MEANWHILE in text(page)
    assert firm_state(cast.firm).software_names == SoftwareNames()


def test_turning_off_that_waited_for_another_turning_off_is_done(cast: Cast, owen: PageClient) -> None:
    address = reverse("confirm-turn-off", args=[cast.firm])
    grouped(cast.firm)
    sent = {"firm_name": "Pike & Marlow", "version": value(owen.get(address), "version")}
    with after(lambda: do(cast.firm, TurnOff())):
        page = owen.post(address, sent, follow=True)
    assert page.redirect_chain == [(reverse("turned-off", args=[cast.firm]), 302)]


def test_a_way_in_that_waited_for_the_same_change_leads_back(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, CreateGroup(name="Two", members=frozenset({CAI}), on=On.client(BAKER)))
    do(cast.firm, TurnOn())
    address = reverse("carry-out", args=[cast.firm, BAKER, DILYS, 1])
    asked = owen.get(address)
    sent = {name: value(asked, name) for name in ("version", "deed")}
    given = SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.EDITOR)
    with after(lambda: do(cast.firm, given)):
        page = owen.post(address, {**sent, "answer": "yes"}, follow=True)
    assert heading(page) == "Why Dilys can open this client"


def test_a_role_that_waited_for_the_same_change_leads_back(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    address = reverse("change-member", args=[cast.firm, CAI])
    form = owen.get(address)
    was = {name: value(form, name) for name in ("name", "email")} | {"role": "user", "access": "yes"}
    sent = {**was, **{f"was-{name}": each for name, each in was.items()}}
    del sent["access"]
    sent["version"] = value(owen.post(address, sent), "version")
    with after(lambda: do(cast.firm, ChangeMember(member=CAI, access=False))):
        page = owen.post(address, {**sent, "answer": "yes"}, follow=True)
    assert page.redirect_chain == [(reverse("member", args=[cast.firm, CAI]), 302)]
