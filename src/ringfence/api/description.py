"""The API in OpenAPI 3.1, as `openapi.json` beside this file has it: `python -m tools.openapi` writes it.

It comes with the release, so that nothing is worked out to serve it and every change of it is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ringfence.wording import refusal_text

from .examples import answers
from .previews import PreviewAnswer
from .problems import CODES, MEDIA_TYPE, REFUSED, TYPES
from .routes import VERSION
from .service import API

PREFIX = "/api/v1"
FILE = Path(__file__).with_name("openapi.json")

ABOUT = """\
Every write is refused whole or done whole; most are one command of the rules. With `?preview=true` it only
says what it would do. Every answer
carries the firm's version, in `Ringfence-Version` and as its `ETag`; a change that rests on what was read
sends it back in `If-Match`. A request that is sent again with the same `Idempotency-Key` within a day is done
once.

Things are named by id, or by a word that only one has: members by e-mail address, clients by reference,
groups, services and walls by name (`id:12` as a text is the id 12). The token's member sees here what they
see on pages.

Two addresses are described in `docs/`: the change feed, `/api/v1/changes`, in `changes.md`, and
`/api/v1/access-requests` in `integrate.md`.
"""

BOTH = "Done; or with `preview=true`, what it would do."

READ_PROBLEMS = (400, 401, 403, 404, 429, 503)
WRITE_PROBLEMS = (400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503)


def description() -> dict[str, Any]:
    """The whole of it."""
    found: dict[str, Any] = API.get_openapi_schema(path_prefix=PREFIX)
    found["info"] = {
        "title": "Ringfence management API",
        "version": "1",
        "summary": API.description,
        "description": ABOUT,
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }
    found["servers"] = [{"url": "/"}]
    schemas = found["components"]["schemas"]
    schemas.update(_schema_of_previews())
    schemas["Problem"] = _problem_schema()
    found["components"]["responses"] = {
        "Problem": {
            "description": "Why it was not done, and what to do about it.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }
    found["components"]["headers"] = {
        VERSION: {"description": "The firm's version.", "schema": {"type": "integer", "minimum": 1}},
    }
    shown = answers()
    for operation in _operations(found):
        _complete(operation)
        _show(operation, shown.get(operation["operationId"]))
    for schema in schemas.values():
        schema.pop("title", None)
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]  # as it is read from the file


def _operations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in found["paths"].values():
        yield from methods.values()


def _complete(operation: dict[str, Any]) -> None:
    """What ninja cannot know: previews, problems, headers."""
    writes = operation.pop("x-command", None)
    changes = operation.pop("x-write", None) or writes
    previewed = any(each["name"] == "preview" for each in operation.get("parameters", ()))
    operation["security"] = [{"Bearer": []}]
    for parameter in operation.get("parameters", ()):
        parameter["schema"].pop("title", None)
        parameter["schema"].pop("description", None)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        # Of a body that may be left out ninja wraps the one shape that it has.
        (content["schema"],) = content["schema"].get("allOf", [content["schema"]])
    answers = operation["responses"]
    for answer in answers.values():
        answer["headers"] = {VERSION: {"$ref": f"#/components/headers/{VERSION}"}}
        answer["description"] = "Done." if changes else "The answer."
    if previewed and not writes:
        answers[200]["description"] = "With `preview=true`: what it would do." if len(answers) > 1 else BOTH
    if writes:
        preview = {"schema": {"$ref": f"#/components/schemas/{PreviewAnswer.__name__}"}}
        if 200 in answers:
            content = answers[200]["content"]["application/json"]
            content["schema"] = {"oneOf": [content["schema"], preview["schema"]]}
            answers[200]["description"] = BOTH
        else:
            answers[200] = {
                "description": "With `preview=true`: what it would do.",
                "content": {"application/json": preview},
                "headers": {VERSION: {"$ref": f"#/components/headers/{VERSION}"}},
            }
    for status in WRITE_PROBLEMS if changes else READ_PROBLEMS:
        answers[status] = {"$ref": "#/components/responses/Problem"}
    operation["responses"] = {str(status): answers[status] for status in sorted(answers)}


def _show(operation: dict[str, Any], answer: Any) -> None:
    """An answer as an example of the operation that gave it."""
    if answer is not None:
        # A preview is 200 also where what is done is 201.
        done = max(status for status in operation["responses"] if status < "300")
        operation["responses"][done]["content"]["application/json"]["example"] = answer


def _schema_of_previews() -> dict[str, Any]:
    found = PreviewAnswer.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    return {**found.pop("$defs"), PreviewAnswer.__name__: found}


def _problem_schema() -> dict[str, Any]:
    codes = sorted({*CODES, *(refusal.value for refusal in REFUSED)})
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": {**text, "description": "Where the code stands in the page about the API."},
            "title": {**text, "description": "What went wrong, in general."},
            "status": {"type": "integer"},
            "code": {"enum": codes, "description": "Stable: decide by it."},
            "detail": {**text, "description": "What exactly, and what to do about it."},
            "cause": {**text, "description": "Of a refusal: its exact cause. Stable."},
            "field": {**text, "description": "Which argument or parameter it is about."},
            "later": {
                "type": "array",
                "items": {"type": "integer"},
                "description": "Of what cannot be undone: the entries that stand against it.",
            },
            "row": {"type": "integer", "description": "Which row of a list, from 0."},
            "command": {"type": "integer", "description": "Which command of a batch, from 0."},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"in": text, "field": text, "detail": text},
                },
            },
        },
        "x-codes": {
            **{refusal.value: [int(status), refusal_text(refusal)] for refusal, status in REFUSED.items()},
            **{code: [int(status), str(title)] for code, (status, title, _remedy) in CODES.items()},
        },
        "examples": [
            {
                "type": f"{TYPES}not_permitted",
                "title": "You may not do this.",
                "status": 403,
                "code": "not_permitted",
                "detail": "Only administrators and principals can do this. Ask one of them.",
                "cause": "only_administrators",
            }
        ],
    }


def written() -> str:
    """As the file has it."""
    return json.dumps(description(), ensure_ascii=False, indent=1) + "\n"
