"""Events as whoever reads an export wants them: numbers one by one, levels by name, times in UTC.

What was hashed is the entry's body, where sets are packed; this is the same, unpacked.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from pyroaring import BitMap

from ringfence.core.events import Event, unpacked
from ringfence.core.terms import Level, Scope, Thing

THINGS: Mapping[str, Thing] = {
    "member": Thing.MEMBER,
    "members": Thing.MEMBER,
    "delegator": Thing.MEMBER,
    "delegate": Thing.MEMBER,
    "group": Thing.GROUP,
    "client": Thing.CLIENT,
    "clients": Thing.CLIENT,
    "client_of": Thing.CLIENT,
    "service": Thing.SERVICE,
    "service_of": Thing.SERVICE,
    "services": Thing.SERVICE,
    "engagement": Thing.ENGAGEMENT,
    "engagements": Thing.ENGAGEMENT,
    "wall": Thing.WALL,
    "policy": Thing.POLICY,
    "token": Thing.TOKEN,
    "review": Thing.REVIEW,
}
"""What the numbers in a field are of."""
_PACKED = frozenset({"client_of", "service_of"})
_TIMES = frozenset({"at", "expires"})
_LEVELS = frozenset({"level", "cap"})


def plain_event(event: Event) -> dict[str, Any]:
    """The event's name and fields as JSON holds them."""
    found: dict[str, Any] = msgspec.to_builtins(event, builtin_types=(bytes,), enc_hook=_unpack)
    return _plain(found)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in fields.items()}


def _value(name: str, value: Any) -> Any:
    if name in _PACKED:
        return list(unpacked(value))
    if name == "subject":
        return dict(zip(("kind", "number"), value, strict=True))
    if isinstance(value, bytes):
        return value.hex()
    if name in _TIMES and value is not None:
        return datetime.fromtimestamp(value / 1_000_000, UTC).isoformat()
    if name == "scopes":
        return Scope(value).words
    if name in _LEVELS:
        return Level(value).name.lower()
    if isinstance(value, dict):
        return _plain(value)
    if isinstance(value, list | tuple):
        return [_plain(each) if isinstance(each, dict) else each for each in value]
    return value


def _unpack(value: object) -> object:
    if isinstance(value, BitMap | frozenset):
        return sorted(value)
    raise TypeError(f"an event holds no {type(value).__name__}")


def things_in(fields: Mapping[str, Any]) -> Iterator[tuple[Thing, int]]:
    """Everything that a plain event names by its number."""
    for name, value in fields.items():
        match name, value:
            case "subject", {"kind": kind, "number": int(number)}:
                yield Thing(kind), number
            case "targets", list(numbers) if fields["kind"] != "all":
                yield from ((Thing(fields["kind"]), number) for number in numbers)
            case "first_client", int(first):
                yield from ((Thing.CLIENT, first + each) for each in range(fields["count"]))
            case "number", int(number) if fields.get("event") == "described":
                yield Thing(fields["thing"]), number
            case _, int(number) if name in THINGS and not isinstance(number, bool):
                yield THINGS[name], number
            case _, list(numbers) if name in THINGS:
                yield from ((THINGS[name], number) for number in numbers)
            case _, list(parts):
                for part in parts:
                    if isinstance(part, dict):
                        yield from things_in(part)
            case _:
                pass
