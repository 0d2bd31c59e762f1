"""What a directory holds, as people and groups: attributes become words, nested groups their people.

Nobody who is switched off in the directory is among the people: they are gone from it. What cannot be taken
is told with a reason, and stands for nobody's leaving. Nothing here knows a firm.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache

import msgspec
from ldap3.core.exceptions import LDAPException
from ldap3.utils.dn import parse_dn

from ringfence.core import texts
from ringfence.core.directory import unique_key
from ringfence.lists.directory.asking import DirectorySession, Entry
from ringfence.lists.directory.directory_settings import ANY_GROUP, DirectoryKind, DirectorySettings
from ringfence.lists.rows.cell_texts import email_problem, text_problem

SWITCHED_OFF = 2
"""The bit of Active Directory's userAccountControl."""
_LOCKED_FOR_GOOD = b"000001010000Z"
"""pwdAccountLockedTime of OpenLDAP's password policy for who is locked until somebody unlocks them."""


class WhyNotFollowed(StrEnum):
    """Why somebody or a group of the directory is left out; `wording.directories` has the sentences."""

    NO_EXTERNAL = "no_external"
    NO_EMAIL = "no_email"
    BAD_EMAIL = "bad_email"
    EMAIL_TWICE = "email_twice"
    EXTERNAL_TWICE = "external_twice"
    BAD_NAME = "bad_name"
    GROUP_TWICE = "group_twice"
    EVERYONE = "everyone"
    NO_GROUP = "no_group"
    REFUSED = "refused"


class NotFollowed(msgspec.Struct, frozen=True):
    """What of the directory is left out, by its name there, and why; `said` is a sentence where there is."""

    name: str
    why: WhyNotFollowed
    said: str = ""


class DirectoryPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom the directory holds and who is not switched off; by `email` or `external`, or both."""

    name: str
    email: str
    external: str
    groups: tuple[str, ...] = ()


class DirectoryHeld(msgspec.Struct, frozen=True, kw_only=True):
    """What the directory holds."""

    people: tuple[DirectoryPerson, ...]
    groups: tuple[str, ...]
    """The names of the groups that are kept, those without anybody too."""
    switched_off: int
    left_out: tuple[NotFollowed, ...]
    spared: tuple[DirectoryPerson, ...]
    """Of those who are left out: known by what else they are called, and not to be taken for gone."""


class _Somebody(msgspec.Struct):
    """An entry on its way."""

    dn: str
    uid: str
    name: str
    email: str
    external: str
    groups: list[str] = msgspec.field(default_factory=list)


def look_up(asked: DirectorySession, settings: DirectorySettings) -> DirectoryHeld:
    """Everybody, and every group that is kept. Raises `asking.Failure`."""
    attributes = {settings.attribute("email"), settings.attribute("name"), settings.attribute("external")}
    attributes |= {"uid", "givenName", "sn", "userAccountControl", "nsAccountLock", "pwdAccountLockedTime"}
    reader = _People(settings)
    reader.read(asked.search(settings.people_base, settings.people, attributes))
    groups = _Groups(reader)
    if settings.groups_base:
        kept = [
            (dn, _first(values, "cn"))
            for dn, values in asked.search(settings.groups_base, settings.groups, ["cn"])
        ]
        holding = asked.search(settings.groups_base, ANY_GROUP, ["member", "uniqueMember", "memberUid"])
        groups.read(kept, holding)
    return reader.found(tuple(groups.names), groups.left_out)


class _People:
    """The people of a directory, by all that a group may call them."""

    def __init__(self, settings: DirectorySettings) -> None:
        self._email = settings.attribute("email").lower()
        self._name = settings.attribute("name").lower()
        self._external = settings.attribute("external").lower()
        self._windows = settings.kind is DirectoryKind.ACTIVE_DIRECTORY
        self._all: list[_Somebody] = []
        self._switched_off = 0
        self.by_dn: dict[str, _Somebody] = {}
        self.by_uid: dict[str, _Somebody] = {}

    def read(self, entries: Iterable[Entry]) -> None:
        for dn, values in entries:
            if _is_off(values):
                self._switched_off += 1
                continue
            who = _Somebody(
                dn=dn,
                uid=_first(values, "uid"),
                name=_first(values, self._name) or _full_name(values),
                email=_first(values, self._email),
                external=self._id(values),
            )
            self._all.append(who)
            self.by_dn[dn_key(dn)] = who
            if who.uid:
                self.by_uid[who.uid.casefold()] = who

    def _id(self, values: Mapping[str, list[bytes]]) -> str:
        """The external id; that of Active Directory is sixteen bytes, written as it shows them itself."""
        held = values.get(self._external)
        if not held:
            return ""
        if self._windows and len(held[0]) == 16 and self._external == "objectguid":
            return str(uuid.UUID(bytes_le=held[0]))
        return _text(held[0])

    def found(self, groups: tuple[str, ...], left_out: Iterable[NotFollowed]) -> DirectoryHeld:
        twice = {
            "email": _twice(who.email for who in self._all),
            "external": _twice(who.external for who in self._all),
        }
        people, spared, out = [], [], list(left_out)
        for who in self._all:
            person = DirectoryPerson(
                name=who.name, email=who.email, external=who.external, groups=tuple(who.groups)
            )
            why = _why_left_out(person, twice)
            if why is None:
                people.append(person)
            else:
                out.append(NotFollowed(who.dn, why))
                spared.append(person)
        return DirectoryHeld(
            people=tuple(people),
            groups=groups,
            switched_off=self._switched_off,
            left_out=tuple(out),
            spared=tuple(spared),
        )


def _why_left_out(person: DirectoryPerson, twice: Mapping[str, set[str]]) -> WhyNotFollowed | None:
    """Why this person cannot be taken; who has no address is taken where the id may already be known."""
    if not person.external:
        return WhyNotFollowed.NO_EXTERNAL
    if unique_key(person.external) in twice["external"]:
        return WhyNotFollowed.EXTERNAL_TWICE
    if person.email and unique_key(person.email) in twice["email"]:
        return WhyNotFollowed.EMAIL_TWICE
    if person.email and (email_problem(person.email) or text_problem(person.email, texts.EMAIL)):
        return WhyNotFollowed.BAD_EMAIL
    if text_problem(person.external, texts.EXTERNAL) or (text_problem(person.name, texts.MEMBER_NAME)):
        return WhyNotFollowed.BAD_NAME
    return None


class _Groups:
    """The groups that are kept, each with everybody who is in it or in a group within it."""

    def __init__(self, people: _People) -> None:
        self._people = people
        self._within: dict[str, tuple[list[_Somebody], list[str]]] = {}
        """By the key of a group: the people in it, and the keys of what else is."""
        self.names: list[str] = []
        self.left_out: list[NotFollowed] = []

    def read(self, kept: Iterable[tuple[str, str]], holding: Iterable[Entry]) -> None:
        for dn, values in holding:
            self._within[dn_key(dn)] = self._inside(values)
        kept = list(kept)
        twice = _twice(name for _, name in kept)
        for dn, name in kept:
            if (why := _why_no_group(name, twice)) is not None:
                self.left_out.append(NotFollowed(dn, why))
                continue
            self.names.append(name)
            for who in self._everybody(dn_key(dn)):
                who.groups.append(name)

    def _inside(self, values: Mapping[str, list[bytes]]) -> tuple[list[_Somebody], list[str]]:
        people, others = [], []
        for each in (*values.get("member", ()), *values.get("uniquemember", ())):
            key = dn_key(_text(each))
            if (who := self._people.by_dn.get(key)) is not None:
                people.append(who)
            else:
                others.append(key)
        for each in values.get("memberuid", ()):
            if (who := self._people.by_uid.get(_text(each).casefold())) is not None:
                people.append(who)
        return people, others

    def _everybody(self, group: str) -> Iterator[_Somebody]:
        """Each once; groups may hold each other in a ring."""
        seen, told, waiting = {group}, set(), [group]
        while waiting:
            people, others = self._within.get(waiting.pop(), ((), ()))
            for who in people:
                if id(who) not in told:
                    told.add(id(who))
                    yield who
            fresh = [each for each in others if each not in seen and each in self._within]
            seen.update(fresh)
            waiting += fresh


def _why_no_group(name: str, twice: set[str]) -> WhyNotFollowed | None:
    if not name or text_problem(name, texts.GROUP_NAME):
        return WhyNotFollowed.BAD_NAME
    if unique_key(name) in twice:
        return WhyNotFollowed.GROUP_TWICE
    return WhyNotFollowed.EVERYONE if unique_key(name) == "everyone" else None


def _is_off(values: Mapping[str, list[bytes]]) -> bool:
    """Whether the directory says that somebody may not sign in."""
    control = _first(values, "useraccountcontrol")
    if control.lstrip("-").isdigit() and int(control) & SWITCHED_OFF:
        return True
    if _first(values, "nsaccountlock").casefold() == "true":
        return True
    return values.get("pwdaccountlockedtime", [b""])[0] == _LOCKED_FOR_GOOD


def _full_name(values: Mapping[str, list[bytes]]) -> str:
    return f"{_first(values, 'givenname')} {_first(values, 'sn')}".strip() or _first(values, "cn")


def _first(values: Mapping[str, list[bytes]], name: str) -> str:
    held = values.get(name)
    return _text(held[0]).strip() if held else ""


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _twice(words: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    found: set[str] = set()
    for key in map(unique_key, filter(None, words)):
        (found if key in seen else seen).add(key)
    return found


@lru_cache(maxsize=200_000)
def dn_key(dn: str) -> str:
    """Two names of one entry alike (RFC 4514): case, space around signs and escapes make no difference."""
    if "\\" not in dn and '"' not in dn and "#" not in dn:
        return ",".join(
            "=".join(side.strip() for side in part.partition("=")[::2]) for part in dn.casefold().split(",")
        )
    try:
        parts = parse_dn(dn, escape=False, strip=True)
    except LDAPException:
        return dn.casefold()
    return ",".join(f"{kind.strip()}={_unescaped(value)}" for kind, value, _ in parts).casefold()


def _unescaped(value: str) -> str:
    r"""`\,` and `\2C` are a comma."""
    found = bytearray()
    raw = value.strip().encode()
    at = 0
    while at < len(raw):
        if raw[at : at + 1] == b"\\" and at + 1 < len(raw):
            pair = raw[at + 1 : at + 3]
            if len(pair) == 2 and all(byte in b"0123456789abcdefABCDEF" for byte in pair):
                found += bytes.fromhex(pair.decode())
                at += 3
                continue
            at += 1
        found += raw[at : at + 1]
        at += 1
    return found.decode("utf-8", "replace")
