"""What is noted in the ledger and changes nothing."""

from ringfence.core.terms import Export, Instant, ProofStep, Reason, SignInStep, WebhookStep

from .base import EventBase


class RecordOpened(EventBase, frozen=True, tag="record.opened"):
    """A member was shown what is in a client's record. Changes nothing."""

    client: int
    reason: Reason | None = None
    """Of the highest level that they had on any of it. Older entries have none."""


class ExportTaken(EventBase, frozen=True, tag="export.taken"):
    """A list was written to a file: which, and how many rows it has. Changes nothing."""

    what: Export
    rows: int


class WallsTurned(EventBase, frozen=True, tag="walls.turned"):
    """Walls that began or ended by the clock since the entry before (rules.md 10). Changes nothing itself."""

    began: frozenset[int] = frozenset()
    ended: frozenset[int] = frozenset()


class AccessExpired(EventBase, frozen=True, tag="access.expired"):
    """Access that had been given to end after `since`, and up to the entry's own time, has ended.

    Grants and delegations end by themselves (rules.md 2); this tells when. Changes nothing itself.
    """

    since: Instant


class WebhookNoted(EventBase, frozen=True, tag="webhook.noted"):
    """The firm's events go to another address, or no longer do, or are signed anew. Changes nothing.

    The address itself lies beside the chain.
    """

    webhook: int
    did: WebhookStep


class DecisionLogSet(EventBase, frozen=True, tag="decision_log.set"):
    """What the decision service answers about the firm is logged from now on, or not. Changes nothing."""

    on: bool
    days: int
    """For how many days it is kept."""


class SignInNoted(EventBase, frozen=True, tag="sign_in.noted"):
    """How the firm's people sign in was changed. Changes nobody's access, and holds no secret."""

    did: SignInStep
    words: tuple[str, ...] = ()
    """What the step says: roles, networks, the name of a provider, a domain."""
    count: int = 0
    """How many, as the step says: days of grace, hours."""
    member: int = 0
    """Whom it is about; 0 for nobody in particular."""


class ProofNoted(EventBase, frozen=True, tag="proof.noted"):
    """How the firm's ledger is proved to outsiders was changed. Changes nothing, and holds no secret."""

    did: ProofStep
    words: tuple[str, ...] = ()
    """What the step says: a public key, or by which ways checkpoints are published."""
    count: int = 0
    """Every how many hours they are published; 0 for never."""


class PolicyNoted(EventBase, frozen=True, tag="policy.noted"):
    """A policy was found broken, or to hold again, by a change or by time alone. Changes nothing."""

    policy: int
    holds: bool
    since: Instant
    """From when on it is known to be so."""


class EntryUndone(EventBase, frozen=True, tag="entry.undone"):
    """The entry that this one stands in is the opposite of an earlier one. Changes nothing itself."""

    entry: int


class ByToken(EventBase, frozen=True, tag="by.token"):
    """What this entry did, its actor's software did with a token. Changes nothing itself."""

    token: int


NOTED: dict[type[EventBase], str] = {
    RecordOpened: "record.open",
    ExportTaken: "export.take",
    AccessExpired: "access.expire",
    WallsTurned: "wall.turn",
    WebhookNoted: "webhook.change",
    DecisionLogSet: "decision_log.set",
    SignInNoted: "sign_in.change",
    ProofNoted: "proof.change",
    PolicyNoted: "policy.note",
}
"""What no command gives and what changes nothing, with the name that such an entry has in the ledger."""
