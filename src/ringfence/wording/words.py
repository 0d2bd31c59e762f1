"""Levels, roles, and the words that each profile has for groups, members and clients (rules.md 1, 3)."""

from django.utils.functional import Promise

from ringfence.core.terms import Level, Role

from .saying import gettext_lazy as _

LEVEL_NAMES: dict[Level, Promise] = {
    Level.NONE: _("No access"),
    Level.READER: _("Reader"),
    Level.EDITOR: _("Editor"),
    Level.OWNER: _("Owner"),
    Level.BLOCKED: _("Blocked"),
}

LEVEL_TEXTS: dict[Level, Promise] = {
    Level.NONE: _("Cannot open the [client]."),
    Level.READER: _("Can view the [client], and change nothing."),
    Level.EDITOR: _("Can view and change the [client], and submit for it."),
    Level.OWNER: _("Can view and change the [client], submit for it, share it and remove it."),
    Level.BLOCKED: _("Cannot open the [client], whatever [groups] or delegations would give."),
}

ROLE_NAMES: dict[Role, Promise] = {
    Role.PRINCIPAL: _("Principal"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.STANDARD: _("Standard"),
    Role.AUDITOR: _("Auditor"),
}

ROLE_TEXTS: dict[Role, Promise] = {
    Role.PRINCIPAL: _("Manages the firm, and decides who else is a principal."),
    Role.ADMINISTRATOR: _("Manages the firm: [members], [groups], services, settings and who has access."),
    Role.STANDARD: _("Works with the [clients] that are open to them."),
    Role.AUDITOR: _("Reads the ledger and the reports, and opens no client record."),
}


def level_name(level: Level) -> str:
    """The level in one word or two."""
    return str(LEVEL_NAMES[level])


def level_text(level: Level) -> str:
    """What the level lets a member do, a sentence."""
    return str(LEVEL_TEXTS[level])


def role_name(role: Role) -> str:
    """The role in one word."""
    return str(ROLE_NAMES[role])


def role_text(role: Role) -> str:
    """What the role is there for, a sentence."""
    return str(ROLE_TEXTS[role])
