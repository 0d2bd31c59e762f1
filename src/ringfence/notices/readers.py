"""To whom mails about a firm go: its members as they are when the mail is sent, in their own language."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import msgspec
from pyroaring import BitMap

from ringfence.access import FirmNow, firm_state
from ringfence.core.terms import Capability, Instant
from ringfence.firms.models import Client, Firm, Member
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_at_text, moment_text

from .sending import Recipient

MOST_NAMES = 25
"""Names of clients that a mail lists; of more it says how many."""


class FirmReader(msgspec.Struct, frozen=True, kw_only=True):
    """A member to whom a mail can go, and their firm as it is now."""

    row: Firm
    now: FirmNow
    member: int
    recipient: Recipient

    def may(self, capability: Capability) -> bool:
        """Whether they have the capability now."""
        return self.now.may(self.member, capability)

    def told_time(self, at: Instant) -> str:
        """A time by the firm's clocks."""
        return moment_text(at, ZoneInfo(self.row.timezone))

    def told_day(self, at: Instant) -> str:
        """The day of a time, likewise."""
        return day_at_text(at, ZoneInfo(self.row.timezone))

    def member_name(self, member: int | None) -> str:
        """Who did something: a member, or None for the operator."""
        if member is None:
            return _("Whoever runs Ringfence for your firm")
        name = Member.objects.filter(firm=self.row, number=member).values_list("name", flat=True).first()
        return name or _("a former [member]")

    def named(self, clients: BitMap) -> "NamedClients":
        """Those of the clients that they may be told of at this moment, by name."""
        known = clients & self.now.known_clients(self.member)
        rows = (
            Client.objects.filter(firm=self.row, number__in=list(known)) if len(known) <= MOST_NAMES else None
        )
        if rows is None:
            return NamedClients(count=len(known), names=())
        names = rows.order_by("sort_key", "number").values_list("name", flat=True)
        return NamedClients(count=len(known), names=tuple(names))


class NamedClients(msgspec.Struct, frozen=True, kw_only=True):
    """Clients as a mail tells of them."""

    count: int
    names: tuple[str, ...]
    """All of them; none where they are more than a mail lists."""


def reader_of(firm: int, member: int) -> FirmReader | None:
    """The member as the reader of a mail; None where they are no active member with an address."""
    place = (
        Member.objects.filter(firm=firm, number=member, active=True).select_related("firm", "user").first()
    )
    if place is None or not (address := place.email or (place.user.email if place.user else "")):
        return None
    now = firm_state(firm)
    language = (place.user.language if place.user else "") or place.firm.language
    recipient = Recipient(address=address, language=language, firm=place.firm.name, words=now.settings)
    return FirmReader(row=place.firm, now=now, member=member, recipient=recipient)


def administrators(now: FirmNow) -> Iterable[int]:
    """The active administrators and principals, by number."""
    return [number for number in now.active_members if now.may(number, Capability.MANAGE)]
