"""What Entra and Okta send, in shapes written after their public documentation, over the wire.

Entra: "Develop and plan provisioning for a SCIM endpoint in Microsoft Entra ID", and "Known issues for SCIM
2.0 compliance" (its older forms of PATCH). Okta: "SCIM 2.0 protocol reference" and "Group push".
"""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.access import firm_state
from ringfence.firms.models import Member
from tests.scim.directory import ENTERPRISE, GROUP, USER, Directory
from tests.web.cast import CAI, DILYS, Cast

ENTRA_USER: dict[str, Any] = {
    "schemas": [USER, ENTERPRISE],
    "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
    "userName": "Jane_Hale@pike.example",
    "active": True,
    "emails": [{"primary": True, "type": "work", "value": "Jane_Hale@pike.example"}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "Jane Hale", "familyName": "Hale", "givenName": "Jane"},
    "roles": [],
    ENTERPRISE: {"department": "Tax", "manager": {"value": "7"}},
}
OKTA_USER: dict[str, Any] = {
    "schemas": [USER],
    "userName": "sam.reed@pike.example",
    "name": {"givenName": "Sam", "familyName": "Reed"},
    "emails": [
        {"primary": False, "value": "sam@home.example", "type": "home"},
        {"primary": True, "value": "sam.reed@pike.example", "type": "work"},
    ],
    "displayName": "Sam Reed",
    "locale": "en-GB",
    "externalId": "00ujl29u0le5T6Aj10h7",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
}


@pytest.fixture
def jane(entra: Directory) -> str:
    """As Entra brings her."""
    return entra.ask("POST", "/Users", ENTRA_USER).id


def row(cast: Cast, number: str) -> Member:
    return Member.objects.get(firm=cast.firm, number=number)


def test_entra_s_user_is_brought_and_found_again(cast: Cast, entra: Directory, jane: str) -> None:
    assert (row(cast, jane).name, row(cast, jane).user_name) == ("Jane Hale", "Jane_Hale@pike.example")
    (found,) = entra.get('/Users?filter=userName eq "jane_hale@pike.example"').body["Resources"]
    assert found["id"] == jane
    assert found["externalId"] == ENTRA_USER["externalId"]
    assert entra.get('/Users?filter=userName eq "nobody"').body["totalResults"] == 0


def test_okta_s_user_is_brought_with_the_address_of_their_work(cast: Cast, entra: Directory) -> None:
    made = entra.ask("POST", "/Users", OKTA_USER)
    assert (made.status, row(cast, made.id).email) == (201, "sam.reed@pike.example")
    assert "password" not in made.body


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "path": "active", "value": False},
        {"op": "Replace", "value": {"active": "False"}},
        {"op": "replace", "value": {"active": False}},
        {"op": "Replace", "path": f"{USER}:active", "value": "false"},
        {"op": "Add", "path": "active", "value": [{"value": "False"}]},
    ],
)
def test_somebody_is_switched_off_in_every_form(
    cast: Cast, entra: Directory, jane: str, operation: dict[str, Any]
) -> None:
    assert entra.patch(f"/Users/{jane}", operation).status == 204
    assert not firm_state(cast.firm).members[int(jane)].active
    assert entra.get(f"/Users/{jane}").body["active"] is False


def test_entra_changes_an_address_by_a_filter_that_matches_nothing_yet(cast: Cast, entra: Directory) -> None:
    made = entra.user("kim")
    path = 'emails[type eq "work"].value'
    assert (
        entra.patch(f"/Users/{made.id}", {"op": "Add", "path": path, "value": "kim@pike.example"}).status
        == 204
    )
    assert row(cast, made.id).email == "kim@pike.example"
    entra.patch(f"/Users/{made.id}", {"op": "Replace", "path": path, "value": "k.im@pike.example"})
    assert row(cast, made.id).email == "k.im@pike.example"
    home = {"op": "Add", "path": 'emails[type eq "home"].value', "value": "kim@home.example"}
    assert entra.patch(f"/Users/{made.id}", home).status == 204
    assert row(cast, made.id).email == "k.im@pike.example"


def test_a_new_primary_address_takes_the_place_of_the_old(cast: Cast, entra: Directory, jane: str) -> None:
    new = {"value": "jane.hale@new.example", "type": "other", "primary": True}
    assert entra.patch(f"/Users/{jane}", {"op": "add", "path": "emails", "value": [new]}).status == 204
    assert row(cast, jane).email == "jane.hale@new.example"


