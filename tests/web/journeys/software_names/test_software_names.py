"""The names of other software on pages: listed, added with what they mean, removed after yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import SetNames
from ringfence.core.values import ActionName, SoftwareNames
from tests.web.cast import Cast, do
from tests.web.reading import errors, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SOFT = (("soft", "true"),)


def kept(cast: Cast) -> SoftwareNames:
    return firm_state(cast.firm).software_names


def add(cast: Cast, client: PageClient, **given: str) -> Any:
    return client.post(reverse("add-software-name", args=[cast.firm]), given, follow=True)


def test_a_type_and_an_action_are_added_and_listed(cast: Cast, owen: PageClient) -> None:
    add(cast, owen, name=" record ", means="client")
    add(cast, owen, name="close", means="remove")
    page = add(cast, owen, name="close", means="edit", property="soft", value="true")
    assert "The name close is added." in text(page)
    assert kept(cast) == SoftwareNames(
        types={"record": "client"},
        actions=(ActionName("close", "remove"), ActionName("close", "edit", SOFT)),
    )
    assert [row[:3] for row in rows(page)] == [
        ["record", "A client", "Always"],
        ["close", "To remove it", "Always"],
        ["close", "To edit it", "soft = true"],
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("true", "true"),
        ("7", "7"),
        ("null", "null"),
        ("high", '"high"'),
        ('"high"', '"high"'),
        ("NaN", '"NaN"'),
        ("[1]", '"[1]"'),
        ("agréé", '"agréé"'),
    ],
)
def test_a_value_is_what_it_is_in_json_or_a_text(
    cast: Cast, owen: PageClient, typed: str, meant: str
) -> None:
    add(cast, owen, name="close", means="edit", property="risk", value=typed)
    assert kept(cast).actions == (ActionName("close", "edit", (("risk", meant),)),)


def test_everything_that_is_missing_is_told_at_once(cast: Cast, owen: PageClient) -> None:
    found = errors(add(cast, owen, name=" ", means="fly", value="true"))
    assert [at for _text, at in found] == ["#name", "#means", "#property"]
    assert kept(cast) == SoftwareNames()


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"name": "record", "means": "client", "property": "soft", "value": "true"}, "#property"),
        ({"name": "close", "means": "edit", "property": "soft"}, "#value"),
        ({"name": "x" * 101, "means": "edit"}, "#name"),
        ({"name": "re\u0007cord", "means": "client"}, "#name"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    cast: Cast, owen: PageClient, given: dict[str, str], at: str
) -> None:
    assert [place for _text, place in errors(add(cast, owen, **given))] == [at]
    assert kept(cast) == SoftwareNames()


def test_a_name_that_stands_is_not_given_another_meaning_by_the_way(cast: Cast, owen: PageClient) -> None:
    add(cast, owen, name="record", means="client")
    page = add(cast, owen, name="record", means="engagement")
    assert "Remove it first" in errors(page)[0][0]
    assert kept(cast).types == {"record": "client"}
    # An action may be called what a type is.
    add(cast, owen, name="record", means="view")
    assert kept(cast).actions == (ActionName("record", "view"),)


def test_a_name_is_removed_after_yes_and_no_other(cast: Cast, owen: PageClient) -> None:
    names = SoftwareNames(
        types={"record": "client"},
        actions=(ActionName("close", "remove"), ActionName("close", "edit", SOFT)),
    )
    do(cast.firm, SetNames(names=names))
    address = reverse("remove-software-name", args=[cast.firm, 2])
    page = owen.get(address)
    given = {"version": value(page, "version"), "which": value(page, "which"), "answer": "yes"}
    assert kept(cast) == names
    said = owen.post(address, given, follow=True)
    assert "The name close is removed." in text(said)
    assert kept(cast) == SoftwareNames(
        types={"record": "client"}, actions=(ActionName("close", "edit", SOFT),)
    )
    # The place is another name's now: the second of two clicks removes nothing.
    owen.post(address, given)
    assert len(kept(cast).actions) == 1
    assert owen.get(reverse("remove-software-name", args=[cast.firm, 9])).status_code == 404


def test_no_keeps_it(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, SetNames(names=SoftwareNames(types={"record": "client"})))
    address = reverse("remove-software-name", args=[cast.firm, 1])
    page = owen.get(address)
    owen.post(address, {"version": value(page, "version"), "which": value(page, "which"), "answer": "no"})
    assert kept(cast).types == {"record": "client"}


def test_who_reads_the_control_side_sees_names_and_changes_none(cast: Cast, ada: PageClient) -> None:
    do(cast.firm, SetNames(names=SoftwareNames(types={"record": "client"})))
    page = ada.get(reverse("software-names", args=[cast.firm]))
    assert [row[:2] for row in rows(page)] == [["record", "A client"]]
    assert "Add a name" not in text(page)
    assert add(cast, ada, name="file", means="client").status_code == 403
