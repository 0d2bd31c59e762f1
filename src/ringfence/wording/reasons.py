"""One sentence per reason: for administrators, who may know all, and for the member themselves (rules.md 2).

A member is told only what is safe: a wall, a block and plain absence of access read alike, and where clients
are hidden all of them read as if there were no such client.
"""

from ringfence.core.settings import Settings
from ringfence.core.terms import Reason

from .saying import LazyText
from .saying import gettext_lazy as _

FOR_ADMINISTRATORS: dict[Reason, LazyText] = {
    Reason.OUTSIDE_FIRM: _("The firm has no such [member], or no such [client]."),
    Reason.INACTIVE_MEMBER: _("%(member)s is not active, so no [client] is open to them."),
    Reason.NO_ACCESS_PERMISSION: _("%(member)s does not have the permission to use client records."),
    Reason.WALL: _("A wall stands between %(member)s and %(client)s, whatever else gives access."),
    Reason.CONTROL_OFF: _(
        "Access control is turned off, so every [client] is open to everybody who uses client records."
    ),
    Reason.ADMINISTRATOR: _("%(member)s manages the firm, and whoever does is not restricted in this firm."),
    Reason.DIRECT: _("%(member)s has been given access personally."),
    Reason.BLOCKED: _("%(member)s has been blocked personally."),
    Reason.GROUP: _("%(member)s is in [a group] that has access."),
    Reason.ALL_CLIENTS: _(
        "%(member)s has been given access to all [clients], or to all [clients] of a service."
    ),
    Reason.BLOCKED_BY_GROUP: _("%(member)s is blocked as one of [a group], or on more than this [client]."),
    Reason.DELEGATED: _("%(member)s has access by delegation."),
    Reason.UNASSIGNED: _("%(client)s is not assigned to anybody, and such [clients] are open in this firm."),
    Reason.NOT_ASSIGNED: _("Nothing gives %(member)s access to %(client)s, and it is not open to all."),
}

_NOT_GIVEN = _(
    "There is no such [client], or you have not been given access to it. If you need it for your work, ask "
    "an administrator of your firm."
)

FOR_MEMBERS: dict[Reason, LazyText] = {
    Reason.OUTSIDE_FIRM: _NOT_GIVEN,
    Reason.INACTIVE_MEMBER: _("Your place in this firm is not active. Ask an administrator of your firm."),
    Reason.NO_ACCESS_PERMISSION: _(
        "You do not have the permission to use client records. Ask an administrator of your firm."
    ),
    Reason.WALL: _NOT_GIVEN,
    Reason.CONTROL_OFF: _("[Access control is] turned off in your firm, so every [client] is open to you."),
    Reason.ADMINISTRATOR: _("You manage the firm, so every [client] is open to you."),
    Reason.DIRECT: _("You yourself have been given access to this [client]."),
    Reason.BLOCKED: _NOT_GIVEN,
    Reason.GROUP: _("You have access to this [client] through [a group] that you are in."),
    Reason.ALL_CLIENTS: _("You have been given access to all [clients], or to all [clients] of a service."),
    Reason.BLOCKED_BY_GROUP: _NOT_GIVEN,
    Reason.DELEGATED: _("You have access to this [client] because somebody has delegated to you."),
    Reason.UNASSIGNED: _(
        "It is open to all [members] of your firm who use client records: nobody in particular was given it."
    ),
    Reason.NOT_ASSIGNED: _NOT_GIVEN,
}

_NAMED = _(
    "You do not have access to %(client)s. If you need it for your work, ask an administrator of your firm."
)
_NAMED_WHERE_ASKED = _(
    "You do not have access to %(client)s. If you need it for your work, you can request access."
)
_NAMED_IN_PRACTICE = _(
    "Permission Denied: You don't have access to this client record. The client you're trying to access is "
    "associated with your practice, but you haven't been granted access to it."
)

TELLABLE = frozenset({Reason.BLOCKED, Reason.BLOCKED_BY_GROUP, Reason.NOT_ASSIGNED})
"""Denials of which a member may know that the client exists, where inaccessible clients are `named`."""


def reason_text(reason: Reason, member: str, client: str) -> str:
    """The reason for administrators."""
    return str(FOR_ADMINISTRATORS[reason]) % {"member": member, "client": client}


def member_reason_text(reason: Reason, settings: Settings, client: str) -> str:
    """The reason as the member may know it. `client` is told only where they may know that it exists."""
    if settings.inaccessible == "named" and reason in TELLABLE:
        named = _NAMED_WHERE_ASKED if settings.requests else _NAMED
        return practice_denial(settings) or str(named) % {"client": client}
    return str(FOR_MEMBERS[reason])


def practice_denial(settings: Settings) -> str:
    """What a practice tells whoever was given no access, word for word (rules.md 4); empty elsewhere."""
    return str(_NAMED_IN_PRACTICE) if settings.profile == "practice" else ""
