"""Filters, order, pages, ETags and bulk, as this server says that it has them."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.access import firm_state
from tests.scim.directory import BULK, USER, Directory
from tests.web.cast import CAI, Cast

PEOPLE = ("ann", "bob", "cat", "dan", "eve")


@pytest.fixture
def people(entra: Directory) -> dict[str, str]:
    """Ids by user name; Bob is inactive."""
    return {
        name: entra.user(
            f"{name}@new.example", displayName=name.title(), externalId=f"x-{name}", active=name != "bob"
        ).id
        for name in PEOPLE
    }


def found(entra: Directory, asked: str) -> list[str]:
    """The user names that a search finds, without their domain; members of before left out."""
    body = entra.get(f"/Users?{asked}").body
    return [each["userName"].partition("@")[0] for each in body["Resources"] if "@new." in each["userName"]]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ('userName eq "ANN@new.example"', ["ann"]),
        ('externalId eq "x-cat"', ["cat"]),
        ('emails[type eq "work"].value eq "dan@new.example"', ["dan"]),
        ('emails.value eq "dan@new.example"', ["dan"]),
        ('userName eq "ann@new.example" and active eq true', ["ann"]),
        ('userName eq "bob@new.example" and active eq true', []),
        ('active eq false and displayName sw "B"', ["bob"]),
        ('displayName co "a" and not (displayName eq "Cat")', ["ann", "dan"]),
        ('userName sw "e" or userName sw "d"', ["dan", "eve"]),
        ('displayName eq "Bob" or displayName eq "Ann" and active eq true', ["ann", "bob"]),
        ('not (displayName eq "Ann" or displayName sw "B")', ["cat", "dan", "eve"]),
        ('externalId pr and displayName ge "Dan"', ["dan", "eve"]),
        ('userName eq "nobody@new.example"', []),
    ],
)
def test_a_filter_finds_exactly_who_matches(
    entra: Directory, people: dict[str, str], asked: str, names: list[str]
) -> None:
    assert sorted(found(entra, f"filter={asked}")) == names


def test_a_user_is_found_by_id(entra: Directory, people: dict[str, str]) -> None:
    assert found(entra, f'filter=id eq "{people["eve"]}"') == ["eve"]


@pytest.mark.parametrize("asked", ["userName zz 1", "nonsense eq 1", "userName eq"])
def test_a_filter_that_cannot_be_read_is_refused(entra: Directory, asked: str) -> None:
    refused = entra.get(f"/Users?filter={asked}")
    assert (refused.status, refused.body["scimType"]) == (400, "invalidFilter")


def test_everybody_comes_once_over_all_pages(cast: Cast, entra: Directory, people: dict[str, str]) -> None:
    ids: list[str] = []
    total = start = 1
    while start <= total:
        page = entra.get(f"/Users?startIndex={start}&count=3").body
        total, start = page["totalResults"], start + page["itemsPerPage"]
        ids += [each["id"] for each in page["Resources"]]
    assert len(ids) == len(set(ids)) == total == len(firm_state(cast.firm).members)
    assert entra.get("/Users?count=0").body["totalResults"] == total


def test_users_come_in_the_order_that_is_asked_for(entra: Directory, people: dict[str, str]) -> None:
    assert found(entra, "sortBy=userName") == list(PEOPLE)
    assert found(entra, "sortBy=userName&sortOrder=descending") == list(reversed(PEOPLE))
    assert found(entra, "sortBy=displayName&filter=active eq true") == ["ann", "cat", "dan", "eve"]


def test_only_what_is_asked_for_is_told(entra: Directory, people: dict[str, str]) -> None:
    (told,) = entra.get('/Users?filter=userName eq "ann@new.example"&attributes=active').body["Resources"]
    assert set(told) <= {"schemas", "id", "active"}


def test_a_version_that_is_no_longer_so_stops_a_change(entra: Directory, people: dict[str, str]) -> None:
    path = f"/Users/{people['ann']}"
    read = entra.get(path)
    version = read.headers["ETag"]
    assert entra.get(path, if_none_match=version).status == 304
    rename = {"op": "replace", "path": "displayName", "value": "Anna"}
    assert entra.patch(path, rename, if_match=version).status == 204
    assert entra.patch(path, {**rename, "value": "Anja"}, if_match=version).status == 412
    assert entra.ask("DELETE", path, if_match=version).status == 412
    assert entra.get(path).body["displayName"] == "Anna"


def test_a_group_has_another_version_once_somebody_joins(entra: Directory, people: dict[str, str]) -> None:
    team = entra.group("Team North", people["ann"])
    version, path = team.headers["ETag"], f"/Groups/{team.id}"
    joining = {"op": "add", "path": "members", "value": [{"value": people["bob"]}]}
    assert entra.patch(path, joining, if_match=version).status == 204
    assert entra.patch(path, {"op": "remove", "path": "members"}, if_match=version).status == 412
    assert entra.members(team.id) == {people["ann"], people["bob"]}


def test_a_filter_that_is_too_long_is_refused_before_it_is_read(entra: Directory) -> None:
    asked = " or ".join(['displayName co "a"'] * 1_000)
    search = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": asked}
    refused = entra.ask("POST", "/Users/.search", search)
    assert (refused.status, refused.body["scimType"]) == (400, "invalidFilter")
    assert "10,000" in refused.body["detail"]


def bulk(*operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"schemas": [BULK], "Operations": list(operations), **more}


def test_a_bulk_request_does_its_operations_in_order(cast: Cast, entra: Directory) -> None:
    done = entra.ask(
        "POST",
        "/Bulk",
        bulk(
            {
                "method": "POST",
                "path": "/Users",
                "bulkId": "u",
                "data": {
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                    "userName": "zoe@x.example",
                },
            },
            {
                "method": "POST",
                "path": "/Groups",
                "bulkId": "g",
                "data": {
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
                    "displayName": "Zs",
                    "members": [{"value": "bulkId:u"}, {"value": str(CAI)}],
                },
            },
            {"method": "DELETE", "path": "/Users/4711"},
        ),
    )
    assert [each["status"] for each in done.body["Operations"]] == ["201", "201", "404"]
    group = done.body["Operations"][1]["location"].rpartition("/")[2]
    zoe = done.body["Operations"][0]["location"].rpartition("/")[2]
    assert entra.members(group) == {zoe, str(CAI)}


def test_a_bulk_request_that_says_nothing_of_it_brings_nobody_back(cast: Cast, entra: Directory) -> None:
    jane = entra.user("jane@pike.example", active=False).id
    body = {"schemas": [USER], "userName": "jane@pike.example"}
    done = entra.ask("POST", "/Bulk", bulk({"method": "PUT", "path": f"/Users/{jane}", "data": body}))
    assert [each["status"] for each in done.body["Operations"]] == ["400"]
    assert not firm_state(cast.firm).members[int(jane)].active


def test_a_bulk_request_stops_after_as_many_errors_as_it_says(entra: Directory) -> None:
    gone = [{"method": "DELETE", "path": f"/Users/{each}"} for each in ("4711", "4712", "4713")]
    done = entra.ask("POST", "/Bulk", bulk(*gone, failOnErrors=1))
    assert len(done.body["Operations"]) == 1


def test_a_bulk_request_of_too_many_operations_is_refused(entra: Directory) -> None:
    config = entra.get("/ServiceProviderConfig").body["bulk"]
    many = [{"method": "DELETE", "path": "/Users/4711"}] * (config["maxOperations"] + 1)
    assert entra.ask("POST", "/Bulk", bulk(*many)).status == 413
