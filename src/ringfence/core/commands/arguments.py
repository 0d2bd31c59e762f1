"""Reads a command's arguments, one by one and by kind, from what a scenario file or a command line states.

Which command takes which arguments is in `parsing.py`. A name that nothing bears becomes number 0, which no
thing has: whether that is `not_found` or something that must be said before it, the command's handler knows.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol, get_args

import msgspec
from pyroaring import BitMap

from ringfence.core.days import instant
from ringfence.core.review_schedule import Every
from ringfence.core.review_values import ReviewDecision, ReviewScope, Undecided
from ringfence.core.terms import (
    EVERYONE,
    SCOPE_WORDS,
    Instant,
    Level,
    Role,
    Scope,
    Subject,
    Thing,
    group_subject,
    member_subject,
)
from ringfence.core.values import ActionName, ResourceType, Side, Sides, SoftwareNames

from . import definitions as w


class Naming(Protocol):
    """Who is meant by a word."""

    def number(self, thing: Thing, name: str) -> int:
        """The number of the thing of that name, 0 where there is none."""

    def engagement(self, client: int, service: int) -> int:
        """The client's engagement for the service, 0 where there is none."""

    def close_of(self, day: date) -> Instant:
        """The instant at which the firm's day ends."""


class BadArgument(ValueError):
    """An argument that cannot be read; the text says which and what to do."""


