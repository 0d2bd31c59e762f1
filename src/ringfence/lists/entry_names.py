"""The names that sentences of the ledger need, also of what is gone: read for many entries at once.

For the control side, which may know every name (rules.md 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from ringfence.access import Entry, FirmNow, all_words_at
from ringfence.core.terms import Instant, Thing
from ringfence.wording import event_text
from ringfence.wording.names_by_number import engagement_text, group_name, service_name
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import since_text, until_text

THINGS = (
    *(Thing.MEMBER, Thing.GROUP, Thing.CLIENT, Thing.SERVICE, Thing.WALL, Thing.POLICY, Thing.TOKEN),
    Thing.REVIEW,
)


class LedgerNames:
    """Names as they stood just after an entry, the firm's last one unless another is given."""

    def __init__(self, firm_now: FirmNow, zone: ZoneInfo, version: int | None = None) -> None:
        self._firm_now = firm_now
        self._zone = zone
        self._version = firm_now.version if version is None else version
        self._known: dict[Thing, dict[int, Mapping[str, str]]] = {thing: {} for thing in THINGS}

    def learn(self, entries: Iterable[Entry], most: int | None = None) -> None:
        """Read what the sentences of these entries need, of `most` events each, at once."""
        wanted = _Wanted(self._firm_now)
        for entry in entries:
            for event in entry.events[:most]:
                event_text(event, wanted)
            if entry.actor.member is not None:
                wanted.member(entry.actor.member)
        self.learn_each(wanted.numbers)

    def learn_things(self, thing: Thing, numbers: Iterable[int]) -> None:
        """Read the names of these things."""
        self.learn_each({thing: numbers})

    def learn_each(self, wanted: Mapping[Thing, Iterable[int]]) -> None:
        """The same of things of several kinds, in one question."""
        missing = {thing: set(numbers) - self._known[thing].keys() for thing, numbers in wanted.items()}
        found = all_words_at(self._firm_now.firm, missing, self._version) if any(missing.values()) else {}
        for thing, words in found.items():
            self._known[thing].update({number: words.get(number, {}) for number in missing[thing]})

    def _name(self, thing: Thing, number: int) -> str:
        self.learn_things(thing, [number])
        return self._known[thing][number].get("name", "")

    def member(self, number: int) -> str:
        """A member's name; erased ones have none."""
        return self._name(Thing.MEMBER, number) or _("a former [member]")

    def group(self, number: int) -> str:
        return group_name(number, self._name(Thing.GROUP, number))

    def client(self, number: int) -> str:
        """A client's name, also of one that was removed; erased ones have none."""
        return self._name(Thing.CLIENT, number) or _("a former [client]")

    def service(self, number: int) -> str:
        return service_name(number, self._name(Thing.SERVICE, number))

    def wall(self, number: int) -> str:
        return self._name(Thing.WALL, number)

    def policy(self, number: int) -> str:
        return self._name(Thing.POLICY, number)

    def token(self, number: int) -> str:
        return self._name(Thing.TOKEN, number)

    def review(self, number: int) -> str:
        return self._name(Thing.REVIEW, number)

    def engagement(self, number: int) -> str:
        """``Acme · VAT``."""
        return engagement_text(self, self._firm_now.client_of(number), self._firm_now.service_of(number))

    def since(self, starts: Instant) -> str:
        return since_text(starts, self._zone)

    def until(self, expires: Instant) -> str:
        return until_text(expires, self._zone)

    def actor(self, member: int | None) -> str:
        """Who did it: a member, or whoever runs Ringfence."""
        return _("whoever runs Ringfence") if member is None else self.member(member)


class _Wanted:
    """Stands where names are asked for, and notes whose."""

    def __init__(self, firm_now: FirmNow) -> None:
        self._firm_now = firm_now
        self.numbers: dict[Thing, set[int]] = {thing: set() for thing in THINGS}

    def _note(self, thing: Thing, number: int) -> str:
        self.numbers[thing].add(number)
        return ""

    def member(self, number: int) -> str:
        return self._note(Thing.MEMBER, number)

    def group(self, number: int) -> str:
        return self._note(Thing.GROUP, number)

    def client(self, number: int) -> str:
        return self._note(Thing.CLIENT, number)

    def service(self, number: int) -> str:
        return self._note(Thing.SERVICE, number)

    def wall(self, number: int) -> str:
        return self._note(Thing.WALL, number)

    def policy(self, number: int) -> str:
        return self._note(Thing.POLICY, number)

    def token(self, number: int) -> str:
        return self._note(Thing.TOKEN, number)

    def review(self, number: int) -> str:
        return self._note(Thing.REVIEW, number)

    def engagement(self, number: int) -> str:
        self._note(Thing.CLIENT, self._firm_now.client_of(number))
        return self._note(Thing.SERVICE, self._firm_now.service_of(number))

    def since(self, starts: Instant) -> str:
        return ""

    def until(self, expires: Instant) -> str:
        return ""
