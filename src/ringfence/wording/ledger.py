"""What an entry did, in a few words, for the ledger and the history. Its events are told by `events`."""

from .saying import LazyText
from .saying import gettext_lazy as _

COMMANDS: dict[str, LazyText] = {
    "control.turn_on": _("[Access control] turned on"),
    "control.turn_off": _("[Access control] turned off"),
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
    "group.change": _("Directory’s hold on [a group] changed"),
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
    "policy.set": _("Policy set"),
    "policy.remove": _("Policy removed"),
    "wall.acknowledge": _("Wall acknowledged"),
    "request.open": _("Access requested"),
    "request.withdraw": _("Request withdrawn"),
    "request.grant": _("Request granted"),
    "request.decline": _("Request declined"),
    "review.start": _("Access review started"),
    "review.decide": _("Access reviewed"),
    "review.hand_over": _("Part of an access review handed over"),
    "review.extend": _("Access review given another date"),
    "review.close": _("Access review closed"),
    "review.schedule": _("Access review scheduled"),
    "review.begin": _("Scheduled access review came round"),
    "review.unschedule": _("Scheduled access review stopped"),
    "emergency.open": _("[Client] opened in an emergency"),
    "emergency.acknowledge": _("Emergency access acknowledged"),
    "emergency.end": _("Emergency access ended"),
    "successor.set": _("Successor of leavers set"),
    "names.set": _("Names of other software set"),
    "token.add": _("Token made"),
    "token.revoke": _("Token revoked"),
}
"""By the command's name in rules.md 7."""

OTHER_ENTRIES: dict[str, LazyText] = {
    "firm.create": _("Firm created"),
    "entry.undo": _("Earlier change undone"),
    "record.open": _("Record opened"),
    "export.take": _("List exported"),
    "wall.turn": _("Wall begun or ended by the clock"),
    "access.expire": _("Access ended by its expiry"),
    "webhook.change": _("Webhook changed"),
    "decision_log.set": _("Log of decisions switched"),
    "policy.note": _("Policy broken, or holding again"),
    "sign_in.change": _("Sign-in changed"),
    "proof.change": _("Proof for outsiders changed"),
    "user.seat": _("Ways to sign in recorded"),
    "member.erase": _("[Member]’s name and address erased"),
    "client.erase": _("[Client]’s name and references erased"),
}
"""What else an entry can be, by its name in the ledger."""


def command_text(name: str) -> str:
    """What a command did. Raises `KeyError` for a name that is no command of rules.md 7."""
    return str(COMMANDS[name])


def entry_text(name: str) -> str:
    """What an entry of the ledger did, in a few words; of one that a newer version wrote, its name."""
    known = COMMANDS.get(name) or OTHER_ENTRIES.get(name)
    return name if known is None else str(known)
