"""What a page asks of whoever opens it. Each route names one of these; a test walks all routes.

These guard pages only. What a member may see or change of a client is decided by `ringfence.access`.
"""

from enum import StrEnum

from ringfence.core.terms import ADMINISTERING, Role


class Capability(StrEnum):
    """Who may open a page (rules.md 5), weakest first."""

    ANYONE = "anyone"
    """Signed in or not."""
    SIGNED_IN = "signed_in"
    """Any user, whatever the firm."""
    MEMBER = "member"
    """An active member of the firm."""
    READ_CLIENTS = "read_clients"
    """A member who is no auditor: auditors read the control side and no client record."""
    READ_CONTROL = "read_control"
    """Administrators, principals, auditors: everybody's access."""
    MANAGE = "manage"
    """Administrators and principals: control, settings, groups, members."""


READING_CONTROL = ADMINISTERING | {Role.AUDITOR}

ROLES: dict[Capability, frozenset[Role]] = {
    Capability.MEMBER: frozenset(Role),
    Capability.READ_CLIENTS: frozenset(Role) - {Role.AUDITOR},
    Capability.READ_CONTROL: READING_CONTROL,
    Capability.MANAGE: ADMINISTERING,
}
"""The roles that have each capability inside a firm."""
