"""People and clients are found and sorted as a plain keyboard would type their names, on every page alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.core.commands.definitions import AddMember, ClientRow, ImportClients, On, SetGrant
from ringfence.core.terms import Level, member_subject
from tests.web.cast import VAT, Cast, do
from tests.web.reading import document, names

if TYPE_CHECKING:
    from tests.web.checks import PageClient

pytestmark = pytest.mark.both_databases

LUKASZ, LUKE, ZETA = 6, 7, 8
"""Members by number, as `spread` adds them."""


@pytest.fixture
def spread(cast: Cast) -> Cast:
    for name in ("Łukasz Nowak", "Lukasz Adamski", "Zeta Jones"):
        do(cast.firm, AddMember(name=name, email=f"{name.split()[1].lower()}@pike.example"))
    rows = (
        ClientRow(name="O’Connell & Søn", services={VAT: ""}, reference="O'C-1"),
        ClientRow(name="Zzz"),
        ClientRow(name="Łódź Mills"),
    )
    do(cast.firm, ImportClients(rows=rows, grants=()))
    return cast


@pytest.mark.parametrize("typed", ["oconnell", "O'Connell", "son OCONNELL", "o’connell", "o'c-1", "oc-1"])
def test_a_client_is_found_without_its_apostrophe_and_stroke(
    spread: Cast, owen: PageClient, typed: str
) -> None:
    response = owen.get(reverse("clients", args=[spread.firm]), {"search": typed})
    assert [name for name in names(response) if "Connell" in name] == names(response) != []


def test_clients_with_strokes_stand_among_their_likes(spread: Cast, owen: PageClient) -> None:
    found = names(owen.get(reverse("clients", args=[spread.firm])))
    assert [each for each in found if each in {"Llŷr Ŵyn Cyfyngedig", "Łódź Mills", "Zzz"}] == [
        "Llŷr Ŵyn Cyfyngedig",
        "Łódź Mills",
        "Zzz",
    ]


def test_a_member_is_found_without_the_stroke(spread: Cast, owen: PageClient) -> None:
    page = reverse("client-access", args=[spread.firm, 1])
    found = names(owen.get(page, {"show": "all", "search": "lukasz"}))
    assert {"Łukasz Nowak", "Lukasz Adamski"} <= set(found)
    assert "Zeta Jones" not in found


def test_holders_of_a_client_stand_in_the_order_of_every_other_list(spread: Cast, owen: PageClient) -> None:
    for number in (ZETA, LUKASZ, LUKE):
        do(spread.firm, SetGrant(to=(member_subject(number),), on=On.client(1), level=Level.EDITOR))
    main = document(owen.get(reverse("client-access", args=[spread.firm, 1]))).find(".//main")
    page = "".join(main.itertext())
    holders = page[: page.index("can open it")]
    places = [holders.index(name) for name in ("Lukasz Adamski", "Łukasz Nowak", "Zeta Jones")]
    assert places == sorted(places)
