"""Changing a client: name and reference, the mark confidential, its services; removed and restored."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    ChangeClient,
    ChangeMember,
    CreateGroup,
    On,
    RemoveClient,
    RestoreClient,
    SetGrant,
    TurnOn,
)
from ringfence.core.days import local_time
from ringfence.core.terms import Instant, Level, member_subject
from ringfence.firms.models import Client, Engagement
from ringfence.wording.times import day_text
from tests.web.cast import (
    BAKER,
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    FORTUNE_VAT,
    INCOME_TAX,
    OWEN,
    Cast,
    do,
    grouped,
)
from tests.web.reading import errors, heading, link, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

DAY = timedelta(days=1) // timedelta(microseconds=1)


def at(route: str, cast: Cast, *numbers: int) -> str:
    return reverse(route, args=[cast.firm, *numbers])


def answered(client: PageClient, address: str, **form: str) -> Any:
    """Yes to the question at the address, after what was filled in before it."""
    asked = client.post(address, form) if form else client.get(address)
    return client.post(address, {**form, "answer": "yes", "version": value(asked, "version")}, follow=True)


def row_of(cast: Cast, client: int = FORTUNE) -> Client:
    return Client.objects.get(firm=cast.firm, number=client)


def form_of(cast: Cast, client: int = FORTUNE, **changed: str) -> dict[str, str]:
    """The form of name, reference and kind as a page gives it, with what was typed."""
    row = row_of(cast, client)
    stands = {"name": row.name, "reference": row.reference, "kind": row.kind}
    return {**{f"was-{field}": text for field, text in stands.items()}, **stands, **changed}


# --- Name and reference


def test_an_administrator_corrects_name_and_reference_of_a_client_they_cannot_open(
    cast: Cast, owen: PageClient
) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    page = owen.get(at("change-client", cast, FORTUNE))
    assert "Kind" not in text(page)
    form = form_of(cast, name="Fortune 501", reference="F501")
    owen.post(at("change-client", cast, FORTUNE), form)
    assert (row_of(cast).name, row_of(cast).reference) == ("Fortune 501", "F501")


def test_an_editor_changes_the_kind_too(cast: Cast, cai: PageClient) -> None:
    cai.post(at("change-client", cast, FORTUNE), form_of(cast, kind="Limited company"))
    assert row_of(cast).kind == "Limited company"


def test_a_reader_changes_nothing(cast: Cast, cai: PageClient) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.READER))
    assert cai.get(at("change-client", cast, FORTUNE)).status_code == 403


def test_a_hidden_client_is_changed_by_nobody_who_may_not_know_of_it(cast: Cast, cai: PageClient) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(OWEN),), on=On.client(FORTUNE), level=Level.EDITOR))
    for route in ("change-client", "mark-client", "add-client-service", "remove-client", "restore-client"):
        assert cai.get(at(route, cast, FORTUNE)).status_code == 404


def test_a_taken_reference_is_told_at_its_field_and_what_was_typed_is_kept(
    cast: Cast, owen: PageClient
) -> None:
    page = owen.post(at("change-client", cast, FORTUNE), form_of(cast, name="New name", reference="b-01"))
    told = (
        "Another client has this client reference, or had it when it was removed in the last 30 days. Enter "
        "another one, or leave it empty."
    )
    assert errors(page) == [(told, "#reference")]
    assert (value(page, "name"), value(page, "reference")) == ("New name", "b-01")
    assert row_of(cast).name == "Fortune 500"


def test_a_name_is_needed(cast: Cast, owen: PageClient) -> None:
    page = owen.post(at("change-client", cast, FORTUNE), form_of(cast, name=" "))
    assert errors(page) == [("Enter the name of the client", "#name")]


def test_the_name_is_changed_beside_a_reference_that_nobody_can_tell_from_anothers(
    cast: Cast, owen: PageClient
) -> None:
    # As it was before references were compared as they are now.
    Client.objects.filter(firm=cast.firm, number=FORTUNE).update(reference="B-01 ", reference_key="b-01 ")
    owen.post(at("change-client", cast, FORTUNE), form_of(cast, name="Fortune 501"))
    assert row_of(cast).name == "Fortune 501"


def test_the_later_of_two_is_told_what_the_first_has_changed(cast: Cast, owen: PageClient) -> None:
    form = form_of(cast, name="Mine")
    do(cast.firm, ChangeClient(client=FORTUNE, name="Theirs"))
    page = owen.post(at("change-client", cast, FORTUNE), form)
    told = "Somebody changed this meanwhile to “Theirs”: check it, and save again"
    assert errors(page) == [(told, "#name")]
    assert (value(page, "name"), value(page, "was-name")) == ("Mine", "Theirs")
    assert row_of(cast).name == "Theirs"


# --- Confidential


def test_who_marks_a_client_that_they_cannot_open_is_led_to_who_has_access(
    cast: Cast, dilys: PageClient
) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, ChangeMember(member=DILYS, access=False, manage_access=True))
    page = answered(dilys, at("mark-client", cast, FORTUNE), to="yes")
    assert row_of(cast).confidential
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == at("share-client", cast, FORTUNE)


def test_marking_a_client_confidential_says_what_closes_and_does_it(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    asked = owen.get(at("mark-client", cast, FORTUNE))
    assert "What becomes closed: only those who were given access can open it Fortune 500" in text(asked)
    page = answered(owen, at("mark-client", cast, FORTUNE), to="yes")
    assert "Fortune 500 is confidential now." in text(page)
    assert row_of(cast).confidential


def test_unmarking_a_client_says_what_opens(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, ChangeClient(client=FORTUNE, confidential=True))
    assert "What becomes open to everybody Fortune 500" in text(owen.get(at("mark-client", cast, FORTUNE)))


def test_the_second_of_two_clicks_does_not_undo_the_first(cast: Cast, owen: PageClient) -> None:
    version = value(owen.get(at("mark-client", cast, FORTUNE)), "version")
    form = {"to": "yes", "answer": "yes", "version": version}
    owen.post(at("mark-client", cast, FORTUNE), form)
    owen.post(at("mark-client", cast, FORTUNE), form)
    assert row_of(cast).confidential


# --- Services


def test_a_service_is_added_after_its_preview(cast: Cast, cai: PageClient) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    form = {"service": str(INCOME_TAX), "reference": "5544332211"}
    asked = cai.post(at("add-client-service", cast, BAKER), form)
    assert heading(asked) == "Add the service Income Tax to Baker & Sons"
    answered(cai, at("add-client-service", cast, BAKER), **form)
    row = Engagement.objects.get(firm=cast.firm, client=BAKER, service=INCOME_TAX)
    assert row.reference == "5544332211"


def test_a_service_left_open_to_everybody_is_said_before_it_is_added(cast: Cast, cai: PageClient) -> None:
    on = On.engagement(3)
    do(cast.firm, CreateGroup(name="Baker team", members=frozenset({CAI}), on=on))
    do(cast.firm, TurnOn())
    asked = cai.post(at("add-client-service", cast, BAKER), {"service": str(INCOME_TAX), "reference": ""})
    assert errors(asked) == [
        ("You may not share this client. Ask an administrator, or somebody who may.", "#reference")
    ]


WRONG_DIGIT = "has a wrong digit somewhere, since its check digit does not fit."


def test_a_tax_reference_that_can_hardly_be_right_is_said_before_its_service_is_added(
    cast: Cast, owen: PageClient
) -> None:
    form = {"service": str(INCOME_TAX), "reference": "5544332211"}
    address = at("add-client-service", cast, BAKER)
    assert f"“5544332211” for Income Tax {WRONG_DIGIT}" in text(owen.post(address, form))
    assert WRONG_DIGIT not in text(owen.post(address, {**form, "reference": "1955839661"}))
    answered(owen, address, **form)
    assert Engagement.objects.get(firm=cast.firm, client=BAKER, service=INCOME_TAX).reference == "5544332211"


@pytest.mark.parametrize(("reference", "doubted"), [("GB 111 2223 33", True), ("GB 980 7806 84", False)])
def test_a_tax_reference_that_can_hardly_be_right_is_saved_and_said(
    cast: Cast, owen: PageClient, reference: str, doubted: bool
) -> None:
    address = at("change-tax-reference", cast, FORTUNE, FORTUNE_VAT)
    form = {"was": value(owen.get(address), "was"), "reference": reference}
    page = owen.post(address, form, follow=True)
    assert "The tax reference is saved." in text(page)
    assert (f"“{reference}” for VAT {WRONG_DIGIT}" in text(page)) is doubted
    assert Engagement.objects.get(firm=cast.firm, number=FORTUNE_VAT).reference == reference


def test_a_taken_tax_reference_is_told_at_its_field(cast: Cast, cai: PageClient) -> None:
    form = {"service": str(INCOME_TAX), "reference": "1234567890"}
    page = cai.post(at("add-client-service", cast, BAKER), form)
    told = (
        "Another client has this reference for the same service, or had it when it was removed in the last "
        "30 days. Check it, or leave it empty."
    )
    assert errors(page) == [(told, "#reference")]
    assert value(page, "reference") == "1234567890"


def test_a_service_must_be_selected(cast: Cast, cai: PageClient) -> None:
    page = cai.post(at("add-client-service", cast, BAKER), {"service": "99", "reference": "X1"})
    assert errors(page) == [("Select a service", "#service")]


def test_who_may_not_open_a_service_sees_the_end_of_its_tax_reference_and_may_correct_it(
    cast: Cast, owen: PageClient
) -> None:
    grouped(cast.firm)
    address = at("change-tax-reference", cast, FORTUNE, FORTUNE_VAT)
    page = owen.get(address)
    assert "ending in 6789" in text(page)
    assert "1234567" not in page.content.decode()
    form = {"was": value(page, "was"), "reference": ""}
    assert errors(owen.post(address, form)) == [("Enter the whole tax reference", "#reference")]
    owen.post(address, {**form, "reference": "GB 111 2223 33"})
    assert Engagement.objects.get(firm=cast.firm, number=FORTUNE_VAT).reference == "GB 111 2223 33"


def test_a_tax_reference_that_somebody_else_changed_meanwhile_is_not_overwritten(
    cast: Cast, owen: PageClient
) -> None:
    address = at("change-tax-reference", cast, FORTUNE, FORTUNE_VAT)
    was = value(owen.get(address), "was")
    owen.post(address, {"was": was, "reference": "GB 111 2223 33"})
    page = owen.post(address, {"was": was, "reference": "GB 444 5556 66"})
    assert [href for _text, href in errors(page)] == ["#reference"]
    assert Engagement.objects.get(firm=cast.firm, number=FORTUNE_VAT).reference == "GB 111 2223 33"


def test_a_service_is_removed_after_its_preview(cast: Cast, owen: PageClient) -> None:
    answered(owen, at("remove-client-service", cast, FORTUNE, FORTUNE_INCOME_TAX))
    assert firm_state(cast.firm).engagements_of(FORTUNE) == [FORTUNE_VAT]


def test_the_last_service_is_not_offered_to_be_removed_and_is_refused_in_words(
    cast: Cast, owen: PageClient
) -> None:
    assert "Remove service" not in text(owen.get(at("client-access", cast, BAKER)))
    page = owen.get(at("remove-client-service", cast, BAKER, 3), follow=True)
    assert "This is the client’s last service." in text(page)


def test_another_clients_service_is_not_found_under_this_one(cast: Cast, owen: PageClient) -> None:
    assert owen.get(at("change-tax-reference", cast, BAKER, FORTUNE_VAT)).status_code == 404


# --- Removed and restored


def thirty_days_after(now: Instant) -> str:
    """The day, by the firm's clocks, on which what is removed now goes for good."""
    return day_text(local_time(Instant(now + 30 * DAY), ZoneInfo("Europe/London")))


