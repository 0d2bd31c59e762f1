"""Where other software and people reach this installation: from the environment alone, without Django.

Never from the Host header of a request, which anybody can write.
"""

import os

LOCAL = "http://127.0.0.1:8001"
"""Where decisions are answered while nobody has said it: on this machine alone."""
LOCAL_PAGES = "http://127.0.0.1:8000"
"""And where the pages and the management API are."""
LOCAL_CHANGES = "http://127.0.0.1:8002"
"""And the change feed."""


def decisions_address() -> str:
    """Where other software reaches the decision service, without a slash at its end."""
    return _named("RINGFENCE_DECIDE_ADDRESS", LOCAL)


def pages_address() -> str:
    """Where people reach the pages, and other software the management API."""
    return _named("", LOCAL_PAGES)


def changes_address() -> str:
    """Where other software reaches the change feed."""
    return _named("RINGFENCE_CHANGES_ADDRESS", LOCAL_CHANGES)


def _named(own: str, local: str) -> str:
    """By the setting of its own, else at the one address for all."""
    named = (os.environ.get(each, "").strip().rstrip("/") for each in (own, "RINGFENCE_ADDRESS") if each)
    return next(filter(None, named), local)
