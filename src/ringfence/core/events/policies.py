"""What happens to the firm's own policies."""

from ringfence.core.statements import PolicyMode, Statement

from .base import EventBase


class PolicySet(EventBase, frozen=True, tag="policy.set"):
    """A policy as it stands from now on, all of it. Its name and text lie beside the chain."""

    policy: int
    mode: PolicyMode
    statements: list[Statement]


class PolicyRemoved(EventBase, frozen=True, tag="policy.removed"):
    policy: int
