"""Levels and roles in words: as terms, and as the screens of firms with one choice show them (rules.md 1).

What a profile calls groups, members and clients is in `forms`.
"""

from ringfence.core.terms import Level, Role

from .saying import LazyText, four_levels, gettext, profile_spoken
from .saying import gettext_lazy as _

LEVEL_NAMES: dict[Level, LazyText] = {
    Level.NONE: _("No access"),
    Level.READER: _("Reader"),
    Level.EDITOR: _("Editor"),
    Level.OWNER: _("Owner"),
    Level.BLOCKED: _("Blocked"),
}

SINGLE_NAMES: dict[Level, LazyText] = {
    Level.NONE: _("no access"),
    Level.READER: _("can view only"),
    Level.EDITOR: _("can view and manage"),
    Level.OWNER: _("can view, manage and remove"),
    Level.BLOCKED: _("blocked"),
}
"""Each level has words of its own, so that a proof stays exact where screens offer only one. Who may share
depends on the firm's setting, so none of them says it."""

LINKED_ADVISER = _("linked adviser")

LEVEL_TEXTS: dict[Level, LazyText] = {
    Level.NONE: _("Cannot open the [client]."),
    Level.READER: _("Can view the [client], and change nothing."),
    Level.EDITOR: _("Can view and change the [client], and submit for it."),
    Level.OWNER: _("Can view and change the [client], submit for it, share it and remove it."),
    Level.BLOCKED: _("Cannot open the [client], whatever [groups] or delegations would give."),
}

ROLE_NAMES: dict[Role, LazyText] = {
    Role.PRINCIPAL: _("Principal"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.STANDARD: _("Standard"),
    Role.AUDITOR: _("Auditor"),
}

ROLE_TEXTS: dict[Role, LazyText] = {
    Role.PRINCIPAL: _("Manages the firm, and decides who else is a principal."),
    Role.ADMINISTRATOR: _("Manages the firm: [members], [groups], services, settings and who has access."),
    Role.STANDARD: _("Works with the [clients] that are open to them."),
    Role.AUDITOR: _("Reads the ledger and the reports, and opens no client record."),
}


def level_name(level: Level, *, own: bool = False) -> str:
    """The level in a few words, as they stand within a sentence: `Editor`, or `can view and manage`.

    `own`: whether a member's own grant on a client gives it; a practice calls such an Owner a linked adviser.
    """
    if four_levels():
        return str(LEVEL_NAMES[level])
    if own and level is Level.OWNER and profile_spoken() == "practice":
        return str(LINKED_ADVISER)
    return str(SINGLE_NAMES[level])


def at_another_level(what: str, before: Level, after: Level) -> str:
    """What somebody sees before and after, with the level that it was and becomes."""
    levels = {"before": level_name(before), "after": level_name(after)}
    return gettext("%(what)s (before: %(before)s; after: %(after)s)") % {"what": what, **levels}


def level_text(level: Level) -> str:
    """What the level lets a member do, a sentence."""
    return str(LEVEL_TEXTS[level])


def role_name(role: Role) -> str:
    """The role in one word."""
    return str(ROLE_NAMES[role])


def role_text(role: Role) -> str:
    """What the role is there for, a sentence."""
    return str(ROLE_TEXTS[role])
