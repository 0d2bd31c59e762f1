"""How the core's refusals are said in SCIM (RFC 7644 3.12): status, `scimType`, field, what to do first."""

from __future__ import annotations

from collections.abc import Mapping

from scim2_models import SCIMException

from ringfence.access import FirmNow, Refused
from ringfence.access.listing.clients import client_name_of
from ringfence.core.refusals import Problem, Refusal
from ringfence.wording import problem_text
from ringfence.wording.provisioning import clients_named

NAMED = 3
"""Clients that an error names."""

FIELDS: Mapping[str, str] = {
    "user_name": "userName",
    "email": "emails",
    "external": "externalId",
    "member": "displayName",
    "name": "displayName",
    "to": "displayName",
    "group": "displayName",
    "members": "members",
}
"""What the arguments of commands are called in SCIM."""
_GOES_WITH_STATE = frozenset({Refusal.LAST_ADMINISTRATOR, Refusal.LAST_OWNER})
_KEPT_HERE = frozenset({Problem.DIRECTORY_NOT_KEPT, Problem.EVERYONE_FIXED})


class RefusedInScim(SCIMException):
    """A refusal of the core as the protocol tells it."""

    def __init__(self, status: int, scim_type: str, detail: str) -> None:
        super().__init__(detail=detail)
        self.status, self.scim_type = status, scim_type


def in_scim(refused: Refused, now: FirmNow, reader: int) -> RefusedInScim:
    """The refusal with its field and its remedy, and the first clients it is about that `reader` may know."""
    detail = problem_text(refused.problem, refused.limit)
    if known := list(refused.clients & now.known_clients(reader)):
        names = client_name_of(now.firm, known[:NAMED])
        more = [f"+{len(known) - NAMED:,}"] if len(known) > NAMED else []
        detail = f"{detail} {clients_named(', '.join([*names.values(), *more]))}"
    match refused.refusal:
        case Refusal.NOT_PERMITTED:
            return RefusedInScim(403, "", detail)
        case Refusal.NAME_TAKEN:
            return RefusedInScim(409, "uniqueness", _with_field(refused, detail))
        case refusal if refusal in _GOES_WITH_STATE:
            return RefusedInScim(400, "mutability", f"active: {detail}")
        case _ if refused.problem in _KEPT_HERE:
            return RefusedInScim(400, "mutability", _with_field(refused, detail))
    return RefusedInScim(400, "invalidValue", _with_field(refused, detail))


def _with_field(refused: Refused, detail: str) -> str:
    field = FIELDS.get(refused.field)
    return f"{field}: {detail}" if field else detail