class Arguments:
    """Takes arguments out one by one, so that what nobody asked for can be refused."""

    def __init__(self, arguments: Any, names: Naming, whose: str = "arguments") -> None:
        if not isinstance(arguments, Mapping):
            raise BadArgument(f"{whose} must be given by name, such as {{client: Acme}}, not {arguments!r}")
        self.left = {str(key): value for key, value in arguments.items()}
        self.names = names

    def need_all_read(self, command: str) -> None:
        if self.left:
            raise BadArgument(f"{command} takes no {', '.join(sorted(self.left))}")

    def raw(self, key: str) -> Any:
        if key not in self.left:
            raise BadArgument(f"{key} is missing: add {key}=…")
        return self.left.pop(key)

    def maybe(self, key: str, read: Callable[[str], Any], otherwise: Any) -> Any:
        return read(key) if key in self.left else otherwise

    def text(self, key: str) -> str:
        return _text(self.raw(key), key)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(_text(entry, key) for entry in listed(self.raw(key)))

    def scopes(self, key: str) -> Scope:
        words = self.texts(key)
        try:
            return Scope.of(words)
        except KeyError:
            wrong = ", ".join(word for word in words if word not in SCOPE_WORDS)
            raise BadArgument(f"{key} must be some of: {', '.join(SCOPE_WORDS)}; not {wrong}") from None

    def software_names(self) -> SoftwareNames:
        """Types by name, and by name each action, or several by the properties of what is asked."""
        types, actions = self.maybe("types", self.raw, {}), self.maybe("actions", self.raw, {})
        try:
            told = [
                {"name": name, **(each if isinstance(each, Mapping) else {"action": each})}
                for name, several in msgspec.convert(actions, dict[str, Any]).items()
                for each in listed(several)
            ]
            return SoftwareNames(
                types=msgspec.convert(types, dict[str, ResourceType]),
                actions=tuple(map(_action_name, told)),
            )
        except msgspec.ValidationError:
            raise BadArgument(
                "types must give each name client or engagement, such as {record: client}, and actions each"
                " name view, edit, remove or share, such as {open_file: view}"
            ) from None

    def digest(self, key: str) -> bytes:
        """Bytes in hexadecimal; none where they cannot be read."""
        text = self.text(key)
        try:
            return bytes.fromhex(text)
        except ValueError:
            return b""

    def flag(self, key: str) -> bool:
        value = self.raw(key)
        if isinstance(value, bool):
            return value
        if value in ("true", "yes", "on"):
            return True
        if value in ("false", "no", "off"):
            return False
        raise BadArgument(f"{key} must be true or false, not {value!r}")

    def setting(self, key: str) -> str | bool | int:
        """A setting's value: a word, a switch, or a whole number."""
        value = self.raw(key)
        if isinstance(value, str):
            number = int(value) if value.isascii() and value.isdecimal() else value
            return {"true": True, "false": False}.get(value, number)
        if isinstance(value, bool | int):
            return value
        raise BadArgument(f"{key} must be a word, a whole number, or true or false, not {value!r}")

    def level(self, key: str) -> Level:
        return _level(self.raw(key), key)

    def role(self, key: str) -> Role:
        word = self.text(key)
        try:
            return Role(word)
        except ValueError:
            raise BadArgument(f"{key} must be one of: {', '.join(Role)}; not {word!r}") from None

    def when(self, key: str) -> Instant | None:
        """A date-time; a day without a time is meant up to its close (rules.md 1, "Firm")."""
        return self._time(key, self._close_of)

    def start(self, key: str) -> Instant | None:
        """A date-time; a day without a time is meant from its beginning."""
        return self._time(key, lambda day, key: self._close_of(day - timedelta(days=1), key))

    def _time(self, key: str, of_day: Callable[[date, str], Instant]) -> Instant | None:
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, str):
            value = _read_time(value, key)
        if isinstance(value, datetime):
            return instant(value)
        if isinstance(value, date):
            return of_day(value, key)
        raise BadArgument(f"{key} must be a date or date-time, not {value!r}")

    def _close_of(self, day: date, key: str) -> Instant:
        try:
            return self.names.close_of(day)
        except OverflowError:
            raise BadArgument(f"{key} must be a day before the end of time, not {day}") from None

    def time(self, key: str) -> Instant:
        found = self.when(key)
        if found is None:
            raise BadArgument(f"{key} must be a date or date-time, not None")
        return found

    def decision(self, key: str) -> ReviewDecision:
        found: ReviewDecision = self.one_of(key, get_args(ReviewDecision))
        return found

    def undecided(self, key: str) -> Undecided:
        found: Undecided = self.one_of(key, get_args(Undecided))
        return found

    def every(self, key: str) -> Every:
        found: Every = self.one_of(key, get_args(Every))
        return found

    def day(self, key: str) -> date:
        """A day of the calendar, without a time."""
        value = self.raw(key)
        try:
            return date.fromisoformat(value) if isinstance(value, str) else _as_day(value)
        except ValueError:
            raise BadArgument(f"{key} must be a day such as 2026-03-31, not {value!r}") from None

    def days(self, key: str) -> int:
        """A whole number of days."""
        value = self.raw(key)
        if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise BadArgument(f"{key} must be a whole number of days, not {value!r}")

    def one_of(self, key: str, words: tuple[str, ...]) -> Any:
        word = self.text(key)
        if word not in words:
            raise BadArgument(f"{key} must be one of: {', '.join(words)}; not {word!r}")
        return word

    def scope(self, key: str) -> ReviewScope:
        """What a review is about: all, confidential, a service, a group, a member's reach, or clients."""
        value = self.raw(key)
        if value in ("all", "confidential"):
            return ReviewScope(kind=value)
        if isinstance(value, Mapping) and len(value) == 1:
            ((kind, name),) = value.items()
            if kind == "service":
                return ReviewScope(kind="service", number=self.names.number(Thing.SERVICE, _text(name, key)))
            if kind == "group":
                return ReviewScope(kind="group", number=self._group(_text(name, key)))
            if kind == "member":
                return ReviewScope(kind="member", number=self.names.number(Thing.MEMBER, _text(name, key)))
            value = name if kind == "clients" else value
        if isinstance(value, Mapping):
            raise BadArgument(
                f"{key} must be all, confidential, clients, or such as {{service: VAT}}, {{group: Payroll}}"
                f" or {{member: Susan}}; not {value!r}"
            )
        clients = frozenset(self.names.number(Thing.CLIENT, _text(name, key)) for name in listed(value))
        return ReviewScope(kind="clients", clients=clients)

    def items(self, key: str) -> w.ReviewItems:
        """Items of a review: their numbers, grants as {to, on}, delegations as {from, to}."""
        numbers, grants, delegations = BitMap(), [], []
        for entry in listed(self.raw(key)):
            if isinstance(entry, Mapping) and set(entry) == {"from", "to"}:
                reader = Arguments(entry, self.names, key)
                delegations.append((reader.number("from", Thing.MEMBER), reader.number("to", Thing.MEMBER)))
            elif isinstance(entry, Mapping) and set(entry) == {"to", "on"}:
                reader = Arguments(entry, self.names, key)
                on = reader.on("on")
                grants += [(subject, on) for subject in reader.subjects("to")]
            else:
                numbers.add(_item_number(entry, key))
        return w.ReviewItems(numbers=numbers, grants=tuple(grants), delegations=tuple(delegations))

    def number(self, key: str, thing: Thing) -> int:
        return self.names.number(thing, self.text(key))

    def numbers(self, key: str, thing: Thing) -> frozenset[int]:
        return frozenset(self.names.number(thing, _text(name, key)) for name in listed(self.raw(key)))

    def subjects(self, key: str) -> tuple[Subject, ...]:
        return tuple(self._subject(entry, key) for entry in listed(self.raw(key)))

    def _subject(self, entry: Any, key: str) -> Subject:
        if isinstance(entry, Mapping):
            if set(entry) == {"group"}:
                return group_subject(self._group(_text(entry["group"], key)))
            if set(entry) == {"member"}:
                entry = entry["member"]
        return member_subject(self.names.number(Thing.MEMBER, _text(entry, key)))

    def _group(self, name: str) -> int:
        return EVERYONE if name == "Everyone" else self.names.number(Thing.GROUP, name)

    def group(self, key: str) -> int:
        return self._group(self.text(key))

    def on(self, key: str) -> w.On:
        engagements, clients, services, everything = BitMap(), BitMap(), set[int](), False
        excluded: dict[int, BitMap] = {}
        for entry in listed(self.raw(key)):
            named = entry if isinstance(entry, Mapping) else {"client": entry}
            if entry == "all":
                everything = True
            elif set(named) == {"client", "service"}:
                engagements.add(self._engagement(named["client"], named["service"], key))
            elif set(named) in ({"service"}, {"service", "except"}):
                service = self.names.number(Thing.SERVICE, _text(named["service"], key))
                services.add(service)
                if left_out := listed(named.get("except") or []):
                    excluded[service] = BitMap(
                        self.names.number(Thing.CLIENT, _text(name, key)) for name in left_out
                    )
            elif set(named) == {"client"}:
                clients.add(self.names.number(Thing.CLIENT, _text(named["client"], key)))
            else:
                raise BadArgument(
                    f"{key} must be a client, a client and service, a service, or all; not {entry!r}"
                )
        return w.On(
            engagements=engagements,
            clients=clients,
            services=frozenset(services),
            all=everything,
            excluded=excluded,
        )

    def _engagement(self, client: Any, service: Any, key: str) -> int:
        return self.names.engagement(
            self.names.number(Thing.CLIENT, _text(client, key)),
            self.names.number(Thing.SERVICE, _text(service, key)),
        )

    def engagement(self) -> int:
        return self._engagement(self.raw("client"), self.raw("service"), "service")

    def fee_split(self, key: str) -> int | None:
        """Per cent with at most two decimals, as hundredths of a per cent; -1 for any other number."""
        value = self.raw(key)
        if value is None:
            return None
        try:
            split = Decimal(str(value).removesuffix("%").strip())
        except InvalidOperation:
            raise BadArgument(f"{key} must be a per cent from 0 to 100, not {value!r}") from None
        if not split.is_finite() or not 0 <= split <= 100 or split % Decimal("0.01"):
            return -1
        return int(split * 100)

    def grants(self, key: str) -> tuple[w.GrantTo, ...]:
        found = []
        for entry in listed(self.raw(key)):
            if not isinstance(entry, Mapping) or set(entry) != {"to", "level"}:
                raise BadArgument(f"each of {key} needs to and level, such as {{to: Susan, level: owner}}")
            for to in listed(entry["to"]):
                found.append(w.GrantTo(to=self._subject(to, key), level=_level(entry["level"], key)))
        return tuple(found)

    def services(self, key: str) -> dict[int, str]:
        value = self.raw(key)
        pairs = value.items() if isinstance(value, Mapping) else [(name, "") for name in listed(value)]
        return {
            self.names.number(Thing.SERVICE, _text(name, key)): _text("" if tax is None else tax, key)
            for name, tax in pairs
        }

    def called(self, thing: Thing, name: Any, key: str) -> int:
        """The number of the thing that an entry of the argument names."""
        return self.names.number(thing, _text(name, key))

    def group_called(self, name: Any, key: str) -> int:
        """The same of a group; Everyone may be named too."""
        return self._group(_text(name, key))

    def inner(self, key: str) -> "Arguments":
        """An argument that has arguments of its own."""
        return Arguments(self.raw(key), self.names, key)

    def each(self, key: str) -> "list[Arguments]":
        """A list whose entries have arguments of their own."""
        return [Arguments(entry, self.names, key) for entry in listed(self.raw(key))]

    def sides(self, key: str) -> Sides:
        sides = [_side(reader, key) for reader in self.each(key)]
        if len(sides) != 2:
            raise BadArgument(f"{key} must be two sides, each with members and clients")
        return (sides[0], sides[1])