def test_an_attribute_is_known_whatever_its_capitals(cast: Cast, entra: Directory, jane: str) -> None:
    changed = entra.patch(f"/Users/{jane}", {"op": "replace", "path": "USERNAME", "value": "jane.hale"})
    assert (changed.status, row(cast, jane).user_name) == (204, "jane.hale")


def test_what_ringfence_does_not_keep_is_passed_over_beside_what_it_keeps(
    cast: Cast, entra: Directory, jane: str
) -> None:
    done = entra.patch(
        f"/Users/{jane}",
        {"op": "Replace", "path": "name.givenName", "value": "Janet"},
        {"op": "Replace", "path": "name.familyName", "value": "Hall"},
        {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "Audit"},
        {
            "op": "Replace",
            "value": {"title": "Partner", 'emails[type eq "work"].value': "janet@pike.example"},
        },
    )
    assert done.status == 204
    assert (row(cast, jane).name, row(cast, jane).email) == ("Janet Hall", "janet@pike.example")
    only = {"op": "Replace", "path": "title", "value": "Partner"}
    before = firm_state(cast.firm).version
    assert entra.patch(f"/Users/{jane}", only).status == 204
    assert firm_state(cast.firm).version == before


def test_a_user_who_is_put_without_a_word_on_it_stays_as_they_were(
    cast: Cast, entra: Directory, jane: str
) -> None:
    entra.patch(f"/Users/{jane}", {"op": "Replace", "path": "active", "value": "False"})
    body = {key: value for key, value in ENTRA_USER.items() if key != "active"}
    assert entra.ask("PUT", f"/Users/{jane}", body).status == 200
    assert not firm_state(cast.firm).members[int(jane)].active


def test_entra_brings_a_group_and_fills_it(cast: Cast, entra: Directory, jane: str) -> None:
    made = entra.ask(
        "POST",
        "/Groups",
        {
            "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
            "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
            "displayName": "Tax North",
            "members": [],
            "meta": {"resourceType": "Group"},
        },
    )
    assert made.status == 201
    members = [{"value": jane}, {"value": str(CAI), "$ref": None}]
    assert entra.patch(f"/Groups/{made.id}", {"op": "Add", "path": "members", "value": members}).status == 204
    assert entra.members(made.id) == {jane, str(CAI)}
    gone = {"op": "Remove", "path": "members", "value": [{"value": jane}]}
    assert entra.patch(f"/Groups/{made.id}", gone).status == 204
    assert entra.members(made.id) == {str(CAI)}


def test_okta_pushes_a_group(cast: Cast, entra: Directory, jane: str) -> None:
    made = entra.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "Push", "members": []})
    push = {"op": "replace", "value": {"id": made.id, "displayName": "Pushed"}}
    assert entra.patch(f"/Groups/{made.id}", push).status == 204
    assert entra.get(f"/Groups/{made.id}").body["displayName"] == "Pushed"
    whole = [{"value": str(each), "display": f"user{each}@pike.example"} for each in (CAI, DILYS)]
    assert (
        entra.patch(f"/Groups/{made.id}", {"op": "replace", "path": "members", "value": whole}).status == 204
    )
    assert entra.members(made.id) == {str(CAI), str(DILYS)}
    gone = {"op": "remove", "path": f'members[value eq "{CAI}"]'}
    assert entra.patch(f"/Groups/{made.id}", gone).status == 204
    assert entra.members(made.id) == {str(DILYS)}


def test_a_group_of_thousands_is_put_in_one_request(cast: Cast, entra: Directory) -> None:
    new = [
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": f"b{each}",
            "data": {
                **OKTA_USER,
                "userName": f"u{each}@pike.example",
                "externalId": f"x{each}",
                "emails": [],
            },
        }
        for each in range(40)
    ]
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": new}
    done = entra.ask("POST", "/Bulk", body).body["Operations"]
    ids = [each["location"].rpartition("/")[2] for each in done]
    people = [{"value": ids[each % len(ids)], "display": "x" * 60} for each in range(20_000)]
    made = entra.group("All")
    put = {"schemas": [GROUP], "displayName": "All", "members": people}
    assert len(str(put)) > 2**20
    assert entra.ask("PUT", f"/Groups/{made.id}", put).status == 200
    assert entra.members(made.id) == set(ids)
