"""To whom notices of a firm go: its members as they are when one is sent or shown, in their own language."""

from collections.abc import Iterable
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import FirmNow, firm_state
from ringfence.access.ledger.telling import Notable, notable_numbered
from ringfence.access.notices import KeptNotice, Some
from ringfence.core.terms import Capability, Instant
from ringfence.firms.models import Client, Firm, Member
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_at_text, moment_text

from .sending import Recipient

MOST_NAMES = 25
"""Names of clients that a notice lists; of more it says how many."""


class NamedClients:
    """Clients as a notice tells of them. Their names are asked for when they are wanted."""

    def __init__(self, firm: int, known: BitMap, unnamed: int = 0) -> None:
        self._firm, self.known, self.unnamed = firm, known, unnamed
        self.count = len(known) + unnamed

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Those that the reader may be told of by name; none where they are more than a notice lists."""
        if len(self.known) > MOST_NAMES:
            return ()
        rows = Client.objects.filter(firm=self._firm, number__in=list(self.known))
        return tuple(rows.order_by("sort_key", "number").values_list("name", flat=True))

    @property
    def too_many(self) -> bool:
        """Whether there are names, and more than a notice lists; `names.txt` asks."""
        return len(self.known) > MOST_NAMES


class FirmReader(msgspec.Struct, frozen=True, kw_only=True):
    """A member to whom notices go, and their firm as it is now."""

    row: Firm
    now: FirmNow
    member: int
    recipient: Recipient
    came_in: bool = True
    """Whether they have set a password: else nothing that a mail leads to is theirs to see yet."""
    base: str = ""
    """What links begin with: the address of Ringfence in a mail, nothing on a page."""
    members: dict[int, str] = msgspec.field(default_factory=dict)
    """Names of members that were asked for already."""
    entries: dict[int, Notable] = msgspec.field(default_factory=dict)
    """Entries that were read already."""
    sought: set[int] = msgspec.field(default_factory=set)
    """Those that were looked for, also where there is none to tell of."""

    def may(self, capability: Capability) -> bool:
        """Whether they have the capability now."""
        return self.now.may(self.member, capability)

    def told_time(self, at: Instant) -> str:
        """A time by the firm's clocks."""
        return moment_text(at, self.zone)

    @property
    def zone(self) -> ZoneInfo:
        """The firm's time zone."""
        return ZoneInfo(self.row.timezone)

    def link(self, route: str, *numbers: int) -> str:
        """The address of a page of the firm."""
        return self.base + reverse(route, args=[self.row.pk, *numbers])

    def told_day(self, at: Instant) -> str:
        """The day of a time, likewise."""
        return day_at_text(at, ZoneInfo(self.row.timezone))

    def member_name(self, member: int | None) -> str:
        """Who did something: a member, or None for the operator."""
        if member is None:
            return _("Whoever runs Ringfence for your firm")
        if member not in self.members:
            self.look_up_members([member])
        return self.members[member] or _("a former [member]")

    def look_up_members(self, members: Iterable[int]) -> None:
        """Ask for these names at once."""
        wanted = set(members) - self.members.keys()
        if wanted:
            rows = Member.objects.filter(firm=self.row, number__in=wanted).values_list("number", "name")
            self.members.update(dict.fromkeys(wanted, "") | dict(rows))

    def look_up_entries(self, numbers: Iterable[int]) -> None:
        """Read these entries at once."""
        wanted = set(numbers) - self.sought
        if wanted:
            self.sought.update(wanted)
            self.entries.update(notable_numbered(self.row.pk, wanted))

    def entry(self, notice: KeptNotice) -> Notable | None:
        """The entry that a notice tells of; None where there is none."""
        self.look_up_entries([notice.entry])
        return self.entries.get(notice.entry)

    def named(self, clients: BitMap) -> NamedClients:
        """Those of the clients that they may be told of at this moment, by name."""
        return NamedClients(self.row.pk, clients & self.now.known_clients(self.member))

    def named_of(self, some: Some) -> NamedClients:
        """The same of clients as a notice has them; where only their number is kept, that."""
        clients = some.clients
        return self.named(clients) if clients is not None else self.counted(some.count)

    def counted(self, count: int) -> NamedClients:
        """Clients that are only counted."""
        return NamedClients(self.row.pk, BitMap(), unnamed=count)

    def client_name(self, client: int) -> str | None:
        """The client's name; None where the reader may not be told of it now."""
        if not self.now.knows(self.member, client):
            return None
        return Client.objects.filter(firm=self.row, number=client).values_list("name", flat=True).first()


def reader_of(firm: int, member: int) -> FirmReader | None:
    """The member as the reader of a mail; None where they are no active member with an address."""
    place = (
        Member.objects.filter(firm=firm, number=member, active=True).select_related("firm", "user").first()
    )
    if place is None or not (address := place.email or (place.user.email if place.user else "")):
        return None
    now = firm_state(firm)
    came_in = place.user is not None and place.user.has_usable_password()
    language = (place.user.language if place.user else "") or place.firm.language
    recipient = Recipient(address=address, language=language, firm=place.firm.name, words=now.settings)
    return FirmReader(
        row=place.firm, now=now, member=member, recipient=recipient, came_in=came_in, base=settings.ADDRESS
    )


def administrators(now: FirmNow) -> list[int]:
    """The active administrators and principals, by number."""
    return [number for number in now.active_members if now.may(number, Capability.MANAGE)]
