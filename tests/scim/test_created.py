"""`meta.created`: when the firm added a member or made a group, and nothing that a directory says of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ringfence.access import OPERATOR, entries, execute
from ringfence.core.commands import definitions as w
from tests.scim.directory import GROUP, USER, Directory, bulk_of
from tests.web.cast import ADA, Cast

pytestmark = pytest.mark.both_databases


def created(resource: Any) -> datetime:
    """Of a resource as it is told, which says that it is in UTC."""
    told = resource["meta"]["created"]
    assert told.endswith("Z")
    return datetime.fromisoformat(told)


def entry_of(firm: int, command: str) -> datetime:
    """When the last entry of that command was made."""
    return next(each.when for each in reversed(list(entries(firm))) if each.command == command)


def test_a_user_was_created_when_their_entry_was_made(cast: Cast, entra: Directory) -> None:
    made = entra.user("jo@pike.example")
    assert created(made.body) == entry_of(cast.firm, "member.add")
    assert created(entra.get(f"/Users/{made.id}").body) == created(made.body)


def test_a_group_was_created_when_its_entry_was_made(cast: Cast, entra: Directory) -> None:
    made = entra.group("Readers")
    assert created(made.body) == entry_of(cast.firm, "group.create")
    assert created(entra.get(f"/Groups/{made.id}").body) == created(made.body)


def test_whom_the_firm_added_before_was_created_then(cast: Cast, entra: Directory) -> None:
    added = w.AddMember(name="Lou", email="lou@pike.example")
    at = execute(cast.firm, added, actor=OPERATOR).after.now
    (lou,) = entra.get('/Users?filter=userName eq "lou@pike.example"').body["Resources"]
    assert created(lou) == datetime.fromtimestamp(at / 1_000_000, UTC)


def test_a_change_leaves_it_as_it_is(entra: Directory) -> None:
    jo, team = entra.user("jo@pike.example").body, entra.group("Readers").body
    said = {"created": "1999-12-31T00:00:00Z"}
    user = {"schemas": [USER], "userName": "jo@pike.example", "displayName": "Jo Rye", "meta": said}
    assert created(entra.ask("PUT", f"/Users/{jo['id']}", user).body) == created(jo)
    put = {"schemas": [GROUP], "displayName": "Editors", "meta": said, "members": [{"value": jo["id"]}]}
    assert created(entra.ask("PUT", f"/Groups/{team['id']}", put).body) == created(team)
    patch = {"op": "replace", "path": "displayName", "value": "Jo Hay"}
    assert entra.patch(f"/Users/{jo['id']}?attributes=meta", patch).status == 200
    assert created(entra.get(f"/Users/{jo['id']}").body) == created(jo)


def test_it_is_not_for_a_directory_to_say(entra: Directory) -> None:
    before = datetime.now(UTC)
    said = {"created": "1999-12-31T00:00:00Z"}
    assert created(entra.user("jo@pike.example", meta=said).body) >= before
    assert created(entra.group("Readers", meta=said).body) >= before


def test_users_are_found_by_when_they_were_created(entra: Directory) -> None:
    jo, kim = (entra.user(f"{name}@pike.example").body for name in ("jo", "kim"))

    def found(asked: str) -> list[str]:
        return [each["id"] for each in entra.get(f"/Users?filter={asked}").body["Resources"]]

    assert found(f'meta.created gt "{jo["meta"]["created"]}"') == [kim["id"]]
    assert found(f'meta.created eq "{jo["meta"]["created"]}"') == [jo["id"]]
    assert kim["id"] not in found(f'meta.created lt "{kim["meta"]["created"]}"')


def test_a_time_that_is_none_finds_nobody_and_is_refused(entra: Directory) -> None:
    assert entra.get('/Users?filter=meta.created gt "soon"').status == 400


def test_users_and_groups_come_in_order_of_when_they_were_created(entra: Directory) -> None:
    brought = [entra.user(f"{name}@new.example").id for name in ("zoe", "abe")]
    made = [entra.group(name).id for name in ("Zoo", "Art")]
    for path, ids in (("/Users", brought), ("/Groups", made)):
        up = [each["id"] for each in entra.get(f"{path}?sortBy=meta.created").body["Resources"]]
        assert up[-2:] == ids
        down = entra.get(f"{path}?sortBy=meta.created&sortOrder=descending").body["Resources"]
        assert [each["id"] for each in down][:2] == ids[::-1]


def test_it_is_told_alone_where_nothing_else_is_asked_for(entra: Directory) -> None:
    jo = entra.user("jo@pike.example")
    told = entra.get(f"/Users/{jo.id}?attributes=meta.created").body
    assert created(told) == created(jo.body)
    assert "userName" not in told


def test_who_comes_in_a_bulk_request_was_created_with_their_entry(cast: Cast, entra: Directory) -> None:
    entra.ask("POST", "/Bulk", bulk_of("jo@pike.example", "kim@pike.example"))
    listed = entra.get("/Users?sortBy=meta.created&sortOrder=descending&count=2").body["Resources"]
    times = [each.when for each in entries(cast.firm) if each.command == "member.add"]
    assert [created(each) for each in listed] == times[:-3:-1]


def test_who_is_let_go_and_comes_back_was_created_once(cast: Cast, entra: Directory) -> None:
    ada = entra.get(f"/Users/{ADA}").body
    for active in (False, True):
        said = {"op": "replace", "path": "active", "value": active}
        assert entra.patch(f"/Users/{ADA}", said).status == 204
    assert created(entra.get(f"/Users/{ADA}").body) == created(ada)
