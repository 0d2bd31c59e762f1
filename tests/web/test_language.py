"""English and Cymraeg on every page, without scripts, remembered for the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from ringfence.core.commands.definitions import CreateGroup, On, SetGrant, TurnOn
from ringfence.core.terms import EVERYONE, Level, group_subject
from tests.web.cast import CAI, FORTUNE, VAT_GROUP, Cast, do
from tests.web.reading import document, heading, names, text, title

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def choose(client: PageClient, language: str, after: str = "/") -> object:
    return client.post(reverse("set_language"), {"language": language, "next": after}, follow=True)


def test_a_page_turns_welsh_and_stays_where_it_was(cast: Cast, cai: PageClient) -> None:
    address = reverse("clients", args=[cast.firm]) + "?search=fort"
    response = cai.post(reverse("set_language"), {"language": "cy", "next": address}, follow=True)
    assert heading(response) == "Cleientiaid"
    assert response.request["QUERY_STRING"] == "search=fort"
    assert document(response).get("lang") == "cy"


def test_the_language_is_remembered_for_the_user(cast: Cast, cai: PageClient) -> None:
    choose(cai, "cy")
    cast.users["Cai"].refresh_from_db()
    assert cast.users["Cai"].language == "cy"


def test_signing_in_on_another_machine_brings_the_language(cast: Cast, visitor: PageClient) -> None:
    cai = cast.users["Cai"]
    cai.language = "cy"
    cai.set_password("three unrelated words")
    cai.save()
    form = {"login": "cai@pike.example", "password": "three unrelated words"}
    response = visitor.post(reverse("account_login"), form, follow=True)
    assert heading(response) == "Cleientiaid"


def test_an_unknown_language_changes_nothing(cast: Cast, cai: PageClient) -> None:
    choose(cai, "xx")
    cast.users["Cai"].refresh_from_db()
    assert cast.users["Cai"].language == ""


def test_the_language_switch_never_leads_to_another_site(cast: Cast, cai: PageClient) -> None:
    response = cai.post(reverse("set_language"), {"language": "cy", "next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_an_error_in_welsh_says_so_in_the_title(cast: Cast, visitor: PageClient) -> None:
    choose(visitor, "cy", "/sign-in")
    assert title(visitor.post(reverse("account_login"), {})).startswith("Gwall: Mewngofnodi")


def test_a_group_of_that_name_is_told_from_the_built_in_one(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, CreateGroup(name="Pawb"))
    both = (group_subject(EVERYONE), group_subject(VAT_GROUP))
    do(cast.firm, SetGrant(to=both, on=On.client(FORTUNE), level=Level.EDITOR))
    do(cast.firm, TurnOn())
    choose(owen, "cy")
    listed = owen.get(reverse("groups", args=[cast.firm]))
    assert [name.split()[0] for name in names(listed)] == ["Pawb"]
    assert "Grŵp mynediad wedi’i gynnwys Pawb: pob un o’r 5 aelod tîm gweithredol" in text(listed)
    assert "Grŵp mynediad wedi’i gynnwys Pawb" in text(owen.get(reverse("group", args=[cast.firm, EVERYONE])))
    given = text(owen.get(reverse("client-access", args=[cast.firm, FORTUNE])))
    assert "Pawb (grŵp mynediad wedi’i gynnwys)" in given
    assert "Pawb (grŵp mynediad)" in given
    proof = text(owen.get(reverse("why-member", args=[cast.firm, FORTUNE, CAI])))
    assert "Pawb (wedi’i gynnwys)" in proof


def test_the_built_in_group_has_a_welsh_name(cast: Cast, owen: PageClient) -> None:
    choose(owen, "cy")
    assert "Pawb" in owen.get(reverse("groups", args=[cast.firm])).content.decode()
