"""A command of rules.md 7 from words that other software sends: ids, and names where only one thing has them.

Members are named by e-mail address or by the firm's own id for them, clients by reference, groups, services
and walls by name; ``id:12`` and ``#12`` are the number 12. Names of members and clients may repeat, so they
name nobody here. What is named may be unknown to who names it: whether they hear of that is the command's
own matter (rules.md 5).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ringfence.core.commands import Command
from ringfence.core.commands.parsing import COMMAND_NAMES, BadArgument, parse
from ringfence.core.days import close_of
from ringfence.core.directory import unique_key
from ringfence.core.terms import Instant, Thing
from ringfence.firms.models import Firm

from .firm_now import FirmNow
from .sql import rows_of
from .writing.tables import TABLES

__all__ = ["COMMAND_NAMES", "BadArgument", "NamedWord", "command_in_words", "number_named", "worded"]

_KEYS: Mapping[Thing, tuple[str, ...]] = {
    Thing.MEMBER: ("email_key", "external_key"),
    Thing.CLIENT: ("reference_key",),
    Thing.GROUP: ("name_key",),
    Thing.SERVICE: ("name_key",),
    Thing.WALL: ("name_key",),
    Thing.POLICY: ("name_key",),
    Thing.REVIEW: ("name_key",),
}
"""The columns by which a word names a thing; in each, one thing of a firm at most has it."""

DIGITS = 9
"""A number with more digits names nothing in any firm."""
PLAIN_NUMBERS = frozenset({"fee_split", "items", "at_least", "at_most"})
"""Arguments whose numbers are amounts, and no ids."""


class NamedWord(NamedTuple):
    """A word by which something was named, and the number of that; 0 where nothing is called so."""

    thing: Thing
    word: str
    number: int


def command_in_words(
    firm_now: FirmNow, name: str, arguments: Mapping[str, Any], words: list[NamedWord] | None = None
) -> Command:
    """The command that is meant; raises `BadArgument` with what to do about it.

    Whole numbers are ids wherever a thing is named. What was named is put into `words`.
    """
    return parse(name, worded(arguments), _Names(firm_now, [] if words is None else words))


def number_named(firm_now: FirmNow, thing: Thing, key: int | str) -> int:
    """The number of what one id or word names; 0 where nothing is called so."""
    return _Names(firm_now, []).number(thing, str(worded(key)))


def worded(value: Any, key: str = "") -> Any:
    """The arguments with every id as the word for it (``#12``)."""
    if isinstance(value, Mapping):
        return {each: worded(inner, str(each)) for each, inner in value.items()}
    if isinstance(value, list):
        return [worded(each, key) for each in value]
    if isinstance(value, int) and not isinstance(value, bool) and key not in PLAIN_NUMBERS:
        return f"#{value}"
    return value


class _Names:
    """Who is meant by a word in one firm: `core.commands.parsing.Naming`."""

    def __init__(self, firm_now: FirmNow, words: list[NamedWord]) -> None:
        self._now = firm_now
        self._words = words

    def number(self, thing: Thing, name: str) -> int:
        """The thing's number, 0 where nothing is called so."""
        word = name.strip()
        found = self._number_of(thing, word)
        self._words.append(NamedWord(thing, word, found))
        return found

    def _number_of(self, thing: Thing, word: str) -> int:
        if word.startswith(("#", "id:")):
            return _number(word.removeprefix("#").removeprefix("id:"))
        columns, key = _KEYS.get(thing, ()), unique_key(word)
        if not columns or not key or "\0" in key:
            return 0
        called = " OR ".join(f"{column} = %s" for column in columns)
        rows = rows_of(
            f"SELECT number FROM {TABLES[thing]} WHERE firm_id = %s AND ({called}) ORDER BY number DESC",
            self._now.firm,
            *[key] * len(columns),
        )
        if thing is Thing.MEMBER and len(rows) > 1:
            # What is one member's address and another's id means neither (decision 53).
            return 0
        return int(rows[0][0]) if rows else 0

    def engagement(self, client: int, service: int) -> int:
        """The client's engagement for the service, 0 where there is none."""
        return self._now.engagement_for(client, service) or 0

    def close_of(self, day: date) -> Instant:
        """A day ends at the next midnight in the firm's time zone (rules.md 1)."""
        zone = Firm.objects.values_list("timezone", flat=True).get(pk=self._now.firm)
        return close_of(day, ZoneInfo(zone))


def _number(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= DIGITS else 0
