"""The words of the rules as types: levels, roles, reasons, refusals, subjects and targets.

Nothing is decided here. Every other module of the core speaks in these terms.
"""

from collections.abc import Iterable
from enum import IntEnum, IntFlag, StrEnum
from typing import Literal, NamedTuple, NewType

Instant = NewType("Instant", int)
"""Microseconds since 1970-01-01T00:00:00Z."""

FOREVER = Instant(2**63 - 1)
"""Later than any instant: no expiry."""

EVERYONE = 1
"""The number of the built-in group of all active members."""

NOBODY = 0
"""No member's number."""

GENERAL = 1
"""The number of the service that a client added with no service is given."""


class Level(IntEnum):
    """Levels of access by priority (rules.md 1). `NONE` is an answer, never a grant."""

    NONE = 0
    READER = 1
    EDITOR = 2
    OWNER = 3
    BLOCKED = 4

    @property
    def word(self) -> str:
        """The word for it in commands, scenario files and the ledger: ``reader``."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Level":
        """The level for a word of commands and scenario files; raises `KeyError`."""
        return cls[word.upper()]


GIVING = (Level.READER, Level.EDITOR, Level.OWNER)
"""The levels that let somebody in, lowest first."""


class Role(StrEnum):
    PRINCIPAL = "principal"
    ADMINISTRATOR = "administrator"
    STANDARD = "standard"
    AUDITOR = "auditor"


ADMINISTERING = frozenset({Role.PRINCIPAL, Role.ADMINISTRATOR})
"""The roles that manage the firm (rules.md 5)."""


class Reason(StrEnum):
    """Why a decision is what it is (rules.md 2)."""

    OUTSIDE_FIRM = "outside_firm"
    INACTIVE_MEMBER = "inactive_member"
    NO_ACCESS_PERMISSION = "no_access_permission"
    WALL = "wall"
    CONTROL_OFF = "control_off"
    ADMINISTRATOR = "administrator"
    DIRECT = "direct"
    BLOCKED = "blocked"
    GROUP = "group"
    ALL_CLIENTS = "all_clients"
    BLOCKED_BY_GROUP = "blocked_by_group"
    DELEGATED = "delegated"
    UNASSIGNED = "unassigned"
    NOT_ASSIGNED = "not_assigned"


class Capability(StrEnum):
    """What a member may do by role and permissions alone (rules.md 5), by how many have it, most first.

    `core/authority/capability.py` says who has each.
    """

    MEMBER = "member"
    """Be at the firm's pages and give commands at all."""
    READ_CLIENTS = "read_clients"
    """Open the pages of client records; the decision says which records."""
    USE_CLIENTS = "use_clients"
    """Add and import clients, ask for access to one, have defaults of their own."""
    KNOW_CLIENTS = "know_clients"
    """Know of every client that it exists, its name and references."""
    READ_CONTROL = "read_control"
    """Read the ledger, reports, walls and everybody's access."""
    MANAGE_ACCESS = "manage_access"
    """Share every client, and delegate for anybody."""
    MANAGE = "manage"
    """Control, settings, groups, members, services, walls, wide grants; restore any client."""


class Scope(IntFlag):
    """What a token lets the firm's other software do, within the authority of its member (rules.md 5)."""

    DECIDE = 1
    """Ask whether somebody may do something."""
    EXPLAIN = 2
    """Be told all the facts that a decision stands on."""
    SEARCH = 4
    """Ask for everybody who may, and for everything that somebody may."""
    MANAGE = 8
    """Read and change the firm as its member does on pages."""
    CHANGES = 16
    """Read what happens in the firm as it happens."""
    PROVISION = 32
    """Keep the firm's members, and the groups that its directory keeps (SCIM)."""
    REQUEST = 64
    """Ask for access on its member's behalf (`request.open`), and take that back."""

    @classmethod
    def of(cls, words: Iterable[str]) -> "Scope":
        """The scopes for words of commands: ``decide``; raises `KeyError`."""
        found = cls(0)
        for word in words:
            found |= _SCOPES[word]
        return found

    @property
    def words(self) -> list[str]:
        """The words for them in commands and the ledger."""
        return [word for word, scope in _SCOPES.items() if scope in self]


