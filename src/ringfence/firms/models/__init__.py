"""All models of the firms app, by theme. They hold columns and constraints, no behaviour."""

from .attempts import RefusedAttempt
from .clients import ApplicationLine, Client, Document, DocumentVersion, Engagement
from .decisions import DecisionBlock
from .details import ClientDetails, DetailField
from .digests import DigestChoice
from .directories import FirmDirectory
from .domains import FirmDomain
from .drafts import Draft
from .firm import Firm, Group, GroupMember, Member, Service, Wall, WallAcknowledgement, WallClient, WallMember
from .grants import DefaultGrant, Delegation, Emergency, Exclusion, Grant, Request
from .ledger import (
    Checkpoint,
    CheckpointPart,
    ImportedList,
    LedgerBlock,
    LedgerEntry,
    LedgerMention,
    LedgerText,
)
from .lists import ListPart, ListUpload
from .notices import Notice, NoticeChoice
from .people import AddressChange, Attempt, Invitation, SignIn, User
from .places import FirmMove, MovedKey
from .policies import Policy, PolicyBreach
from .proof import AuditPack, AuditPackPart, FirmKey, Publishing, SignedCheckpoint
from .providers import ProviderSession, SignInProvider
from .repeated import RepeatedAnswer
from .reviews import Review
from .security import SecurityEvent
from .tokens import Token
from .use import ClientUse, UseMark
from .webhooks import Webhook, WebhookDelivery

__all__ = [
    "AddressChange",
    "ApplicationLine",
    "Attempt",
    "AuditPack",
    "AuditPackPart",
    "Checkpoint",
    "CheckpointPart",
    "Client",
    "ClientDetails",
    "ClientUse",
    "DecisionBlock",
    "DefaultGrant",
    "Delegation",
    "DetailField",
    "DigestChoice",
    "Document",
    "DocumentVersion",
    "Draft",
    "Emergency",
    "Engagement",
    "Exclusion",
    "Firm",
    "FirmDirectory",
    "FirmDomain",
    "FirmKey",
    "FirmMove",
    "Grant",
    "Group",
    "GroupMember",
    "ImportedList",
    "Invitation",
    "LedgerBlock",
    "LedgerEntry",
    "LedgerMention",
    "LedgerText",
    "ListPart",
    "ListUpload",
    "Member",
    "MovedKey",
    "Notice",
    "NoticeChoice",
    "Policy",
    "PolicyBreach",
    "ProviderSession",
    "Publishing",
    "RefusedAttempt",
    "RepeatedAnswer",
    "Request",
    "Review",
    "SecurityEvent",
    "Service",
    "SignIn",
    "SignInProvider",
    "SignedCheckpoint",
    "Token",
    "UseMark",
    "User",
    "Wall",
    "WallAcknowledgement",
    "WallClient",
    "WallMember",
    "Webhook",
    "WebhookDelivery",
]
