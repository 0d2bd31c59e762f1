"""What software can learn of this service: `/.well-known/authzen-configuration`, one for each firm.

All addresses come from the configuration and never from the Host header, which anybody can write. Nothing in
it depends on a firm, so it tells nobody which firms there are.
"""

import os
import re
from typing import Any

WELL_KNOWN = "/.well-known/authzen-configuration"
LOCAL = "http://127.0.0.1:8001"
"""Where the service is while nobody has said it: on this machine alone."""
LOCAL_PAGES = "http://127.0.0.1:8000"
"""And where the pages are."""

EVALUATION = "/access/v1/evaluation"
EVALUATIONS = "/access/v1/evaluations"
SUBJECTS = "/access/v1/search/subject"
RESOURCES = "/access/v1/search/resource"
ACTIONS = "/access/v1/search/action"

_FIRM = re.compile(r"/firms/[1-9][0-9]{0,17}")


def address() -> str:
    """Where other software reaches the service, without a slash at its end."""
    named = os.environ.get("RINGFENCE_DECIDE_ADDRESS") or os.environ.get("RINGFENCE_ADDRESS") or LOCAL
    return named.strip().rstrip("/")


def request_page(firm: int, client: int) -> str:
    """Where a member of the firm asks for access to a client: a page, so where people reach Ringfence."""
    named = os.environ.get("RINGFENCE_ADDRESS", "").strip().rstrip("/") or LOCAL_PAGES
    return f"{named}/firms/{firm}/clients/{client}/request"


def metadata(path: str) -> dict[str, Any] | None:
    """The document at a path that begins with `WELL_KNOWN`; None where there is none."""
    firm = path.removeprefix(WELL_KNOWN)
    if firm and not _FIRM.fullmatch(firm):
        return None
    base = address()
    return {
        "policy_decision_point": f"{base}{firm}",
        "access_evaluation_endpoint": f"{base}{EVALUATION}",
        "access_evaluations_endpoint": f"{base}{EVALUATIONS}",
        "search_subject_endpoint": f"{base}{SUBJECTS}",
        "search_resource_endpoint": f"{base}{RESOURCES}",
        "search_action_endpoint": f"{base}{ACTIONS}",
    }
