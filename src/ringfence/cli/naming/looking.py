"""A firm as a question looks at it: now, or as it was at a moment, with the names of that time."""

from zoneinfo import ZoneInfo

import msgspec

from ringfence.access import firm_state, replay
from ringfence.cli.faults import Fault
from ringfence.cli.options import as_datetime, moment_text, read_moment
from ringfence.core.days import local_time
from ringfence.core.decision.moment import Moment
from ringfence.core.terms import Instant, Thing
from ringfence.firms.models import Firm

from .finding import FirmNames, find_firm
from .labels import Labels


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One firm at one moment. `past` tells whether the ledger was replayed for it."""

    firm: Firm
    names: FirmNames
    labels: Labels
    moment: Moment
    version: int
    past: bool

    @property
    def when(self) -> str:
        """``, as it was on 2026-03-03 14:30:00``; nothing for the present."""
        return f", as it was on {moment_text(self.moment.now, self.names.zone)}" if self.past else ""

    def member(self, word: str) -> int:
        """The member meant; a `Fault` where there was none."""
        number = self.names.need(Thing.MEMBER, word)
        if number not in self.moment.state.members:
            raise Fault(f"{self.firm.name} had no member {word!r} then.")
        return number

    def client(self, word: str) -> int:
        """The client meant; a `Fault` where there was none, or where it has been removed."""
        number = self.names.need(Thing.CLIENT, word)
        if number not in self.moment.state.register.clients:
            how = "was not there then" if self.past else "has been removed"
            raise Fault(f"The client {word!r} of {self.firm.name} {how}.")
        return number

    def engagements(self, client: int, service: str | None) -> list[int]:
        """The client's engagements, or the one for a service; a `Fault` where there is none."""
        register = self.moment.state.register
        if service is None:
            return list(register.engagements_of(client))
        number = register.engagement_for(client, self.names.need(Thing.SERVICE, service))
        if number is None:
            has = ", ".join(self.service_of(each) for each in register.engagements_of(client))
            raise Fault(f"{self.labels.client(client)} does not have {service!r}; it has {has}.")
        return [number]

    def service_of(self, engagement: int) -> str:
        """The name of the service that is provided."""
        return self.labels.service(self.moment.state.register.service_of[engagement])

    def head(self) -> dict[str, object]:
        """What every answer to a program begins with: which firm, at which version, when."""
        at = as_datetime(self.moment.now).isoformat()
        return {"firm": self.firm.pk, "version": self.version, "at": at}


def look(firm: str | None, at: str | None) -> Look:
    """The firm as it is, or as it was; raises `Fault` for a moment before there was one or to come."""
    found = find_firm(firm)
    names = FirmNames(found)
    if at is None:
        view = firm_state(found.pk)
        return Look(
            firm=found,
            names=names,
            labels=Labels(found),
            moment=view.moment,
            version=view.version,
            past=False,
        )
    instant = _past(found, read_moment(at, names.zone), at, names.zone)
    replayed = replay(found.pk, at=instant)
    if not replayed.version:
        raise Fault(f"{found.name} was not there yet at {at}. Its ledger begins later.")
    return Look(
        firm=found,
        names=names,
        labels=Labels(found, replayed.version),
        moment=replayed.moment,
        version=replayed.version,
        past=True,
    )


def _past(firm: Firm, instant: Instant, text: str, zone: ZoneInfo) -> Instant:
    """The instant, of a day that is not over yet the present one. Raises `Fault` for one to come."""
    now = firm_state(firm.pk).moment.now
    if instant <= now:
        return instant
    if text != local_time(now, zone).date().isoformat():
        raise Fault(f"--at {text} is still to come: leave --at out to ask about now.")
    return now