def _action_name(entry: Mapping[str, Any]) -> ActionName:
    """Raises `msgspec.ValidationError`."""
    properties = msgspec.convert(entry.get("properties", {}), dict[str, str | int | float | bool | None])
    said = tuple(sorted((key, msgspec.json.encode(value).decode()) for key, value in properties.items()))
    if extra := entry.keys() - {"name", "action", "properties"}:
        raise msgspec.ValidationError(str(extra))
    return msgspec.convert(
        {"name": entry["name"], "action": entry.get("action"), "properties": said}, ActionName
    )


def _side(reader: Arguments, key: str) -> Side:
    side = Side(
        members=reader.maybe("members", lambda name: reader.numbers(name, Thing.MEMBER), frozenset()),
        clients=reader.maybe("clients", lambda name: reader.numbers(name, Thing.CLIENT), frozenset()),
    )
    reader.need_all_read(key)
    return side


def _item_number(value: Any, key: str) -> int:
    """The number of an item; 0, which none has, for any other number."""
    try:
        number = int(_text(value, key).removeprefix("#"))
    except ValueError:
        raise BadArgument(
            f"{key} must be numbers of items, such as {{to: Susan, on: Acme}}, or {{from: Susan, to: John}};"
            f" not {value!r}"
        ) from None
    return number if 0 < number < 2**32 else 0


def _text(value: Any, key: str) -> str:
    if isinstance(value, str | int | float | date) and not isinstance(value, bool):
        return str(value)
    raise BadArgument(f"{key} must be a text, not {value!r}")


def _level(value: Any, key: str) -> Level:
    try:
        level = Level.of(_text(value, key))
    except KeyError:
        level = Level.NONE
    if level is Level.NONE:
        raise BadArgument(f"{key} must be reader, editor, owner or blocked, not {value!r}")
    return level


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _as_day(value: object) -> date:
    """A day as it is; raises `ValueError` for anything else, a date-time among it."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError


def _read_time(text: str, key: str) -> date:
    """A day or a date-time in ISO form."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise BadArgument(
            f"{key} must be a day such as 2026-03-31 or a time such as 2026-03-31T17:00:00Z, not {text!r}"
        ) from None
