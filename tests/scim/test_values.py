"""Values of another kind than Ringfence keeps: refused with the field and what it must be, in our words."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.access import firm_state
from tests.scim.directory import BULK, GROUP, USER, Directory
from tests.web.cast import Cast


@pytest.mark.parametrize("value", ["yes", "on", "1", 1, 0, 0.0, {}, ["True", "False"]])
def test_active_is_a_boolean_or_one_as_a_text(cast: Cast, entra: Directory, value: Any) -> None:
    before = firm_state(cast.firm).version
    made = entra.user("kim@pike.example", active=value)
    assert (made.status, made.body["scimType"]) == (400, "invalidValue")
    assert made.body["detail"] == "active: This must be true or false."
    bulk = {
        "method": "POST",
        "bulkId": "b",
        "path": "/Users",
        "data": {"schemas": [USER], "userName": "kim@pike.example", "active": value},
    }
    (told,) = entra.ask("POST", "/Bulk", {"schemas": [BULK], "Operations": [bulk]}).body["Operations"]
    assert (told["status"], told["response"]["detail"]) == ("400", "active: This must be true or false.")
    assert firm_state(cast.firm).version == before


@pytest.mark.parametrize(
    ("value", "active"), [("True", True), ("False", False), ("true", True), (["False"], False)]
)
def test_active_is_read_as_entra_writes_it(cast: Cast, entra: Directory, value: Any, active: bool) -> None:
    assert entra.user("kim@pike.example", active=value).body["active"] is active


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("/Users", {"userName": 5}, "userName: This must be a text."),
        ("/Users", {}, "userName: This is missing. Send it with a value."),
        ("/Users", {"userName": "k", "externalId": []}, "externalId: This must be a text."),
        ("/Users", {"userName": "k", "emails": 5}, "emails: This must be a list."),
        ("/Users", {"userName": "k", "emails": [{"value": 5}]}, "emails[0].value: This must be a text."),
        ("/Groups", {"displayName": True}, "displayName: This must be a text."),
        ("/Groups", {"displayName": "g", "members": 5}, "members: This must be a list."),
        ("/Groups", {}, "displayName: This is missing. Send it with a value."),
    ],
)
def test_a_value_of_another_kind_is_refused_with_its_field(
    entra: Directory, path: str, body: dict[str, Any], told: str
) -> None:
    answer = entra.ask("POST", path, {"schemas": [USER if path == "/Users" else GROUP], **body})
    assert (answer.status, answer.body["detail"]) == (400, told)


@pytest.mark.parametrize("body", [b"{", b"", b"[]", b"null"])
def test_a_body_that_is_no_object_is_refused(entra: Directory, body: bytes) -> None:
    answer = entra.ask("POST", "/Users", body)
    assert (answer.status, answer.body["scimType"]) == (400, "invalidSyntax")
    assert answer.body["detail"] == "The body must be an object in JSON."


def test_a_patch_to_a_value_of_another_kind_is_refused_with_its_field(entra: Directory) -> None:
    user, group = entra.user("kim@pike.example").id, entra.group("Readers").id
    for path, field, value, told in (
        (f"/Users/{user}", "active", 1, "active: This must be true or false."),
        (f"/Users/{user}", "userName", 5, "userName: This must be a text."),
        (f"/Groups/{group}", "displayName", 5, "displayName: This must be a text."),
    ):
        answer = entra.patch(path, {"op": "replace", "path": field, "value": value})
        assert (answer.status, answer.body["detail"]) == (400, told)
