"""What happened, in a few words: one wording per command and per event, for the ledger and the history."""

from .saying import LazyText
from .saying import gettext_lazy as _

COMMANDS: dict[str, LazyText] = {
    "control.turn_on": _("Access control turned on"),
    "control.turn_off": _("Access control turned off"),
    "settings.change": _("Settings changed"),
    "member.add": _("[Member] added"),
    "member.change": _("[Member] changed"),
    "member.deactivate": _("[Member] deactivated"),
    "member.reactivate": _("[Member] reactivated"),
    "service.add": _("Service added"),
    "service.rename": _("Service renamed"),
    "service.remove": _("Service removed"),
    "group.create": _("[Group] created"),
    "group.rename": _("[Group] renamed"),
    "group.delete": _("[Group] deleted"),
    "group.add_members": _("[Members] added to [a group]"),
    "group.remove_members": _("[Members] removed from [a group]"),
    "client.add": _("[Client] added"),
    "client.import": _("[Clients] imported"),
    "client.change": _("[Client] changed"),
    "client.remove": _("[Client] removed"),
    "client.restore": _("[Client] restored"),
    "engagement.add": _("Service added to [a client]"),
    "engagement.import": _("Services added to [clients]"),
    "engagement.change": _("Reference of [a client]’s service changed"),
    "engagement.remove": _("Service removed from [a client]"),
    "grant.set": _("Access given"),
    "grant.remove": _("Access removed"),
    "grant.exclude": _("[Clients] left out of [a group]’s service"),
    "grant.include": _("[Clients] put back into [a group]’s service"),
    "delegation.set": _("Delegation made"),
    "delegation.remove": _("Delegation ended"),
    "defaults.set": _("Defaults for new [clients] set"),
    "access.copy": _("Access copied from one [member] to another"),
    "wall.raise": _("Wall raised"),
    "wall.change": _("Wall changed"),
    "wall.lower": _("Wall lowered"),
    "request.open": _("Access requested"),
    "request.withdraw": _("Request withdrawn"),
    "request.grant": _("Request granted"),
    "request.decline": _("Request declined"),
}
"""By the command's name in rules.md 7."""

EVENTS: dict[str, LazyText] = {
    "firm.created": _("Firm created"),
    "control.turned": _("Access control turned on or off"),
    "settings.changed": _("Settings changed"),
    "member.added": _("[Member] added"),
    "member.changed": _("[Member]’s role or permissions changed"),
    "member.deactivated": _("[Member] deactivated"),
    "member.reactivated": _("[Member] reactivated"),
    "service.added": _("Service added"),
    "service.removed": _("Service removed"),
    "group.created": _("[Group] created"),
    "group.deleted": _("[Group] deleted"),
    "group.joined": _("[Members] added to [a group]"),
    "group.left": _("[Members] removed from [a group]"),
    "clients.added": _("[Clients] added"),
    "client.marked": _("[Client] marked confidential or not"),
    "client.removed": _("[Client] removed"),
    "client.restored": _("[Client] restored"),
    "engagement.added": _("Service added to [a client]"),
    "engagements.added": _("Services added to [clients]"),
    "engagement.removed": _("Service removed from [a client]"),
    "grants.set": _("Access given"),
    "grants.removed": _("Access removed"),
    "clients.excluded": _("[Clients] left out of [a group]’s service"),
    "clients.included": _("[Clients] put back into [a group]’s service"),
    "delegation.set": _("Delegation made"),
    "delegation.removed": _("Delegation ended"),
    "defaults.set": _("Defaults for new [clients] set"),
    "wall.set": _("Wall raised or changed"),
    "wall.lowered": _("Wall lowered"),
    "request.opened": _("Access requested"),
    "request.closed": _("Request answered or withdrawn"),
    "described": _("Name, reference or address changed"),
    "record.opened": _("Record of [a client] opened"),
    "export.taken": _("List exported"),
    "user.seated": _("A way to sign in given to [a member]"),
}
"""By the event's name in `ringfence.core.events`."""


def command_text(name: str) -> str:
    """What a command did. Raises `KeyError` for a name that is no command of rules.md 7."""
    return str(COMMANDS[name])


def event_text(name: str) -> str:
    """What an event tells. Raises `KeyError` for a name that is no event."""
    return str(EVENTS[name])
