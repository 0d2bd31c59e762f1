"""Who may share one service of a client and not the client does so from the same page (rules.md 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import ChangeSettings, On, SetGrant
from ringfence.core.terms import Level, Target, member_subject
from tests.web.cast import CAI, ENID, FORTUNE, FORTUNE_INCOME_TAX, FORTUNE_VAT, OWEN, Cast, do, grouped
from tests.web.reading import errors, link, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

VAT = Target("engagement", FORTUNE_VAT)


@pytest.fixture
def owned(cast: Cast) -> Cast:
    """Owners share; Cai is the Owner of Fortune 500's VAT, its income tax is Owen's."""
    grouped(cast.firm)
    do(cast.firm, ChangeSettings(values={"sharing": "owners"}))
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.target(VAT), level=Level.OWNER))
    income_tax = On.target(Target("engagement", FORTUNE_INCOME_TAX))
    do(cast.firm, SetGrant(to=(member_subject(OWEN),), on=income_tax, level=Level.OWNER))
    return cast


def panel(cast: Cast) -> str:
    return reverse("share-client", args=[cast.firm, FORTUNE])


def test_the_owner_of_one_service_gives_it_to_somebody(owned: Cast, cai: PageClient) -> None:
    page = cai.get(panel(owned))
    assert "VAT: you may share this service" in text(page)
    assert "Income Tax: you may share this service" not in text(page)
    choose = cai.get(link(page, "Share this service"))
    form = cai.get(link(choose, "Enid"))
    assert "Their access to VAT" in text(form)
    question = cai.post(form.wsgi_request.path, {"level": "editor"})
    assert question.status_code == 200, errors(question)
    sent = {"level": "editor", "answer": "yes", "version": value(question, "version")}
    assert "Enid: Can view and manage" in text(cai.post(form.wsgi_request.path, sent, follow=True))
    held = firm_state(owned.firm).grants_of(member_subject(ENID))
    assert held.level_on(VAT) is Level.EDITOR
    assert held.grant_on(Target("client", FORTUNE)) is None


def test_they_are_told_of_what_was_given_on_that_service_alone(owned: Cast, cai: PageClient) -> None:
    page = text(cai.get(panel(owned)))
    told = page.partition("you may share this service")[2].partition("Share this service")[0]
    assert "Cai" in told
    assert "Owen" not in told
    choose = cai.get(reverse("share-service-with", args=[owned.firm, FORTUNE, FORTUNE_VAT]))
    assert "Income Tax" not in text(choose)


def test_they_give_neither_the_client_nor_another_service(owned: Cast, cai: PageClient) -> None:
    place = [owned.firm, FORTUNE, ENID]
    form = cai.get(reverse("share-service-with-member", args=[*place, FORTUNE_VAT]))
    assert "The whole client" not in text(form)
    # Of a service that does not show to them there is nothing to be told.
    refused = [
        reverse("share-client-with", args=[owned.firm, FORTUNE]),
        reverse("share-client-with-member", args=place),
        reverse("share-service-with", args=[owned.firm, FORTUNE, FORTUNE_INCOME_TAX]),
        reverse("share-service-with-member", args=[*place, FORTUNE_INCOME_TAX]),
        reverse("stop-sharing", args=[owned.firm, FORTUNE, "member", OWEN, FORTUNE_INCOME_TAX]),
    ]
    assert [cai.get(address).status_code for address in refused] == [403, 403, 404, 404, 404]


def test_they_take_away_what_was_given_on_it(owned: Cast, cai: PageClient) -> None:
    do(owned.firm, SetGrant(to=(member_subject(ENID),), on=On.target(VAT), level=Level.EDITOR))
    page = cai.get(panel(owned))
    address = link(page, "Remove the access of Enid: VAT")
    question = cai.get(address)
    cai.post(address, {"answer": "yes", "version": value(question, "version")})
    assert firm_state(owned.firm).grants_of(member_subject(ENID)).grant_on(VAT) is None
