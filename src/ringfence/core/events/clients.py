"""What happens to clients and to their engagements."""

import msgspec
from pyroaring import BitMap

from ringfence.core.terms import Instant

from .base import EventBase


class ClientsAdded(EventBase, frozen=True, tag="clients.added"):
    """New clients with consecutive numbers and their engagements with consecutive numbers.

    `client_of` and `service_of` pack one little-endian 4-byte number per engagement.
    """

    first_client: int
    count: int
    first_engagement: int
    client_of: bytes
    service_of: bytes
    confidential: BitMap = msgspec.field(default_factory=BitMap)


class ClientMarked(EventBase, frozen=True, tag="client.marked"):
    client: int
    confidential: bool


class ClientRemoved(EventBase, frozen=True, tag="client.removed"):
    client: int
    at: Instant


class ClientRestored(EventBase, frozen=True, tag="client.restored"):
    client: int


class EngagementAdded(EventBase, frozen=True, tag="engagement.added"):
    engagement: int
    client: int
    service: int


class EngagementsAdded(EventBase, frozen=True, tag="engagements.added"):
    """New engagements, with consecutive numbers, of clients that are there; packed as in `ClientsAdded`."""

    first_engagement: int
    client_of: bytes
    service_of: bytes


class EngagementRemoved(EventBase, frozen=True, tag="engagement.removed"):
    """Grants on it go with it."""

    engagement: int
