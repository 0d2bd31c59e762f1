"""A command of rules.md 7 from words that other software sends: ids, and names where only one thing has them.

Members are named by e-mail address or by the firm's own id for them, clients by reference, groups, services
and walls by name; ``id:12`` and ``#12`` are the number 12. Names of members and clients may repeat, so they
name nobody here. What is named may be unknown to who names it: whether they hear of that is the command's
own matter (rules.md 5).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

__all__ = [
    "COMMAND_NAMES",
    "BadArgument",
    "NamedWord",
    "command_in_words",
    "number_named",
    "unknown_words",
    "worded",
]

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

WORTH_IT, AT_ONCE = 10, 500
"""Words of a command from which on they are looked up together, and how many in one statement."""
NAMING = ("client", "member", "to", "on", "from")
"""What an entry of a list names a member or a client by."""
DIGITS = 9
"""A number with more digits names nothing in any firm."""
PLAIN_NUMBERS = frozenset({"fee_split", "items", "at_least", "at_most", "days"})
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
    asked = worded(arguments)
    names = _Names(firm_now, [] if words is None else words)
    names.bring_near(_listed(asked))
    return parse(name, asked, names)


def number_named(firm_now: FirmNow, thing: Thing, key: int | str) -> int:
    """The number of what one id or word names; 0 where nothing is called so."""
    return _Names(firm_now, []).number(thing, str(worded(key)))


def unknown_words(firm_now: FirmNow, thing: Thing, words: Iterable[str]) -> list[str]:
    """Those by which nothing is called, each once and in their order; looked up together."""
    names, asked = _Names(firm_now, []), list(dict.fromkeys(words))
    names.bring_near(asked)
    return [word for word in asked if not names.number(thing, word)]


def worded(value: Any, key: str = "") -> Any:
    """The arguments with every id as the word for it (``#12``)."""
    if isinstance(value, Mapping):
        return {each: worded(inner, str(each)) for each, inner in value.items()}
    if isinstance(value, list):
        return [worded(each, key) for each in value]
    if isinstance(value, int) and not isinstance(value, bool) and key not in PLAIN_NUMBERS:
        return f"#{value}"
    return value


def _listed(value: Any) -> Iterator[str]:
    """The words in lists that may name members or clients."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _listed(inner)
    elif isinstance(value, list):
        for each in value:
            named = [each.get(key) for key in NAMING] if isinstance(each, Mapping) else [each]
            yield from (word for word in named if isinstance(word, str))
            yield from _listed(each)


class _Names:
    """Who is meant by a word in one firm: `core.commands.parsing.Naming`."""

    def __init__(self, firm_now: FirmNow, words: list[NamedWord]) -> None:
        self._now = firm_now
        self._words = words
        self._called: dict[tuple[Thing, str], int] = {}
        """The number of what has been looked up; 0 where nothing is called so."""

    def bring_near(self, words: Iterable[str]) -> None:
        """Look up long lists of members and clients in a few statements, and not word by word."""
        keys = list({unique_key(word) for word in words if not _is_number(word)} - {""})
        if len(keys) < WORTH_IT:
            return
        for first in range(0, len(keys), AT_ONCE):
            for thing in (Thing.CLIENT, Thing.MEMBER):
                self._look_up(thing, keys[first : first + AT_ONCE])

    def number(self, thing: Thing, name: str) -> int:
        """The thing's number, 0 where nothing is called so."""
        word = name.strip()
        found = self._number_of(thing, word)
        self._words.append(NamedWord(thing, word, found))
        return found

    def _number_of(self, thing: Thing, word: str) -> int:
        if _is_number(word):
            return _number(word.removeprefix("#").removeprefix("id:"))
        key = unique_key(word)
        if thing not in _KEYS or not key:
            return 0
        if (thing, key) not in self._called:
            self._look_up(thing, [key])
        return self._called[thing, key]

    def _look_up(self, thing: Thing, keys: Sequence[str]) -> None:
        columns = _KEYS[thing]
        # No database keeps a text with a zero in it, and PostgreSQL takes none.
        sought = [key for key in keys if "\0" not in key]
        places = ", ".join(["%s"] * len(sought))
        named = defaultdict[str, list[int]](list)
        if sought:
            rows = rows_of(
                f"SELECT number, {', '.join(columns)} FROM {TABLES[thing]} WHERE firm_id = %s"
                f" AND ({' OR '.join(f'{column} IN ({places})' for column in columns)})",
                self._now.firm,
                *sought * len(columns),
            )
            for number, *texts in rows:
                for key in {*texts} - {None}:
                    named[key].append(number)
        for key in keys:
            # What is one member's address and another's id means neither (decision 53).
            neither = thing is Thing.MEMBER and len(named[key]) > 1
            self._called[thing, key] = 0 if neither else max(named[key], default=0)

    def engagement(self, client: int, service: int) -> int:
        """The client's engagement for the service, 0 where there is none."""
        return self._now.engagement_for(client, service) or 0

    def close_of(self, day: date) -> Instant:
        """A day ends at the next midnight in the firm's time zone (rules.md 1)."""
        zone = Firm.objects.values_list("timezone", flat=True).get(pk=self._now.firm)
        return close_of(day, ZoneInfo(zone))


def _is_number(word: str) -> bool:
    return word.strip().startswith(("#", "id:"))


def _number(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= DIGITS else 0
