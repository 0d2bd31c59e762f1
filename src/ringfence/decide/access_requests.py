"""What a denial says that can be asked for by other software itself: the draft AuthZEN Access Request and
Approval Profile 1.0 of June 2026.

Told to a token with the scope `request`, of its own member alone (decision 57); access is asked for at the
management API (`api/access_requests.py`), since the decision service only reads. A denial stays one.
"""

import time
from typing import Any

import msgspec

from ringfence.core.terms import Level
from ringfence.store.requestable import (
    DENIAL_SECONDS,
    Denial,
    denial_signed,
    endpoint,
    moment_text,
    new_id,
)
from ringfence.store.served_at import decisions_address
from ringfence.store.signing import signer
from ringfence.wording.saying import gettext as _

from .asking import FirmAsked
from .metadata import REQUEST_SCHEMA
from .wire import ActionAsked, Entity, SeldomThere

MOST_BOUND = 2_000
"""Bytes of subject, action and resource that are carried about; more is asked for on the page alone."""

_ENCODE = msgspec.json.Encoder().encode


def requestable_context(
    asking: FirmAsked, client: int, level: Level, subject: Entity, deed: ActionAsked, resource: Entity
) -> dict[str, Any]:
    """What the context of a denial says whose member can ask for the level; empty for nothing."""
    key = signer()
    bound = {"subject": _entity(subject), "action": _action(deed), "resource": _entity(resource)}
    if key is None or len(_ENCODE(bound)) > MOST_BOUND:
        return {}
    now = int(time.time())
    denial = Denial(
        id=new_id("eval"),
        firm=asking.kept.texts.firm,
        member=asking.asker.own,
        client=client,
        level=level,
        at=now,
        until=now + DENIAL_SECONDS,
        **bound,
    )
    return {
        "evaluation_id": denial.id,
        "evaluated_at": moment_text(denial.at),
        "access_request": {
            "endpoint": endpoint(),
            "expires_at": moment_text(denial.until),
            "binding_token": denial_signed(key, denial),
            "request_schema_url": f"{decisions_address()}{REQUEST_SCHEMA}",
            "display": {
                "title": _("Ask for access"),
                "description": _(
                    "Say why you need access to this [client]. Somebody who may share it decides."
                ),
            },
        },
    }


def may_request(asking: FirmAsked, member: int) -> bool:
    """Whether the token asks for access for that member: for its own alone (decision 57)."""
    return asking.asker.requests and member == asking.asker.own


def key_set() -> dict[str, Any]:
    """The keys with which what is signed here is verified (RFC 7517)."""
    key = signer()
    return {"keys": [] if key is None else [key.jwk]}


def request_schema() -> dict[str, Any]:
    """What a request says besides what was asked (JSON Schema, draft 2020-12)."""
    why = {
        "type": "string",
        "minLength": 1,
        "maxLength": 1000,
        "description": "Why access is needed, for whoever decides.",
    }
    until = {"type": "string", "format": "date-time", "description": "Until when access is needed."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A request for access",
        "type": "object",
        "required": ["context"],
        "properties": {
            "context": {
                "type": "object",
                "required": ["business_justification"],
                "properties": {"business_justification": why},
            },
            "requested_access": {"type": "object", "properties": {"requested_until": until}},
        },
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return _with_properties({"type": entity.type, "id": entity.id}, entity.properties)


def _action(deed: ActionAsked) -> dict[str, Any]:
    return _with_properties({"name": deed.name}, deed.properties)


def _with_properties(said: dict[str, Any], properties: SeldomThere) -> dict[str, Any]:
    return {**said, "properties": properties} if properties else said
