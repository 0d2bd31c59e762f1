"""The first ring-fence, whole: from the link that `ringfence firm create` printed to turning it off again.

Two people, each at a browser of their own: Alphie makes the group, Siôn is not in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.journey import CLOSED, Journey
from tests.browser.office import ACE, BETA, BETH, CLIENTS, FARMS, SION, Office
from tests.browser.people import Person
from tests.browser.serving import Instance

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("language", "scripts", "width"),
    [
        # The one journey that people make on both databases.
        pytest.param("en", True, 1280, id="english", marks=pytest.mark.both_databases),
        pytest.param("cy", False, 320, id="welsh-plain"),
    ],
)
def test_the_first_ring_fence_closes_what_the_rules_close_and_opens_it_again(
    browser: Browser, office: Office, fresh: Instance, language: str, scripts: bool, width: int
) -> None:
    alphie, sion = (Person(browser, fresh, language=language, scripts=scripts, width=width) for _ in range(2))
    journey = Journey(fresh, alphie, sion)
    journey.sion_asks_for_a_link_and_signs_in()
    closed, partly = journey.address_of("Bramble Farm 01"), journey.address_of("Fortune 500")
    _alphie_makes_the_ring_fence(journey, office)
    _sion_is_outside(journey, closed, partly)
    _the_command_line_says_the_same(fresh)
    journey.alphie_turns_groups_off()
    journey.sion_sees(CLIENTS)
    assert sion.open(closed).status == 200
    assert fresh.ask("check", SION, "BRA001", "--firm", ACE)["allowed"]
    fresh.run("ledger", "verify", "--firm", ACE)
    assert not alphie.said + sion.said
    for person in (alphie, sion):
        person.close()


def _alphie_makes_the_ring_fence(journey: Journey, office: Office) -> None:
    journey.alphie_sets_a_password(office.link)
    journey.alphie_turns_groups_on()
    journey.sion_sees(CLIENTS)
    journey.alphie_names_a_group()
    journey.alphie_chooses_clients()
    journey.alphie_chooses_members()
    journey.sion_sees(CLIENTS)
    journey.alphie_checks_and_creates()
    journey.alphie_sees_the_group()


def _sion_is_outside(journey: Journey, closed: str, partly: str) -> None:
    """By list, count, search, filter and direct address."""
    sion = journey.sion
    journey.sion_sees(CLIENTS - CLOSED)
    journey.sion_finds("bramble", FARMS - CLOSED)
    journey.sion_finds("bramble BRA001", 0)
    journey.sion_finds("bramble", 1, service="VAT")
    # The reference of a service that is closed finds nothing; that of one that is open finds its client.
    journey.sion_finds("GB431661987", 0)
    journey.sion_finds("5530841987", 1)
    assert sion.open(partly).status == 200
    assert "GB431661987" not in sion.text
    assert "5530841987" in sion.text
    assert sion.open(partly.replace("/clients/", "/manage/clients/")).status == 403
    assert sion.open(closed).status == 404
    assert "Bramble" not in sion.text
    sion.open("/")


def _the_command_line_says_the_same(instance: Instance) -> None:
    assert instance.ask("sees", SION, "--firm", ACE)["total"] == CLIENTS - CLOSED
    assert instance.ask("sees", BETA, "--firm", ACE)["total"] == CLIENTS
    assert not instance.ask("check", SION, "BRA001", "--firm", ACE, code=1)["allowed"]
    who = {member["email"] for member in instance.ask("who", "BRA001", "--firm", ACE)["members"]}
    assert who == {BETH, BETA}
