"""What the decision service and the access request endpoint tell each other through other software.

A denial that can be lifted carries a binding token, which comes back when access is asked for; an approval
carries its state, which comes back with the next question (draft AuthZEN Access Request and Approval Profile
1.0 of June 2026). Both are signed here for the other side, and neither gives anybody anything.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from ringfence.core.terms import Level

from .served_at import decisions_address, pages_address
from .signing import Signer

ENDPOINT = "/api/v1/access-requests"
"""Where access is asked for: at the pages' address, since the decision service only reads."""
BINDING, APPROVAL = "ringfence-denial+jwt", "ringfence-approval+jwt"
DENIAL_SECONDS = 600
"""How long after a denial access can be asked for on its strength."""

Json = Mapping[str, Any]


class Denial(msgspec.Struct, frozen=True, kw_only=True):
    """A denial that its member could ask to have lifted."""

    id: str
    """Of the evaluation; unique."""
    firm: int
    member: int
    client: int
    level: Level
    """That would be enough."""
    subject: Json
    action: Json
    resource: Json
    """As they were asked about."""
    at: int
    """Seconds since 1970-01-01T00:00:00Z."""
    until: int


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was granted."""

    id: str
    firm: int
    member: int
    client: int
    level: Level
    """That was given."""
    version: int
    """Of the firm, from which on it holds."""
    at: int
    """Seconds since 1970-01-01T00:00:00Z."""
    until: int


def endpoint() -> str:
    """The address of the access request endpoint, which is also its name in what is signed for it."""
    return f"{pages_address()}{ENDPOINT}"


def new_id(prefix: str) -> str:
    """An id that nobody guesses."""
    return f"{prefix}_{secrets.token_urlsafe(18)}"


def denial_signed(signer: Signer, denial: Denial) -> str:
    """The binding token."""
    claims = {
        **_claims(denial, endpoint()),
        "evaluation_id": denial.id,
        "denial_expires_at": moment_text(denial.until),
        # What a request says beside subject, action and resource decides nothing here.
        "binding_context_members": [],
        **{name: getattr(denial, name) for name in ("subject", "action", "resource")},
    }
    return signer.signed(claims, kind=BINDING)


def denial_in(signer: Signer, token: str) -> Denial:
    """The denial of a binding token; raises `NotSigned`, `Ended`."""
    said = signer.claims(token, kind=BINDING, issuer=decisions_address(), audience=endpoint())
    return Denial(**_common(said), subject=said["subject"], action=said["action"], resource=said["resource"])


def approval_signed(signer: Signer, approval: Approval) -> str:
    """The state of an approval."""
    return signer.signed(_claims(approval, decisions_address()), kind=APPROVAL)


def approval_in(signer: Signer, state: str) -> Approval:
    """The approval of a state; raises `NotSigned`, `Ended`."""
    us = decisions_address()
    said = signer.claims(state, kind=APPROVAL, issuer=us, audience=us)
    return Approval(**_common(said), version=said["version"])


def moment_text(seconds: int) -> str:
    """``2026-11-29T20:25:00Z``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _claims(told: Denial | Approval, audience: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "iss": decisions_address(),
        "aud": audience,
        "iat": told.at,
        "exp": told.until,
        "jti": told.id,
        "firm": told.firm,
        "member": told.member,
        "client": told.client,
        "level": told.level.word,
    }
    if isinstance(told, Approval):
        found["version"] = told.version
    return found


def _common(said: Json) -> dict[str, Any]:
    return {
        "id": said["jti"],
        "firm": said["firm"],
        "member": said["member"],
        "client": said["client"],
        "level": Level.of(said["level"]),
        "at": said["iat"],
        "until": said["exp"],
    }
