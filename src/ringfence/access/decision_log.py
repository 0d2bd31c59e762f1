"""The log of decisions, for who reads and who switches it: what the decision service was asked and answered.

It is written by that service (`store.decision_log`), lies beside the ledger and decides nothing. Switching it
is an entry of the ledger. It names members, clients and tokens by number.
"""

import heapq
from collections.abc import Iterable, Iterator

import msgspec
from django.db.models import Sum

from ringfence.core.events import DecisionLogSet
from ringfence.core.refusals import need
from ringfence.core.terms import Instant
from ringfence.firms.models import DecisionBlock, Firm, Token
from ringfence.store.decision_log import Logged as Logged
from ringfence.store.decision_log import unpacked

from .actor import Actor
from .clock import clock
from .door import Beside
from .firm_now import FirmNow
from .ledger.noting import note
from .reading import refused_managing

DAY = 24 * 3600 * 1_000_000
"""Microseconds."""
LEAST_DAYS, MOST_DAYS = 1, 400
"""For how long it may be kept."""


class LogQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are asked for; None and False ask for all."""

    members: frozenset[int] | None = None
    client: int | None = None
    token: int | None = None
    denied: bool = False
    """Evaluations alone that were answered with no."""
    since: Instant | None = None
    before: Instant | None = None

    def holds(self, entry: Logged) -> bool:
        """Whether the entry is one of them."""
        return (
            (self.members is None or entry.member in self.members)
            and (self.client is None or entry.client == self.client)
            and (self.token is None or entry.token == self.token)
            and not (self.denied and (entry.kind != "evaluation" or entry.answer))
            and (self.since is None or entry.at >= self.since)
            and (self.before is None or entry.at < self.before)
        )


def switch_decision_log(
    firm: int, *, on: bool, days: int, actor: Actor, beside: Beside | None = None
) -> None:
    """Have the decision service log what it answers about the firm, or not, and keep that for so many days.

    Nothing is written where it stands so already; `beside` is as with `note`. Raises `ValueError` for days
    out of bounds, `Refused` for who does not manage the firm, `FirmUnknown`, `StateUnavailable`.
    """
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise ValueError(days)

    def switched(_now: object) -> DecisionLogSet:
        Firm.objects.filter(pk=firm).update(logs_decisions=on, decision_days=days)
        return DecisionLogSet(on=on, days=days)

    def known(now: FirmNow) -> bool:
        need(refused_managing(now, actor.member))
        return Firm.objects.filter(pk=firm, logs_decisions=on, decision_days=days).exists()

    note(firm, switched, actor, unless=known, beside=beside)


def logged_decisions(firm: int, wanted: LogQuestion) -> Iterator[Logged]:
    """The entries, the latest first. Blocks are read as far as somebody asks."""
    blocks = DecisionBlock.objects.filter(firm=firm).order_by("-ended", "tag")
    if wanted.since is not None:
        blocks = blocks.filter(ended__gte=wanted.since)
    if wanted.before is not None:
        blocks = blocks.filter(began__lt=wanted.before)
    # Processes write at once, so blocks overlap: an entry waits until no block can hold a later one.
    waiting: list[tuple[int, int, Logged]] = []
    met = 0
    for ended, body in blocks.values_list("ended", "body").iterator(chunk_size=20):
        while waiting and -waiting[0][0] > ended:
            yield heapq.heappop(waiting)[2]
        for entry in unpacked(bytes(body)):
            if wanted.holds(entry):
                met += 1
                heapq.heappush(waiting, (-entry.at, met, entry))
    while waiting:
        yield heapq.heappop(waiting)[2]


def count_lost(firm: int) -> int:
    """How many answers the firm's log could not take, of the days for which it is kept."""
    found = DecisionBlock.objects.filter(firm=firm, lost__gt=0).aggregate(lost=Sum("lost"))
    return found["lost"] or 0


def token_names(firm: int, numbers: Iterable[int]) -> dict[int, str]:
    """What the firm calls these tokens, those that were revoked too."""
    return dict(Token.objects.filter(firm=firm, number__in=set(numbers)).values_list("number", "name"))


def forget_old_decisions() -> None:
    """Forget what is kept no longer, firm by firm; also of firms that have switched the log off."""
    for firm, days in Firm.objects.values_list("pk", "decision_days"):
        DecisionBlock.objects.filter(firm=firm, ended__lt=clock() - days * DAY).delete()
