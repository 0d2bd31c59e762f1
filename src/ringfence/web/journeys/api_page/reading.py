"""The description of the API (OpenAPI 3.1) as what its page shows: operations, fields, examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings

Json = Mapping[str, Any]
OURS = "#/components/schemas/"
COMMON = ("preview", "If-Match", "Idempotency-Key")
"""Parameters of nearly every write: described once, and named where they are taken."""
LISTED = {"cursor": "next of the page before; none for the first.", "limit": "How many on a page."}
"""Likewise of lists, as most of them describe them."""
REASON = "reason"
"""The same in bodies, and where there is none a parameter."""
WHY = "Why, for the ledger."
OF = re.compile(r"(ListAnswer|Foretold)_(\w+)_")
"""Shapes that are alike but for what they are of, as the document names them: each is shown once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiField:
    """A parameter, a field of a body or of an answer."""

    name: str
    where: str
    """In the address, as a parameter, as a header or in the body; empty in a shape."""
    kind: str
    needed: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that can be asked or done."""

    id: str
    method: str
    path: str
    summary: str
    says: str
    fields: tuple[ApiField, ...]
    curl: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]
    """Each status with the shape of its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What belongs together."""

    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyShape:
    """The fields of an answer or of a piece of a body."""

    name: str
    says: str
    fields: tuple[ApiField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProblem:
    """A code with its status and what it means."""

    code: str
    status: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The whole of it."""

    summary: str
    about: tuple[str, ...]
    common: tuple[ApiField, ...]
    """Of `COMMON`."""
    resources: tuple[Resource, ...]
    shapes: tuple[BodyShape, ...]
    problems: tuple[ListedProblem, ...]


@cache
def description() -> Description:
    """As the file beside the API has it, which comes with the release."""
    text = (settings.PACKAGE / "api" / "openapi.json").read_text(encoding="utf-8")
    # What stands in backticks stands in a paragraph here.
    text = text.replace("`", "")
    found: Json = json.loads(text)
    schemas = found["components"]["schemas"]
    resources: dict[str, list[Operation]] = {}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            made = _operation(path, method.upper(), operation, schemas)
            resources.setdefault(operation["tags"][0], []).append(made)
    parameters = (
        each
        for methods in found["paths"].values()
        for operation in methods.values()
        for each in operation.get("parameters", [])
    )
    common = {each.name: each for each in map(_parameter, parameters) if _is_common(each)}
    return Description(
        common=(*(common[name] for name in (*COMMON, *LISTED)), _reason()),
        summary=found["info"]["summary"],
        about=tuple(found["info"]["description"].strip().split("\n\n")),
        resources=tuple(
            Resource(name=name, operations=tuple(operations)) for name, operations in resources.items()
        ),
        shapes=tuple(_shapes(schemas)),
        problems=tuple(
            ListedProblem(code=code, status=status, title=title)
            for code, (status, title) in sorted(schemas["Problem"]["x-codes"].items())
        ),
    )


def _shapes(schemas: Json) -> Iterator[BodyShape]:
    shown: set[str] = set()
    for name, schema in sorted(schemas.items()):
        of = OF.fullmatch(name)
        called = name if of is None else of[1]
        if "properties" in schema and not name.endswith("Body") and called not in shown:
            shown.add(called)
            fields = tuple(_fields(schema, ""))
            if of is not None:
                fields = tuple(
                    replace(each, kind=each.kind.replace(of[2], "what it is of")) for each in fields
                )
            yield BodyShape(name=called, says=schema.get("description", ""), fields=fields)


def _operation(path: str, method: str, operation: Json, schemas: Json) -> Operation:
    body = next(iter(operation.get("requestBody", {}).get("content", {}).items()), None)
    schema = {} if body is None else _resolved(body[1]["schema"], schemas)
    example = next(iter(schema.get("examples", [])), None)
    parameters = operation.get("parameters", [])
    fields = (*map(_parameter, parameters), *_fields(schema, "body"))
    own = tuple(each for each in fields if not _is_common(each))
    takes = ", ".join(each.name for each in fields if _is_common(each))
    return Operation(
        id=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        says=" ".join(filter(None, (operation.get("description", ""), takes and f"Takes {takes}."))),
        fields=own,
        curl=tuple(_curl(method, path, example, None if body is None else body[0])),
        answers=tuple(_answers(operation["responses"])),
    )


def _is_common(field: ApiField) -> bool:
    described = {**LISTED, REASON: WHY}.get(field.name)
    return field.name in COMMON or field.says == described


def _reason() -> ApiField:
    where = "In the body, or as a parameter where there is none."
    return ApiField(name=REASON, where="", kind="string", needed=False, says=f"{WHY} {where}")


def _resolved(schema: Json, schemas: Json) -> Json:
    reference = schema.get("$ref", "")
    found: Json = schemas[reference.removeprefix(OURS)] if reference else schema
    return found


def _parameter(each: Json) -> ApiField:
    return ApiField(
        name=each["name"],
        where=each["in"],
        kind=kind_text(each["schema"]),
        needed=each["required"],
        says=each.get("description", ""),
    )


def _fields(schema: Json, where: str) -> Iterator[ApiField]:
    needed = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        yield ApiField(
            name=name,
            where=where,
            kind=kind_text(field),
            needed=name in needed,
            says=field.get("description", ""),
        )


def kind_text(schema: Json) -> str:
    """What a value can be, in a few words."""
    if "$ref" in schema:
        return OF.sub(r"\1 of \2", str(schema["$ref"]).removeprefix(OURS))
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return _joined([kind_text(each) for each in schema[several]])
    if "enum" in schema:
        return _joined([json.dumps(each) for each in schema["enum"]])
    if "const" in schema:
        return json.dumps(schema["const"])
    if schema.get("type") == "array":
        return f"list of ({kind_text(schema.get('items', {}))})"
    if "additionalProperties" in schema and isinstance(schema["additionalProperties"], Mapping):
        return f"object of ({kind_text(schema['additionalProperties'])})"
    return str(schema.get("type", "anything"))


def _joined(kinds: Sequence[str]) -> str:
    return " or ".join(dict.fromkeys(kinds))


def _answers(responses: Json) -> Iterator[tuple[str, str]]:
    for status, answer in responses.items():
        for content in answer.get("content", {}).values():
            yield status, kind_text(content["schema"])


def _curl(method: str, path: str, example: Any, kind: str | None) -> Iterator[str]:
    """The lines of a command of curl, with the example of the operation's body."""
    yield f'curl {"" if method == "GET" else f"-X {method} "}"$ADDRESS{path}"'
    yield '-H "Authorization: Bearer $TOKEN"'
    if kind is not None:
        yield f'-H "Content-Type: {kind}"'
        sent = json.dumps(example or {}, ensure_ascii=False)
        yield f"-d '{sent}'" if kind == "application/json" else "--data-binary @list.csv"