_SCOPES = {str(scope.name).lower(): scope for scope in Scope}
SCOPE_WORDS = tuple(_SCOPES)
"""The words for single scopes, in their order."""


class Thing(StrEnum):
    """What a text in the firm's directory can be about."""

    FIRM = "firm"
    MEMBER = "member"
    GROUP = "group"
    SERVICE = "service"
    CLIENT = "client"
    ENGAGEMENT = "engagement"
    WALL = "wall"
    POLICY = "policy"
    REVIEW = "review"
    REQUEST = "request"
    TOKEN = "token"
    ENTRY = "entry"
    WEBHOOK = "webhook"


class Export(StrEnum):
    """What a person can take out of Ringfence as a file."""

    CLIENTS = "clients"
    MEMBERS = "members"
    ACCESS = "access"
    LEDGER = "ledger"
    PICTURE = "picture"
    SECURITY = "security"
    """The security log."""
    PACK = "pack"
    """An auditor's pack; its rows are the ledger's entries."""


class WebhookStep(StrEnum):
    """What was done to an address to which a firm's events are sent."""

    ADDED = "added"
    CHANGED = "changed"
    ROTATED = "rotated"
    """Its events are signed with another secret."""
    PAUSED = "paused"
    RESUMED = "resumed"
    REMOVED = "removed"


class SignInStep(StrEnum):
    """What was changed in how a firm's people sign in (`core.events.SignInNoted`)."""

    SECOND_STEP = "second_step"
    """Of these roles (words) a second step is asked, after so many days (count) of grace; of nobody."""
    SESSION = "session"
    """A session lasts so many hours (count) at most; 0 for as long as the operator lets it."""
    NETWORKS = "networks"
    """Administrators sign in from these networks (words) alone; from anywhere where there are none."""
    DOMAIN_ADDED = "domain_added"
    """The firm says that a domain (words) is its own; nothing has proved it."""
    DOMAIN_PROVED = "domain_proved"
    DOMAIN_LOST = "domain_lost"
    """The record that proved it was missing for days."""
    DOMAIN_REMOVED = "domain_removed"
    PROVIDER_REQUIRED = "provider_required"
    """People come in by one provider (words) alone; the member keeps a password."""
    PROVIDER_NOT_REQUIRED = "provider_not_required"
    DIRECTORY = "directory"
    """People are kept by the directory at this server (the word), asked by the hour."""
    DIRECTORY_CHANGED = "directory_changed"
    """How the directory at this server is asked was changed; it is not asked by the hour."""
    DIRECTORY_REMOVED = "directory_removed"
    """The directory is asked no more, and how it was asked is forgotten."""
    PROVIDER_ADDED = "provider_added"
    """A provider (words: its name and issuer) was added; nobody signs in with it yet."""
    PROVIDER_CHANGED = "provider_changed"
    """Something of it was changed (words likewise)."""
    PROVIDER_ON = "provider_on"
    PROVIDER_OFF = "provider_off"
    PROVIDER_REMOVED = "provider_removed"
    PROVIDER_FORGOT = "provider_forgot"
    """As whom the provider (words: its name) knew the member was forgotten."""


class ProofStep(StrEnum):
    """What was changed in how the firm's ledger is proved to outsiders (`core.events.ProofNoted`)."""

    KEY = "key"
    """Checkpoints are signed with another key from now on; the word is its public half."""
    PUBLISHING = "publishing"
    """Checkpoints are published in these ways (words), so often; in none where there are none."""


SubjectKind = Literal["member", "group"]
TargetKind = Literal["engagement", "client", "service", "all"]


class Subject(NamedTuple):
    """Who a grant is for: a member or a group of the firm."""

    kind: SubjectKind
    number: int


class Target(NamedTuple):
    """What a grant is on. The number is 0 for all clients."""

    kind: TargetKind
    number: int


ALL_CLIENTS = Target("all", 0)


def member_subject(number: int) -> Subject:
    return Subject("member", number)


def group_subject(number: int) -> Subject:
    return Subject("group", number)
