"""One sentence per capability: who may do what by role and permissions alone (rules.md 5)."""

from ringfence.core.terms import Capability

from .saying import LazyText
from .saying import gettext_lazy as _

CAPABILITIES: dict[Capability, LazyText] = {
    Capability.MEMBER: _("Only people with an active place in the firm can do this."),
    Capability.READ_CLIENTS: _("Auditors cannot open this: they read who has access, and no client records."),
    Capability.USE_CLIENTS: _("Only people with the permission to use client records can do this."),
    Capability.KNOW_CLIENTS: _(
        "Only administrators, principals, auditors and people with the permission to manage access know of "
        "all client records."
    ),
    Capability.READ_CONTROL: _(
        "Only administrators, principals and auditors can read who has access to what."
    ),
    Capability.MANAGE_ACCESS: _(
        "Only administrators, principals and people with the permission to manage access can change who has "
        "access to all client records."
    ),
    Capability.MANAGE: _("Only administrators and principals can manage the firm."),
}


def capability_text(capability: Capability) -> str:
    """Who has it, for somebody who has not."""
    return str(CAPABILITIES[capability])