def test_a_client_is_removed_after_its_preview_and_listed_with_when_it_goes(
    cast: Cast, owen: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = owen.get(at("remove-client", cast, FORTUNE))
    assert "What is removed: nobody can open it any more Fortune 500" in text(asked)
    answered(owen, at("remove-client", cast, FORTUNE))
    assert FORTUNE not in firm_state(cast.firm).clients
    now = firm_state(cast.firm).now
    monkeypatch.setattr("ringfence.access.clock.clock", lambda: Instant(now + 3 * DAY + 1_000_000))
    account = owen.get(reverse("manage", args=[cast.firm]))
    (line,) = rows(owen.get(link(account, "Removed clients")))
    assert (line[0], line[1], line[3]) == ("Fortune 500", "F500", "Owen")
    assert line[4].startswith(f"{thirty_days_after(now)}, ")


def test_each_removed_client_has_who_removed_it_last(cast: Cast, owen: PageClient, cai: PageClient) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    do(cast.firm, RemoveClient(client=FORTUNE), OWEN)
    do(cast.firm, RestoreClient(client=FORTUNE), OWEN)
    do(cast.firm, RemoveClient(client=FORTUNE), CAI)
    do(cast.firm, RemoveClient(client=BAKER))
    found = {line[0]: line[3] for line in rows(owen.get(at("removed-clients", cast)))}
    assert found == {"Fortune 500": "Cai", "Baker & Sons": ""}


def test_a_client_is_restored_with_what_it_had(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    do(cast.firm, RemoveClient(client=FORTUNE))
    asked = owen.get(at("restore-client", cast, FORTUNE))
    assert "Cai" in text(asked)
    assert f"It can be restored until {thirty_days_after(firm_state(cast.firm).now)}, " in text(asked)
    answered(owen, at("restore-client", cast, FORTUNE))
    assert firm_state(cast.firm).can(CAI, FORTUNE_VAT)


def test_a_removed_client_cannot_be_restored_after_30_days(
    cast: Cast, owen: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(cast.firm, RemoveClient(client=FORTUNE))
    now = firm_state(cast.firm).now
    monkeypatch.setattr("ringfence.access.clock.clock", lambda: Instant(now + 31 * DAY))
    assert rows(owen.get(at("removed-clients", cast))) == []
    assert owen.get(at("restore-client", cast, FORTUNE)).status_code == 404


def test_an_owner_removes_and_restores_their_client_and_no_other(cast: Cast, cai: PageClient) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    do(cast.firm, RemoveClient(client=BAKER))
    answered(cai, at("remove-client", cast, FORTUNE))
    assert link(cai.get(at("clients", cast)), "Removed clients") == at("removed-clients", cast)
    assert [line[0] for line in rows(cai.get(at("removed-clients", cast)))] == ["Fortune 500"]
    assert cai.get(at("restore-client", cast, BAKER)).status_code == 404
    answered(cai, at("restore-client", cast, FORTUNE))
    assert FORTUNE in firm_state(cast.firm).clients


def test_a_list_leads_to_no_removed_client_that_one_may_not_restore(
    cast: Cast, cai: PageClient, owen: PageClient
) -> None:
    do(cast.firm, RemoveClient(client=BAKER))
    assert "Removed clients" not in text(cai.get(at("clients", cast)))
    assert link(owen.get(at("client-access-list", cast)), "Removed clients")


def test_the_second_click_on_remove_says_nothing_wrong(cast: Cast, owen: PageClient) -> None:
    version = value(owen.get(at("remove-client", cast, FORTUNE)), "version")
    form = {"answer": "yes", "version": version}
    owen.post(at("remove-client", cast, FORTUNE), form)
    assert owen.post(at("remove-client", cast, FORTUNE), form).status_code == 302


# --- The control side


def test_the_control_side_says_by_which_way_each_person_opens_a_client(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    found = {row[0]: row[3] for row in rows(owen.get(at("client-access", cast, FORTUNE))) if len(row) == 5}
    assert found == {
        "Cai": "Access group VAT team (VAT) Open to everybody (Income Tax)",
        "Dilys": "Open to everybody (Income Tax)",
        "Owen": "Open to everybody (Income Tax)",
    }


def test_the_control_side_leads_to_every_change_that_the_reader_may_make(
    cast: Cast, owen: PageClient, ada: PageClient
) -> None:
    page = owen.get(at("client-access", cast, FORTUNE))
    assert link(page, "Change tax reference VAT")
    assert link(page, "Remove this client") == at("remove-client", cast, FORTUNE)
    assert "Remove this client" not in text(ada.get(at("client-access", cast, FORTUNE)))
