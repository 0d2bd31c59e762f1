"""The page about the API: all of it, for everybody, without a script."""

from __future__ import annotations

import json
import re

from ringfence.web.journeys.api_page.reading import description
from tests.support.repository import ROOT
from tests.web.checks import PageClient

DOCUMENT = ROOT / "src/ringfence/api/openapi.json"


def test_everybody_reads_about_every_operation(visitor: PageClient) -> None:
    text = visitor.get("/api/v1/").content.decode()
    paths = json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]
    for path, methods in paths.items():
        assert path in text
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in text


def test_shapes_that_are_alike_are_shown_once_and_named_by_what_they_are_of(visitor: PageClient) -> None:
    text = visitor.get("/api/v1/").content.decode()
    assert text.count('id="shape-ListAnswer"') == text.count('id="shape-Foretold"') == 1
    assert "200 ListAnswer of ClientAnswer" in text
    assert "list of (what it is of)" in text
    assert "ListAnswer_" not in text


def test_what_nearly_every_write_takes_is_described_once(visitor: PageClient) -> None:
    text = visitor.get("/api/v1/").content.decode()
    assert text.count("Only say what it would do; nothing changes.") == 1
    assert "Takes preview, If-Match, Idempotency-Key." in text
    assert text.count("How many on a page.") == 1
    assert "By id, inactive ones too. Takes cursor, limit." in text
    assert text.count("Why, for the ledger.") == 1
    assert "Takes preview, If-Match, Idempotency-Key, reason." in text


def test_each_problem_has_its_place_to_which_answers_lead(visitor: PageClient) -> None:
    text = visitor.get("/api/v1/").content.decode()
    codes = json.loads(DOCUMENT.read_text(encoding="utf-8"))["components"]["schemas"]["Problem"]["x-codes"]
    assert len(codes) > 20
    for code in codes:
        assert f'id="problem-{code}"' in text


def test_a_command_is_shown_as_it_is_sent(visitor: PageClient) -> None:
    text = visitor.get("/api/v1/").content.decode()
    assert "curl -X PUT &#34;$ADDRESS/api/v1/grants&#34;" in text
    assert "&#34;level&#34;: &#34;editor&#34;" in text


def test_the_fields_of_every_body_and_an_example_are_shown() -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    shown = {each.id: each for resource in description().resources for each in resource.operations}
    for methods in document["paths"].values():
        for operation in methods.values():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                (name,) = re.findall(r"schemas/(\w+)", json.dumps(content["application/json"]["schema"]))
                fields = document["components"]["schemas"][name]["properties"]
                found = shown[operation["operationId"]]
                own = {each.name for each in found.fields if each.where == "body"}
                # Why it is done is described once.
                assert own | {"reason"} >= set(fields), name
                assert "reason" not in fields or "reason" in own or "reason" in found.says, name
                assert "-d '{}'" not in found.curl, name
