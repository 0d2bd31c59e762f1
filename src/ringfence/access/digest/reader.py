"""What of a day one member is told: of the clients that they see now, and nothing that they may not know.

A digest says that something was done, to what and by whom, and nothing of what is in a record: so reading it
opens none. What the reader did themselves is left out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
from pyroaring import BitMap

from ringfence.access.firm_now import FirmNow
from ringfence.access.reading import refused_sharing
from ringfence.core.terms import Capability, Target, member_subject

from .choices import DigestWish
from .happened import ACCESS, Deed, Happened, HappenedToMany, Happenings


class DayTold(msgspec.Struct, frozen=True, kw_only=True):
    """What a member is told of a day."""

    clients: BitMap
    """The clients of which there is something to tell one by one."""
    many: tuple[HappenedToMany, ...]
    """What was done to many at once, each with those of the clients alone that they see."""

    @property
    def nothing(self) -> bool:
        return not self.clients and not self.many


class DigestReader:
    """One member, who wants the digest, before what happened."""

    def __init__(self, firm_now: FirmNow, member: int, seen: BitMap, wanted: DigestWish) -> None:
        """`seen`: the engagements that they see now, of the clients to which something happened."""
        self._now = firm_now
        self._member = member
        self._subject = member_subject(member)
        self._seen = seen
        self._clients = firm_now.clients_of(seen) - wanted.off if wanted.whole else BitMap()
        self._reads_control = firm_now.may(member, Capability.READ_CONTROL)
        self._named = firm_now.settings.inaccessible == "named"

    def told(self, happened: Happenings) -> DayTold:
        """What they are told of."""
        mine = self._clients & BitMap(happened.to_one)
        return DayTold(
            clients=BitMap([client for client in mine if self._any(happened.to_one[client])]),
            many=tuple(filter(None, map(self._of_many, happened.to_many))),
        )

    def about(self, happened: Iterable[Happened]) -> Mapping[Happened, int]:
        """What they are told of one of these clients: in order, each with how often it was done."""
        return Counter(filter(None, map(self._of_one, happened)))

    def _any(self, happened: Iterable[Happened]) -> bool:
        # Who shares a client is the one question here that takes long.
        return any(map(self._tells, sorted(happened, key=lambda each: each.deed in ACCESS)))

    def _of_one(self, each: Happened) -> Happened | None:
        """As much of it as they may know; None for nothing."""
        if not self._tells(each):
            return None
        if each.deed not in ACCESS or self._whose(each):
            return each
        return Happened(deed=Deed.SHARED, client=each.client, actor=each.actor)

    def _tells(self, each: Happened) -> bool:
        if each.actor == self._member or not self._shows(each):
            return False
        return each.deed not in ACCESS or self._named or self._whose(each)

    def _whose(self, each: Happened) -> bool:
        """Whether they are told whose access it was."""
        return each.subject == self._subject or self._reads_control or self._shares(each.client)

    def _shows(self, each: Happened) -> bool:
        """Whether they see what it was about; of what is gone is told who sees all that the client has."""
        if not each.engagement or each.engagement in self._seen:
            return True
        return each.deed is Deed.SERVICE_REMOVED and all(
            number in self._seen for number in self._now.engagements_of(each.client)
        )

    def _shares(self, client: int) -> bool:
        return refused_sharing(self._now, self._member, Target("client", client)) is None

    def _of_many(self, each: HappenedToMany) -> HappenedToMany | None:
        """Whose access it was is told to who reads the control side, and to whose it is."""
        theirs = each.clients & self._clients
        if theirs and each.engagements is not None:
            theirs = self._now.clients_of(self._seen & each.engagements) & theirs
        if not theirs or each.actor == self._member:
            return None
        deed, subject = each.deed, each.subject
        if deed in ACCESS and subject != self._subject and not self._reads_control:
            if not self._named:
                return None
            deed, subject = Deed.SHARED, None
        return HappenedToMany(deed=deed, actor=each.actor, clients=theirs, subject=subject)
