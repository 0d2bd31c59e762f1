"""What the numbers of one firm are called, now or just after a past entry; read in portions, kept."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from ringfence.access import words_at
from ringfence.core.terms import Instant, Thing
from ringfence.firms.models import (
    Client,
    Engagement,
    Firm,
    Group,
    Member,
    Policy,
    Review,
    Service,
    Token,
    Wall,
)
from ringfence.wording.times import since_text, until_text

PORTION = 2_000
"""Numbers in one question, well under the number of parameters that SQLite takes."""

_ROWS = {
    Thing.MEMBER: (Member, ("name", "email")),
    Thing.GROUP: (Group, ("name",)),
    Thing.SERVICE: (Service, ("name",)),
    Thing.POLICY: (Policy, ("name",)),
    Thing.WALL: (Wall, ("name", "reason")),
    Thing.TOKEN: (Token, ("name",)),
    Thing.REVIEW: (Review, ("name",)),
    Thing.CLIENT: (Client, ("name", "reference")),
    Thing.ENGAGEMENT: (Engagement, ("reference",)),
}


class Labels:
    """Names by number. With `version`, as they were just after that entry of the ledger."""

    def __init__(self, firm: Firm, version: int | None = None) -> None:
        self.firm = firm
        self.version = version
        self._known: dict[Thing, dict[int, dict[str, str]]] = {thing: {} for thing in _ROWS}

    def learn(self, thing: Thing, numbers: Iterable[int]) -> None:
        """Read many at once, before they are asked for one by one."""
        known = self._known[thing]
        wanted = sorted({number for number in numbers if number not in known})
        for start in range(0, len(wanted), PORTION):
            portion = wanted[start : start + PORTION]
            known.update({number: {} for number in portion})
            known.update(self._now(thing, portion) if self.version is None else self._then(thing, portion))

    def _now(self, thing: Thing, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
        model, fields = _ROWS[thing]
        rows = model._default_manager.filter(firm=self.firm, number__in=numbers)
        return {
            number: dict(zip(fields, texts, strict=True))
            for number, *texts in rows.values_list("number", *fields)
        }

    def _then(self, thing: Thing, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
        assert self.version is not None
        return dict(words_at(self.firm.pk, thing, numbers, self.version))

    def text(self, thing: Thing, number: int, field: str = "name") -> str:
        """The words, empty where there are none or they were erased."""
        if number not in self._known[thing]:
            self.learn(thing, [number])
        return self._known[thing][number].get(field, "")

    def name(self, thing: Thing, number: int) -> str:
        """The name; of what has none, ``member 3``."""
        return self.text(thing, number) or f"{thing} {number}"

    def member(self, number: int) -> str:
        return self.name(Thing.MEMBER, number)

    def group(self, number: int) -> str:
        return self.name(Thing.GROUP, number)

    def client(self, number: int) -> str:
        return self.name(Thing.CLIENT, number)

    def service(self, number: int) -> str:
        return self.name(Thing.SERVICE, number)

    def wall(self, number: int) -> str:
        return self.name(Thing.WALL, number)

    def policy(self, number: int) -> str:
        return self.name(Thing.POLICY, number)

    def token(self, number: int) -> str:
        return self.name(Thing.TOKEN, number)

    def since(self, starts: Instant) -> str:
        return since_text(starts, ZoneInfo(self.firm.timezone))

    def review(self, number: int) -> str:
        return self.name(Thing.REVIEW, number)

    def until(self, expires: Instant) -> str:
        return until_text(expires, ZoneInfo(self.firm.timezone))
