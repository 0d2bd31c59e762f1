"""Whether what a directory sends has the kinds of values that Ringfence keeps; in our words, field first.

What has another fault the protocol's core refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scim2_models import InvalidSyntaxException, InvalidValueException

from ringfence.wording.provisioning import is_missing, no_boolean, no_list, no_object, no_text

_FIELDS: Mapping[str, tuple[type, Callable[[], str]]] = {
    "userName": (str, no_text),
    "displayName": (str, no_text),
    "externalId": (str, no_text),
    "active": (bool, no_boolean),
    "emails": (list, no_list),
    "members": (list, no_list),
}


def need_object(data: Any) -> None:
    """Raises `InvalidSyntaxException` for a body that is no JSON, or no object."""
    if not isinstance(data, dict):
        raise InvalidSyntaxException(detail=no_object())


def need_kind(field: str, value: Any) -> None:
    """Raises `InvalidValueException` for a value that the field cannot have; None is for the core."""
    kind, fault = _FIELDS.get(field, (object, no_text))
    if value is not None and not isinstance(value, kind):
        raise InvalidValueException(detail=f"{field}: {fault()}")


def need_resource(data: Any, required: str) -> None:
    """A whole user or group with each value of its kind, and what it must have."""
    need_object(data)
    for field, value in data.items():
        need_kind(field, value)
    for place, each in enumerate(data.get("emails") or []):
        if isinstance(each, dict) and not isinstance(each.get("value", ""), str):
            raise InvalidValueException(detail=f"emails[{place}].value: {no_text()}")
    if not data.get(required):
        raise InvalidValueException(detail=f"{required}: {is_missing()}")


def need_operations(said: list[dict[str, Any]]) -> None:
    """Operations of a PATCH, as `dialects.operations` gives them, that set each field to its kind of value.

    One member or address may be sent by itself.
    """
    for each in said:
        field = str(each.get("path", ""))
        if each["op"] != "remove" and field not in {"emails", "members"}:
            need_kind(field, each.get("value"))
