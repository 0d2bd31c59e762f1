"""Levels, roles, and the words that each profile has for groups, members and clients (rules.md 1, 3)."""

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ringfence.core.settings import Profile
from ringfence.core.terms import Level, Role

LEVEL_NAMES: dict[Level, Promise] = {
    Level.NONE: _("No access"),
    Level.READER: _("Reader"),
    Level.EDITOR: _("Editor"),
    Level.OWNER: _("Owner"),
    Level.BLOCKED: _("Blocked"),
}

LEVEL_TEXTS: dict[Level, Promise] = {
    Level.NONE: _("Cannot open the client."),
    Level.READER: _("Can view the client, and change nothing."),
    Level.EDITOR: _("Can view and change the client, and submit for it."),
    Level.OWNER: _("Can view and change the client, submit for it, share it and remove it."),
    Level.BLOCKED: _("Cannot open the client, whatever groups or delegations would give."),
}

ROLE_NAMES: dict[Role, Promise] = {
    Role.PRINCIPAL: _("Principal"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.STANDARD: _("Standard"),
    Role.AUDITOR: _("Auditor"),
}

ROLE_TEXTS: dict[Role, Promise] = {
    Role.PRINCIPAL: _("Manages the firm, and decides who else is a principal."),
    Role.ADMINISTRATOR: _("Manages the firm: members, groups, services, settings and who has access."),
    Role.STANDARD: _("Works with the clients that are open to them."),
    Role.AUDITOR: _("Reads the ledger and the reports, and opens no client record."),
}


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What a profile calls things, in lower case."""

    group: Promise
    groups: Promise
    member: Promise
    members: Promise
    client: Promise
    clients: Promise


PROFILE_WORDS: dict[Profile, Words] = {
    "agency": Words(
        group=_("access group"),
        groups=_("access groups"),
        member=_("team member"),
        members=_("team members"),
        client=_("client"),
        clients=_("clients"),
    ),
    "kyc": Words(
        group=_("group"),
        groups=_("groups"),
        member=_("user"),
        members=_("users"),
        client=_("client relationship"),
        clients=_("client relationships"),
    ),
    "planning": Words(
        group=_("team"),
        groups=_("teams"),
        member=_("user"),
        members=_("users"),
        client=_("client"),
        clients=_("clients"),
    ),
    "practice": Words(
        group=_("team"),
        groups=_("teams"),
        member=_("practice member"),
        members=_("practice members"),
        client=_("client"),
        clients=_("clients"),
    ),
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


def words_for(profile: Profile) -> Words:
    """The words of a profile's screens."""
    return PROFILE_WORDS[profile]
