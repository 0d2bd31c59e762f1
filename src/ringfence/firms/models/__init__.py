"""All models of the firms app, by theme. They hold columns and constraints, no behaviour."""

from .clients import Client, Document, DocumentVersion, Engagement
from .drafts import Draft
from .firm import Firm, Group, GroupMember, Member, Service, Wall, WallClient, WallMember
from .grants import DefaultGrant, Delegation, Exclusion, Grant, Request
from .ledger import LedgerEntry, LedgerMention, LedgerText
from .people import User

__all__ = [
    "Client",
    "DefaultGrant",
    "Delegation",
    "Document",
    "DocumentVersion",
    "Draft",
    "Engagement",
    "Exclusion",
    "Firm",
    "Grant",
    "Group",
    "GroupMember",
    "LedgerEntry",
    "LedgerMention",
    "LedgerText",
    "Member",
    "Request",
    "Service",
    "User",
    "Wall",
    "WallClient",
    "WallMember",
]
