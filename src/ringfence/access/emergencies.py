"""Emergency access for edges: who may open a client so, who is shown it, who acknowledges it (rules.md 10).

Openings with their words and ends are in `access.ledger.emergencies`.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from pyroaring import BitMap

from ringfence.core.commands import Refused, carry_out
from ringfence.core.commands.definitions import EndEmergency, OpenEmergency
from ringfence.core.decision.holders import owners_or_grantees
from ringfence.core.directory import NO_TEXTS
from ringfence.core.terms import Capability, Target
from ringfence.core.values import Emergency

from .actor import OPERATOR
from .door import Beside, execute, firm_state
from .firm_now import FirmNow
from .ledger.emergencies import EmergencyOpening, emergencies_in, openings_of
from .reading import refused_sharing

Emergencies = Mapping[tuple[int, int], Emergency]
"""By client and member: what stands, or waits to be acknowledged."""


def may_open(firm_now: FirmNow, member: int, client: int) -> bool:
    """Whether the member could open the client in an emergency now, with a reason."""
    try:
        carry_out(firm_now.moment, NO_TEXTS, OpenEmergency(client=client, reason="?"), actor=member)
    except Refused:
        return False
    return True


def shown_emergencies(firm_now: FirmNow, member: int) -> Emergencies:
    """What the member is told of: their own, what they may share, and all for who reads the control side.

    Of a client that is gone, or hidden from them again, nothing is told.
    """
    reads = firm_now.may(member, Capability.READ_CONTROL)
    return {
        (client, holder): opened
        for (client, holder), opened in firm_now.emergencies.items()
        if client in firm_now.clients
        and firm_now.knows(member, client)
        and (reads or holder == member or _shares(firm_now, member, client))
    }


def to_acknowledge(firm_now: FirmNow, member: int) -> Emergencies:
    """What waits for an acknowledgement that the member may give."""
    return {
        (client, holder): opened
        for (client, holder), opened in firm_now.emergencies.items()
        if not opened.acknowledged
        and holder != member
        and client in firm_now.clients
        and _shares(firm_now, member, client)
    }


def to_end(firm_now: FirmNow, member: int) -> Emergencies:
    """What stands and the member may end, acknowledged or not: their own, and what they may share."""
    return {
        (client, holder): opened
        for (client, holder), opened in firm_now.emergencies.items()
        if opened.stands
        and client in firm_now.clients
        and (holder == member or _shares(firm_now, member, client))
    }


def counting_on(firm_now: FirmNow, client: int) -> dict[int, Emergency]:
    """The emergency access to the client that has not ended, by member."""
    return {
        holder: opened
        for (on, holder), opened in firm_now.emergencies.items()
        if on == client and opened.counts(firm_now.now)
    }


def expired(firm_now: FirmNow) -> list[tuple[int, int]]:
    """Client and member of every emergency access that has expired and still stands."""
    return sorted(
        pair
        for pair, opened in firm_now.emergencies.items()
        if opened.stands and not opened.counts(firm_now.now)
    )


def end_expired(firm: int) -> None:
    """Remove the emergency access whose hours are over, in nobody's name.

    May be done by several at once: what ended meanwhile, or was opened anew, is passed over.
    """
    for client, member in expired(firm_state(firm)):
        with suppress(Refused, _Lasting):
            command = EndEmergency(client=client, member=member)
            execute(firm, command, actor=OPERATOR, beside=_StillExpired(firm, (client, member)))


class _Lasting(Exception):
    """It has ended already, or its member has opened the client anew."""


class _StillExpired(Beside):
    """Under the firm's lock: that it is still the one whose hours are over."""

    def __init__(self, firm: int, pair: tuple[int, int]) -> None:
        self._firm, self._pair = firm, pair

    def before(self, version: int) -> None:
        if self._pair not in expired(firm_state(self._firm)):
            raise _Lasting


def told_of(firm_now: FirmNow, client: int) -> BitMap:
    """The client's Owners, or where there are none its direct grantees (rules.md 5, "Self-access")."""
    return BitMap(list(owners_or_grantees(firm_now.moment, BitMap([client]))))


def is_told(firm_now: FirmNow, member: int, client: int) -> bool:
    """Whether the member is told now that somebody opened the client, as `told_of` or by what they may do."""
    if not firm_now.knows(member, client):
        return False
    reads = firm_now.may(member, Capability.READ_CONTROL)
    return reads or member in told_of(firm_now, client) or _shares(firm_now, member, client)


def shown_openings(firm_now: FirmNow, member: int) -> list[int]:
    """The entries of openings that the member is told of, also of what is over: the latest first.

    As in `shown_emergencies`. What became of each is for `openings_numbered`, of those that are shown.
    """
    reads = firm_now.may(member, Capability.READ_CONTROL)
    opened = openings_of(firm_now.firm, until=firm_now.version)
    told = {
        client
        for client in {client for _entry, client, _holder in opened}
        if client in firm_now.clients and firm_now.knows(member, client)
    }
    shared = told if reads else {client for client in told if _shares(firm_now, member, client)}
    return [
        entry for entry, client, holder in opened if client in shared or (holder == member and client in told)
    ]


def openings_numbered(firm_now: FirmNow, numbers: Iterable[int]) -> list[EmergencyOpening]:
    """What these entries opened, with how it ended: the latest first."""
    return emergencies_in(firm_now.firm, BitMap(numbers), until=firm_now.version)


def _shares(firm_now: FirmNow, member: int, client: int) -> bool:
    return refused_sharing(firm_now, member, Target("client", client)) is None
