"""Whom a page is for. Each route names an `Audience`, or in a firm a `Capability`; a test walks all routes.

Who has a capability is said by the core. What a member may see or change of a client is asked besides, of
`ringfence.access`.
"""

from enum import StrEnum

from ringfence.core.terms import Capability

__all__ = ["Audience", "Capability"]


class Audience(StrEnum):
    """Whom a page outside any firm is for."""

    ANYONE = "anyone"
    """Signed in or not."""
    SIGNED_IN = "signed_in"
    """Any user, whatever the firm."""
