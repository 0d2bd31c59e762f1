"""The statements of a policy as a page shows them: the sentence, whether it holds, and who is to blame.

Each way of access leads to the page on which whoever reads it can change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import FirmNow, Way
from ringfence.access.policing import Statement
from ringfence.access.policing.blame import (
    FIRST,
    BlamedPair,
    StatementVerdict,
    count_seen,
    first_blamed,
    verdicts,
)
from ringfence.access.policing.naming import PolicyNames
from ringfence.access.policing.sentences import all_said
from ringfence.core.terms import Reason
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import ngettext
from ringfence.wording.ways import way_text


@dataclass(frozen=True, slots=True, kw_only=True)
class BlamedLine:
    """A member with a client, or with how many; each leads on."""

    member: Link | None
    """None where nobody sees the client."""
    client: Link
    ways: tuple[Link, ...]
    """Without an address where the visitor cannot change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementBox:
    """One statement."""

    says: str
    holds: bool
    total: str
    """How much breaks it; empty where it holds."""
    lines: tuple[BlamedLine, ...]


def statement_boxes(
    visit: Visit, statements: Sequence[Statement], now: FirmNow | None = None
) -> tuple[StatementBox, ...]:
    """Each of the statements as the firm is `now`, or at another moment that is given."""
    firm_now = now or visit.firm_now
    names = PolicyNames(visit.firm_now, visit.number)
    found = verdicts(firm_now, tuple(statements))
    sentences = all_said(statements, names)
    blamed = [_blamed(firm_now, verdict, names.known_clients) for verdict in found]
    named = _Named(visit, names, blamed)
    return tuple(
        StatementBox(
            says=said,
            holds=verdict.holds,
            total="" if verdict.holds else _total(verdict),
            lines=tuple(_lines(visit, each, named)),
        )
        for verdict, said, each in zip(found, sentences, blamed, strict=True)
    )


class _Blamed(NamedTuple):
    """What breaks one statement, as far as it is shown."""

    counted: Sequence[tuple[int, int]] = ()
    """Members, each with how many clients."""
    pairs: Sequence[BlamedPair] = ()
    clients: Sequence[int] = ()
    """The first that break it, whether or not somebody sees them."""


def _blamed(now: FirmNow, verdict: StatementVerdict, known: BitMap) -> _Blamed:
    if verdict.holds:
        return _Blamed()
    if verdict.members:
        return _Blamed(counted=count_seen(now, verdict))
    return _Blamed(pairs=first_blamed(now, verdict, known), clients=list((verdict.clients & known)[:FIRST]))


class _Named:
    """The names in all lines of a page: each kind is read once."""

    def __init__(self, visit: Visit, names: PolicyNames, blamed: Sequence[_Blamed]) -> None:
        self._names = names
        self._clients = names.client_words({client for each in blamed for client in each.clients})
        self.ways = NamesOfWays(
            visit.firm.pk, [way for each in blamed for pair in each.pairs for way in pair.ways]
        )

    def member(self, number: int) -> str:
        return self._names.member_word(number)

    def client(self, number: int) -> str:
        return self._clients.get(number, "")


def _total(verdict: StatementVerdict) -> str:
    if count := len(verdict.members):
        words = ngettext("%(count)s [member] sees too many:", "%(count)s [members] see too many:", count)
        return words % {"count": f"{count:,}"}
    count = len(verdict.clients)
    words = ngettext(
        "It does not hold for %(count)s [client]:", "It does not hold for %(count)s [clients]:", count
    )
    return words % {"count": f"{count:,}"}


def _lines(visit: Visit, blamed: _Blamed, named: _Named) -> Iterable[BlamedLine]:
    firm = visit.firm.pk
    for member, count in blamed.counted:
        href = reverse("member-clients", args=[firm, member])
        yield BlamedLine(
            member=_member(visit, named, member),
            client=Link(text=count_clients(count), href=href),
            ways=(),
        )
    for pair in blamed.pairs:
        yield _pair(visit, pair, named)
    told = {pair.client for pair in blamed.pairs}
    for client in blamed.clients:
        if client not in told:
            yield BlamedLine(member=None, client=_client(visit, named, client), ways=())


def _pair(visit: Visit, pair: BlamedPair, named: _Named) -> BlamedLine:
    return BlamedLine(
        member=_member(visit, named, pair.member),
        client=_client(visit, named, pair.client),
        ways=tuple(
            Link(text=way_text(way, named.ways), href=_changes(visit, pair, way)) for way in pair.ways
        ),
    )


def _member(visit: Visit, named: _Named, member: int) -> Link:
    return Link(text=named.member(member), href=reverse("member", args=[visit.firm.pk, member]))


def _client(visit: Visit, named: _Named, client: int) -> Link:
    return Link(text=named.client(client), href=reverse("client-access", args=[visit.firm.pk, client]))


def _changes(visit: Visit, pair: BlamedPair, way: Way) -> str:
    """Where the way is changed; empty for who manages nothing, and where no page changes it."""
    if not visit.can(Capability.MANAGE):
        return ""
    firm, member, client = visit.firm.pk, pair.member, pair.client
    if way.subject is not None and way.subject.kind == "group":
        return reverse("group", args=[firm, way.subject.number])
    if way.subject is not None:
        return reverse("end-delegation", args=[firm, way.subject.number, member])
    if way.target is not None:
        return reverse("remove-access", args=[firm, member, way.target.kind, way.target.number])
    return {
        Reason.CONTROL_OFF: reverse("turn-on", args=[firm]),
        Reason.ADMINISTRATOR: reverse("change-member", args=[firm, member]),
        Reason.NO_ACCESS_PERMISSION: reverse("change-member", args=[firm, member]),
        Reason.INACTIVE_MEMBER: reverse("member", args=[firm, member]),
        Reason.WALL: reverse("walls", args=[firm]),
    }.get(way.reason, reverse("share-client", args=[firm, client]))
