"""What is read and said without the protocol's models is what they would read and say."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.scim import plain
from tests.scim.directory import USER, Answer, Directory
from tests.web.cast import Cast

NEW: dict[str, Any] = {"schemas": [USER], "userName": "Jo@Pike.example", "displayName": "Jo Rye"}
BROUGHT: dict[str, dict[str, Any]] = {
    "no more than a name": {"schemas": [USER], "userName": "jo"},
    "all that is kept": {**NEW, "externalId": "x-1", "active": True, "emails": [{"value": "j@pike.example"}]},
    "switched off": {**NEW, "active": "False"},
    "spaces around": {**NEW, "displayName": "  Jo   Rye ", "externalId": " x 1 "},
    "an address that is none": {**NEW, "emails": [{"value": "jo"}]},
    "somebody who is there": {"schemas": [USER], "userName": "ada@pike.example"},
    "words of another kind": {**NEW, "externalId": 7},
    "too long a name": {**NEW, "displayName": "J" * 300},
    "no schema of ours": {**NEW, "schemas": ["urn:example:User"]},
}


def by_models(entra: Directory, monkeypatch: pytest.MonkeyPatch, *asked: Any) -> Answer:
    """The answer where nothing is read without them."""
    with monkeypatch.context() as models:
        models.setattr(plain, "user", lambda data: None)
        models.setattr(plain, "called", lambda query: None)
        models.setattr("ringfence.scim.handling.USERS", "")
        return entra.ask(*asked)


def told(found: Answer) -> str:
    """All of it but which number a member has who was made, when that was, and so their version."""
    headers = {name: found.headers.get(name) for name in ("Content-Location", "Location", "ETag")}
    text = repr((found.status, found.body, headers))
    if found.status != 201:
        return text
    text = text.replace(found.body["meta"]["version"], "V").replace(found.body["meta"]["created"], "T")
    return text.replace(f"/{found.id}'", "/N'").replace(f"'id': '{found.id}'", "'id': 'N'")


@pytest.mark.parametrize("what", BROUGHT)
def test_a_user_is_brought_as_the_models_would_bring_them(
    cast: Cast, entra: Directory, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    body = BROUGHT[what]
    mine = entra.ask("POST", "/Users", body)
    if mine.status == 201:
        assert entra.ask("DELETE", f"/Users/{mine.id}").status == 204
    theirs = by_models(entra, monkeypatch, "POST", "/Users", body)
    assert told(mine) == told(theirs)


@pytest.mark.parametrize(
    "path",
    [
        "/Users/{jo}",
        "/Users/{ada}",
        "/Users/999",
        "/Users/01",
        '/Users?filter=userName eq "JO@pike.example"',
        '/Users?filter=username EQ "jo@pike.example"&startIndex=1&count=2',
        '/Users?filter=userName eq "ada@pike.example"',
        '/Users?filter=userName eq "nobody"',
        '/Users?filter=userName eq "member-1"',
        '/Users?filter=userName eq ""',
        '/Users?filter=userName eq "jo@pike.example"&count=0',
        '/Users?filter=userName eq "jo@pike.example"&count=00',
        '/Users?filter=userName\u3000eq "jo@pike.example"',
        '/Users?filter=userName eq "jo@pike.example"&attributes=active',
        '/Users?filter=userName eq "jo@pike.example" and active eq true',
    ],
)
def test_a_user_is_read_as_the_models_would_say_them(
    cast: Cast, entra: Directory, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    jo = entra.user("jo@pike.example", externalId="x-jo").id
    entra.group("Readers", jo)
    asked = path.format(jo=jo, ada=1)
    assert told(entra.ask("GET", asked)) == told(by_models(entra, monkeypatch, "GET", asked))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("externalId", "x\ud800"),
        ("userName", "jo\ud800@pike.example"),
        ("emails", [{"value": "jo\ud800@pike.example"}]),
    ],
)
def test_half_a_letter_is_refused_and_breaks_nothing(entra: Directory, path: str, value: object) -> None:
    jo = entra.user("jo@pike.example").id
    assert entra.ask("POST", "/Users", {**NEW, path: value}).status == 400
    assert entra.patch(f"/Users/{jo}", {"op": "replace", "path": path, "value": value}).status == 400


def test_a_user_who_is_known_already_is_not_sent_again(entra: Directory) -> None:
    jo = entra.user("jo@pike.example")
    again = entra.get(f"/Users/{jo.id}", if_none_match=jo.headers["ETag"])
    assert (again.status, again.headers["ETag"]) == (304, jo.headers["ETag"])
