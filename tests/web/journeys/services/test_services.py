"""The service catalogue: numbers, adding, renaming, and removing only what nothing has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import CreateGroup, On, RemoveClient
from ringfence.firms.models import Service
from tests.web.cast import CAI, QUOTED, VAT, Cast, do
from tests.web.reading import errors, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def catalogue(cast: Cast, client: PageClient) -> dict[str, list[str]]:
    """Each service's row, by its name."""
    return {row[0]: row[1:] for row in rows(client.get(reverse("services", args=[cast.firm])))}


def test_the_catalogue_counts_clients_and_groups(cast: Cast, ada: PageClient) -> None:
    do(cast.firm, CreateGroup(name="VAT team", members=frozenset({CAI}), on=On.service(VAT)))
    shown = catalogue(cast, ada)
    assert shown["VAT"] == ["3 clients with VAT", "1"]
    assert shown["General"] == ["1 clients with General", "0"]


def test_a_service_in_use_says_by_what(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, CreateGroup(name="VAT team", members=frozenset({CAI}), on=On.service(VAT)))
    do(cast.firm, RemoveClient(client=QUOTED))
    told = "In use by 2 clients, 1 removed client, 1 access group"
    assert told in catalogue(cast, owen)["VAT"][2]
    page = owen.get(reverse("remove-service", args=[cast.firm, VAT]), follow=True)
    assert f"VAT cannot be removed. {told}." in text(page)


def test_a_service_is_added_renamed_and_removed(cast: Cast, owen: PageClient) -> None:
    owen.post(reverse("add-service", args=[cast.firm]), {"name": "Trusts"})
    number = Service.objects.get(firm=cast.firm, name="Trusts").number
    rename = reverse("rename-service", args=[cast.firm, number])
    owen.post(rename, {"name": "Trusts and Estates", "was": "Trusts"})
    assert "Trusts and Estates" in catalogue(cast, owen)
    remove = reverse("remove-service", args=[cast.firm, number])
    version = value(owen.get(remove), "version")
    owen.post(remove, {"answer": "yes", "version": version})
    assert number not in firm_state(cast.firm).services
    assert owen.post(remove, {"answer": "yes", "version": version}).status_code == 302


def test_a_taken_name_is_told_at_its_field(cast: Cast, owen: PageClient) -> None:
    page = owen.post(reverse("add-service", args=[cast.firm]), {"name": "vat"})
    assert errors(page) == [("There is a service with this name already: choose another", "#name")]
    assert value(page, "name") == "vat"


def test_a_name_that_somebody_else_changed_meanwhile_is_not_overwritten(cast: Cast, owen: PageClient) -> None:
    rename = reverse("rename-service", args=[cast.firm, VAT])
    owen.post(rename, {"name": "Value Added Tax", "was": "VAT"})
    page = owen.post(rename, {"name": "VAT 2", "was": "VAT"})
    told = "Somebody changed this meanwhile to “Value Added Tax”: check it, and save again"
    assert errors(page) == [(told, "#name")]


def test_general_is_built_in(cast: Cast, owen: PageClient) -> None:
    assert "Built in" in catalogue(cast, owen)["General"][2]
