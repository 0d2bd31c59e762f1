"""The description of the API says what the API does."""

from __future__ import annotations

import json
import re

import jsonschema_rs
import pytest
from django.test import Client

from ringfence.api.description import FILE, written
from ringfence.api.examples import says_more
from ringfence.api.writes import DELETE, WRITES, Write
from ringfence.core.commands.definitions import On, SetGrant
from ringfence.core.terms import Level, member_subject
from tests.api.caller import Caller
from tests.web.cast import BAKER, CAI, Cast, do


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


def test_each_answer_that_says_more_than_done_has_an_example_that_fits_its_shape() -> None:
    """`python -m tools.api_answers` takes them from what the tests were answered."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    for path, methods in found["paths"].items():
        for operation in methods.values():
            if says_more(operation):
                done = max(status for status in operation["responses"] if status < "300")
                content = operation["responses"][done]["content"]["application/json"]
                shape = {**content["schema"], "components": found["components"]}
                jsonschema_rs.validate(shape, content["example"])
                assert content["example"].get("items") != [], path


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.command)
def test_the_example_of_a_body_is_understood(cast: Cast, owen: Caller, write: Write) -> None:
    """Whatever it names may be missing here, and what it wants may be refused."""
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    shapes = json.loads(FILE.read_text(encoding="utf-8"))["components"]["schemas"]
    (example,) = shapes[write.body.__name__]["examples"]
    address = re.sub(r"\{.*?\}", "987654", write.path)
    found = owen.ask(write.method, f"{address}?preview=true", None if write.method == DELETE else example)
    assert found.status not in {400, 422}, found.body["detail"]
