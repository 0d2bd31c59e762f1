"""What software can learn of this service: `/.well-known/authzen-configuration`, one for each firm.

All addresses come from the configuration and never from the Host header, which anybody can write. Nothing in
it depends on a firm, so it tells nobody which firms there are.
"""

import re
from typing import Any

from ringfence.store.requestable import endpoint
from ringfence.store.served_at import decisions_address, pages_address

WELL_KNOWN = "/.well-known/authzen-configuration"
EVALUATION = "/access/v1/evaluation"
EVALUATIONS = "/access/v1/evaluations"
SUBJECTS = "/access/v1/search/subject"
RESOURCES = "/access/v1/search/resource"
ACTIONS = "/access/v1/search/action"
KEYS = "/access/v1/jwks"
"""With which what is signed for other software is verified."""
REQUEST_SCHEMA = "/access/v1/request-schema.json"
"""What a request for access says besides what was asked."""
CAPABILITIES = ("urn:openid:authzen:capability:access-request",)
"""Drafts that are served: the one of access requests."""

_FIRM = re.compile(r"/firms/[1-9][0-9]{0,17}")


def request_page(firm: int, client: int) -> str:
    """Where a member of the firm asks for access to a client: a page, so where people reach Ringfence."""
    return f"{pages_address()}/firms/{firm}/clients/{client}/request"


def metadata(path: str) -> dict[str, Any] | None:
    """The document at a path that begins with `WELL_KNOWN`; None where there is none."""
    firm = path.removeprefix(WELL_KNOWN)
    if firm and not _FIRM.fullmatch(firm):
        return None
    base = decisions_address()
    return {
        "policy_decision_point": f"{base}{firm}",
        "access_evaluation_endpoint": f"{base}{EVALUATION}",
        "access_evaluations_endpoint": f"{base}{EVALUATIONS}",
        "search_subject_endpoint": f"{base}{SUBJECTS}",
        "search_resource_endpoint": f"{base}{RESOURCES}",
        "search_action_endpoint": f"{base}{ACTIONS}",
        "access_request_endpoint": endpoint(),
        "jwks_uri": f"{base}{KEYS}",
        "capabilities": list(CAPABILITIES),
    }
