"""The description of the API says what the API does."""

from __future__ import annotations

import json

from django.test import Client

from ringfence.api.description import FILE, written
from ringfence.api.writes import WRITES
from tests.api.caller import Caller
from tests.web.cast import Cast


def test_the_file_is_as_the_api_is() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run `python -m tools.openapi`"


def test_it_is_served_to_everybody_as_it_is(cast: Cast) -> None:
    found = Client().get("/api/v1/openapi.json")
    assert found.status_code == 200
    assert found.json() == json.loads(FILE.read_text(encoding="utf-8"))
    assert found.json()["openapi"].startswith("3.1")
    assert Caller().post("/openapi.json").code == "wrong_method"


def test_each_write_has_its_command_and_its_preview() -> None:
    paths = json.loads(FILE.read_text(encoding="utf-8"))
    for write in WRITES:
        operation = paths["paths"][f"/api/v1{write.path}"][write.method.lower()]
        assert operation["description"] == f"The command `{write.command}`."
        assert "PreviewAnswer" in json.dumps(operation["responses"]["200"])


def test_each_body_is_a_named_shape_with_an_example() -> None:
    found = json.loads(FILE.read_text(encoding="utf-8"))
    for path, methods in found["paths"].items():
        for operation in methods.values():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None:
                shape = found["components"]["schemas"][body["schema"]["$ref"].rpartition("/")[2]]
                assert [each for each in shape["examples"] if each], path
