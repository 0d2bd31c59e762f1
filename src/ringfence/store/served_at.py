"""Where other software and people reach this installation: from the environment alone, without Django.

Never from the Host header of a request, which anybody can write.
"""

import os

LOCAL = "http://127.0.0.1:8001"
"""Where decisions are answered while nobody has said it: on this machine alone."""
LOCAL_PAGES = "http://127.0.0.1:8000"
"""And where the pages and the management API are."""


def decisions_address() -> str:
    """Where other software reaches the decision service, without a slash at its end."""
    named = os.environ.get("RINGFENCE_DECIDE_ADDRESS") or os.environ.get("RINGFENCE_ADDRESS") or LOCAL
    return named.strip().rstrip("/")


def pages_address() -> str:
    """Where people reach the pages, and other software the management API."""
    return os.environ.get("RINGFENCE_ADDRESS", "").strip().rstrip("/") or LOCAL_PAGES
