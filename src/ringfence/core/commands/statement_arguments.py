"""Reads the statements of a policy from words, as scenario files, the API and the command line give them.

One of rules.md 10 has the keys of its row in the table there; which one it is, the keys say.
"""

from collections.abc import Mapping
from typing import Any

from ringfence.core.statements import (
    AtLeast,
    AtMost,
    AtMostClients,
    AtMostLevel,
    CheckIs,
    ClientsMeant,
    MemberSees,
    MembersMeant,
    Never,
    Only,
    OpenTo,
    PolicyMode,
    Statement,
)
from ringfence.core.terms import GIVING, Level, Reason, Role, Thing

from .arguments import Arguments, BadArgument, listed

FORMS: dict[frozenset[str], str] = {
    frozenset(keys.split()): keys
    for keys in (
        "never sees",
        "only see",
        "at_least see",
        "at_most see",
        "at_most clients by",
        "at_most_level on by",
        "check",
        "member sees",
        "client open_to",
    )
}
"""The keys of each statement."""
MOST_COUNTED = 999_999_999
"""Members or clients that a statement may count to: more than any firm has."""
LEVELS = {level.word: level for level in (Level.NONE, *GIVING)}


def mode(reader: Arguments, key: str) -> PolicyMode:
    match reader.text(key):
        case "warn":
            return "warn"
        case "refuse":
            return "refuse"
        case other:
            raise BadArgument(f"{key} must be warn or refuse, not {other!r}")


def statements(reader: Arguments, key: str) -> tuple[Statement, ...]:
    """All statements of a policy, in their order."""
    return tuple(_statement(each) for each in reader.each(key))


def _statement(reader: Arguments) -> Statement:
    found = _read(reader, FORMS.get(frozenset(reader.left), ""))
    reader.need_all_read("a statement")
    return found


def _read(reader: Arguments, form: str) -> Statement:
    match form:
        case "never sees":
            return Never(members=members(reader, "never"), clients=clients(reader, "sees"))
        case "only see":
            return Only(members=members(reader, "only"), clients=clients(reader, "see"))
        case "at_least see":
            return AtLeast(number=_count(reader, "at_least"), clients=clients(reader, "see"))
        case "at_most see":
            return AtMost(number=_count(reader, "at_most"), clients=clients(reader, "see"))
        case "at_most clients by":
            return AtMostClients(
                number=_count(reader, "at_most"),
                clients=clients(reader, "clients"),
                members=members(reader, "by"),
            )
        case "at_most_level on by":
            return AtMostLevel(
                level=_level(reader, "at_most_level"),
                clients=clients(reader, "on"),
                members=members(reader, "by"),
            )
        case "check":
            return _check(reader.inner("check"))
        case "member sees":
            return MemberSees(
                member=reader.number("member", Thing.MEMBER), clients=reader.numbers("sees", Thing.CLIENT)
            )
        case "client open_to":
            return OpenTo(
                client=reader.number("client", Thing.CLIENT),
                members=reader.numbers("open_to", Thing.MEMBER),
            )
    known = "; ".join(f"{{{', '.join(f'{key}: …' for key in keys.split())}}}" for keys in FORMS.values())
    raise BadArgument(f"a statement is one of {known}; not {{{', '.join(reader.left)}}}")


def _check(reader: Arguments) -> CheckIs:
    found = CheckIs(
        member=reader.number("member", Thing.MEMBER),
        client=reader.number("client", Thing.CLIENT),
        service=reader.maybe("service", lambda key: reader.number(key, Thing.SERVICE) or -1, 0),
        level=_level(reader, "level"),
        reason=reader.maybe("reason", lambda key: _reason(reader, key), None),
    )
    reader.need_all_read("a check")
    return found


def _count(reader: Arguments, key: str) -> int:
    value = reader.raw(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_COUNTED:
        raise BadArgument(f"{key} must be a whole number such as 2, not {value!r}")
    return value


def _level(reader: Arguments, key: str) -> Level:
    word = reader.text(key)
    if word not in LEVELS:
        raise BadArgument(f"{key} must be one of: {', '.join(LEVELS)}; not {word!r}")
    return LEVELS[word]


def _reason(reader: Arguments, key: str) -> Reason:
    word = reader.text(key)
    if word not in list(Reason):
        raise BadArgument(f"{key} must be one of: {', '.join(Reason)}; not {word!r}")
    return Reason(word)


# --- Who and what is meant


def members(reader: Arguments, key: str) -> MembersMeant:
    """MEMBERS: a name, ``{group: NAME}``, ``{role: ROLE}``, ``everyone``, a list of these; with ``except``.

    A word such as ``everyone`` means all where it stands by itself, or as ``{members: everyone}``.
    """
    found = _meant(reader.raw(key), key, ("members", "member", "group", "role"), ("everyone",))
    names = found["members"] + found["member"]
    return MembersMeant(
        members=_numbers(reader, Thing.MEMBER, names, key),
        groups=frozenset(reader.group_called(name, key) for name in found["group"]),
        roles=frozenset(_role(word, key) for word in found["role"]),
        everyone=bool(found["everyone"]),
        without=_numbers(reader, Thing.MEMBER, found["except"], key),
    )


def clients(reader: Arguments, key: str) -> ClientsMeant:
    """CLIENTS: a name, ``{service: NAME}``, ``confidential``, ``all``, a list of these; with ``except``."""
    found = _meant(reader.raw(key), key, ("clients", "client", "service"), ("all", "confidential"))
    names = found["clients"] + found["client"]
    return ClientsMeant(
        clients=_numbers(reader, Thing.CLIENT, names, key),
        services=_numbers(reader, Thing.SERVICE, found["service"], key),
        confidential=bool(found["confidential"]),
        all=bool(found["all"]),
        without=_numbers(reader, Thing.CLIENT, found["except"], key),
    )


def _numbers(reader: Arguments, thing: Thing, names: list[Any], key: str) -> frozenset[int]:
    return frozenset(reader.called(thing, name, key) for name in names)


def _meant(value: Any, key: str, kinds: tuple[str, ...], words: tuple[str, ...]) -> dict[str, list[Any]]:
    """What is named, by its kind, and which of the words are said; the first kind has plain names."""
    several = kinds[0]
    found: dict[str, list[Any]] = {each: [] for each in (*kinds, *words, "except")}
    if isinstance(value, Mapping):
        entries = [value]
        found["except"] = listed(value.get("except", []))
    elif isinstance(value, str) and value in words:
        entries = [{several: value}]
    else:
        entries = [each if isinstance(each, Mapping) else {several: [each]} for each in listed(value)]
    for entry in entries:
        for kind, named in entry.items():
            if kind == several and isinstance(named, str) and named in words:
                found[named].append(named)
            elif kind in kinds:
                found[kind] += listed(named)
            elif kind != "except" or entry is not value:
                raise BadArgument(f"{key} has no {kind}; it may have {', '.join(kinds)} and except")
    return found


def _role(word: Any, key: str) -> Role:
    if word not in list(Role):
        raise BadArgument(f"{key} must be one of the roles {', '.join(Role)}; not {word!r}")
    return Role(word)
