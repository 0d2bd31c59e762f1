"""Adding a client: by any member who uses client records, with the access that it starts with shown first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import ChangeSettings, CreateGroup, On, TurnOff, TurnOn
from ringfence.core.terms import Level
from ringfence.firms.models import Client, Engagement
from tests.web.cast import CAI, DILYS, FORTUNE, INCOME_TAX, PLAIN, VAT, VAT_GROUP, Cast, do, make_cast
from tests.web.reading import errors, heading, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]
NEW = PLAIN + 1


def step(cast: Cast, name: str = "") -> str:
    return reverse(f"add-client{name}", args=[cast.firm])


def entered(client: PageClient, cast: Cast, **services: str) -> None:
    """Steps 1 and 2."""
    client.post(step(cast), {"name": "New Ltd", "reference": "N-1", "kind": "Limited company"})
    client.post(step(cast, "-services"), services)


def finished(client: PageClient, cast: Cast) -> Any:
    """Step 4: what it says, sent."""
    page = client.get(step(cast, "-check"))
    form = {"token": value(page, "token"), "version": value(page, "version")}
    return client.post(step(cast, "-check"), form, follow=True)


def test_a_member_adds_a_client_with_its_services(cast: Cast, cai: PageClient) -> None:
    entered(cai, cast, service=str(VAT), **{f"reference-{VAT}": "GB 555 6667 77"})
    page = finished(cai, cast)
    assert heading(page) == "Client added"
    row = Client.objects.get(firm=cast.firm, number=NEW)
    assert (row.name, row.reference, row.kind) == ("New Ltd", "N-1", "Limited company")
    engagement = Engagement.objects.get(firm=cast.firm, client=NEW)
    assert (engagement.service, engagement.reference) == (VAT, "GB 555 6667 77")


@pytest.mark.parametrize(("reference", "doubted"), [("GB 555 6667 77", True), ("GB 980 7806 84", False)])
def test_a_tax_reference_that_can_hardly_be_right_is_said_before_the_client_is_added(
    cast: Cast, cai: PageClient, reference: str, doubted: bool
) -> None:
    entered(cai, cast, service=str(VAT), **{f"reference-{VAT}": reference})
    said = f"“{reference}” for VAT has a wrong digit somewhere"
    assert (said in text(cai.get(step(cast, "-check")))) is doubted
    assert heading(finished(cai, cast)) == "Client added"


def test_what_adding_does_names_the_new_client(cast: Cast, cai: PageClient) -> None:
    entered(cai, cast)
    assert "What becomes open to everybody New Ltd" in text(cai.get(step(cast, "-check")))


def test_who_may_use_no_records_adds_none(cast: Cast, signed_in: SignIn, ada: PageClient) -> None:
    for client in (signed_in(cast, "Enid"), ada):
        assert client.get(step(cast)).status_code == 403


def test_a_form_sent_twice_adds_one_client(cast: Cast, cai: PageClient) -> None:
    entered(cai, cast)
    page = cai.get(step(cast, "-check"))
    form = {"token": value(page, "token"), "version": value(page, "version")}
    first = cai.post(step(cast, "-check"), form)
    second = cai.post(step(cast, "-check"), form)
    assert first["Location"] == second["Location"] == reverse("client-added", args=[cast.firm, NEW])
    assert firm_state(cast.firm).last_client == NEW


def test_taken_references_are_told_at_their_fields(cast: Cast, cai: PageClient) -> None:
    page = cai.post(step(cast), {"name": "New Ltd", "reference": "f500", "kind": ""})
    assert [href for _text, href in errors(page)] == ["#reference"]
    cai.post(step(cast), {"name": "New Ltd", "reference": "", "kind": ""})
    form = {
        "service": [str(VAT), str(INCOME_TAX)],
        f"reference-{VAT}": "GB 555 6667 77",
        f"reference-{INCOME_TAX}": "1234567890",
    }
    page = cai.post(step(cast, "-services"), form)
    assert [href for _text, href in errors(page)] == [f"#reference-{INCOME_TAX}"]
    assert value(page, f"reference-{VAT}") == "GB 555 6667 77"


def test_an_administrator_says_who_gets_access(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, CreateGroup(name="North", members=frozenset({DILYS}), on=On.client(FORTUNE)))
    do(cast.firm, TurnOn())
    entered(owen, cast)
    found = owen.post(step(cast, "-access"), {"go": "search", "search": "north"}, follow=True)
    assert "North (access group)" in text(found)
    owen.post(step(cast, "-access"), {"go": f"add-group-{VAT_GROUP}", "search": "north"})
    owen.post(step(cast, "-access"), {"given": f"group-{VAT_GROUP}", "go": "continue"})
    assert "North: Can view and manage" in text(owen.get(step(cast, "-check")))
    finished(owen, cast)
    assert set(firm_state(cast.firm).who(NEW)) == {DILYS}


def test_who_was_given_access_can_be_left_out_again(cast: Cast, owen: PageClient) -> None:
    entered(owen, cast)
    owen.post(step(cast, "-access"), {"go": f"add-member-{CAI}"})
    owen.post(step(cast, "-access"), {"given": f"member-{CAI}", "go": f"remove-member-{CAI}"})
    assert "Nobody in particular" in text(owen.get(step(cast, "-access")))


def test_a_confidential_client_is_closed_from_the_start(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    entered(owen, cast)
    owen.post(step(cast, "-access"), {"confidential": "yes", "go": "continue"})
    page = finished(owen, cast)
    assert "You have no access to it yourself." in text(page)
    assert Client.objects.get(firm=cast.firm, number=NEW).confidential


def test_who_may_not_share_is_shown_what_it_starts_with_and_changes_nothing(
    cast: Cast, cai: PageClient
) -> None:
    do(cast.firm, ChangeSettings(values={"default_everyone": "reader"}))
    entered(cai, cast)
    page = cai.get(step(cast, "-access"))
    assert "Everyone (built-in access group)" in text(page)
    assert "An administrator of your firm can change this" in text(page)
    cai.post(step(cast, "-access"), {"go": "continue", "confidential": "yes", "given": f"member-{DILYS}"})
    finished(cai, cast)
    assert not Client.objects.get(firm=cast.firm, number=NEW).confidential
    firm_now = firm_state(cast.firm)
    assert {held.subject.kind for held in firm_now.holders_of(NEW)} == {"group"}


def test_where_the_creator_owns_it_that_is_shown_and_stays(db: None, signed_in: SignIn) -> None:
    cast = make_cast("planning")
    cai = signed_in(cast, "Cai")
    entered(cai, cast)
    assert "Cai (you): Owner (can view, change, submit, share and remove) because you add it" in text(
        cai.get(step(cast, "-access"))
    )
    cai.post(step(cast, "-access"), {"go": f"add-member-{DILYS}"})
    cai.post(
        step(cast, "-access"),
        {"given": f"member-{DILYS}", f"level-member-{DILYS}": "reader", "go": "continue"},
    )
    finished(cai, cast)
    assert firm_state(cast.firm).who(NEW)[CAI] is Level.OWNER
    assert firm_state(cast.firm).who(NEW)[DILYS] is Level.READER


def test_what_had_been_begun_is_gone_when_control_is_turned_off(cast: Cast, cai: PageClient) -> None:
    do(cast.firm, TurnOn())
    entered(cai, cast)
    do(cast.firm, TurnOff())
    page = cai.get(step(cast, "-check"), follow=True)
    assert "What you had begun to enter is not kept any more: begin again." in text(page)


def test_what_others_change_meanwhile_is_told_before_it_is_added(cast: Cast, cai: PageClient) -> None:
    entered(cai, cast)
    page = cai.get(step(cast, "-check"))
    form = {"token": value(page, "token"), "version": value(page, "version")}
    do(cast.firm, TurnOn())
    cai.post(step(cast), {"name": "New Ltd", "reference": "N-1", "kind": ""})
    assert firm_state(cast.firm).last_client == PLAIN
    assert cai.post(step(cast, "-check"), form).status_code in (302, 422)
    assert firm_state(cast.firm).last_client == PLAIN


@pytest.mark.parametrize("back", ["-check", "-access", "-services"])
def test_going_back_after_a_client_was_added_leads_to_its_record(
    back: str, cast: Cast, cai: PageClient
) -> None:
    entered(cai, cast)
    finished(cai, cast)
    page = cai.get(step(cast, back), follow=True)
    assert heading(page) == "New Ltd"
    assert "This client has been added already: this is its record." in text(page)


def test_who_may_not_open_what_they_added_is_told_that_it_is_there(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    owen.post(step(cast), {"name": "New Ltd", "reference": "N-1", "kind": ""})
    owen.post(step(cast, "-services"), {})
    owen.post(step(cast, "-access"), {"confidential": "yes", "go": "continue"})
    finished(owen, cast)
    page = owen.get(step(cast, "-check"), follow=True)
    assert "This client has been added already. You can add another one here." in text(page)
