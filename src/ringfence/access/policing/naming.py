"""Who and what is meant by the names of a policy file, and what may have been meant where nobody is.

Members by e-mail address or a name that only one has, clients by reference or such a name, the rest by name;
``#NUMBER`` is the number. What the reader may not know of is not there (rules.md 5, knowing).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import NamedTuple, Protocol

from pyroaring import BitMap

from ringfence.access.firm_now import FirmNow
from ringfence.access.reading import client_names, rows_by_name, rows_by_number
from ringfence.access.sql import among_numbers, numbers_parameter, rows_of
from ringfence.core.directory import sort_key, unique_key
from ringfence.core.terms import EVERYONE, Thing

from .faults import PF

NEAR = 0.65
"""How alike two names must be for one to be proposed for the other, of 1."""
COMPARED = 400
"""Clients that are compared with a name that is nobody's."""
GUESSES = 50
"""Names of one text of which it is said what may have been meant: each takes a look at hundreds of others."""
_DIGITS = 9
PORTION = 400
"""Names in one question, well under the number of parameters that databases take."""


class Meant(NamedTuple):
    """What a name means: a number, or why it means none."""

    number: int = 0
    fault: PF | None = None
    near: str = ""
    """What may have been meant."""
    several: tuple[str, ...] = ()
    """How each of several of that name is written instead."""


class _ClientRow(NamedTuple):
    """What a client is called."""

    number: int
    name: str
    reference: str
    reference_key: str | None


class PolicyNaming(Protocol):
    """Who and what is meant by a word, for one reader of one firm."""

    def member(self, word: str) -> Meant: ...

    def group(self, word: str) -> Meant: ...

    def client(self, word: str) -> Meant: ...

    def service(self, word: str) -> Meant: ...

    def engagement(self, client: int, service: int) -> int: ...


class PolicyNames:
    """The names of one firm as one reader (None: the operator) may use them, each kind read once."""

    def __init__(self, firm_now: FirmNow, actor: int | None) -> None:
        self._now = firm_now
        self._actor = actor
        self._guesses = 0

    @cached_property
    def known_clients(self) -> BitMap:
        return self._now.known_clients(self._actor)

    @cached_property
    def _members(self) -> list[tuple[int, str, str]]:
        rows = rows_by_name(self._now.firm, Thing.MEMBER, ("number", "name", "email"))
        return [(number, name, email) for number, name, email in rows]

    @cached_property
    def _members_by_key(self) -> tuple[dict[str, int], dict[str, list[tuple[int, str, str]]]]:
        """By the key of their address, and of their name; nobody by an empty one."""
        emails: dict[str, int] = {}
        called: dict[str, list[tuple[int, str, str]]] = {}
        for row in self._members:
            number, name, email = row
            if key := unique_key(email):
                emails.setdefault(key, number)
            if key := unique_key(name):
                called.setdefault(key, []).append(row)
        return emails, called

    @cached_property
    def _groups(self) -> dict[int, str]:
        rows = dict(rows_by_name(self._now.firm, Thing.GROUP, ("number", "name")))
        return {number: rows.get(number, "") for number in self._now.groups} | {EVERYONE: "Everyone"}

    @cached_property
    def _services(self) -> dict[int, str]:
        offered = self._now.offered_services(self._actor)
        rows = dict(rows_by_name(self._now.firm, Thing.SERVICE, ("number", "name")))
        return {number: rows.get(number, "") for number in offered}

    # --- From a word to a number

    def member(self, word: str) -> Meant:
        if (number := _numbered(word)) is not None:
            return Meant(number) if number in self._now.members else Meant(fault=PF.UNKNOWN_MEMBER)
        emails, called = self._members_by_key
        key = unique_key(word)
        if key in emails:
            return Meant(emails[key])
        alike = called.get(key, [])
        if len(alike) == 1:
            return Meant(alike[0][0])
        if alike:
            several = tuple(email or f"#{number}" for number, _name, email in alike)
            return Meant(fault=PF.SEVERAL_MEMBERS, several=several)
        return Meant(fault=PF.UNKNOWN_MEMBER, near=self._guess(word, self._member_words))

    def group(self, word: str) -> Meant:
        return self._by_name(word, self._groups, PF.UNKNOWN_GROUP)

    def service(self, word: str) -> Meant:
        return self._by_name(word, self._services, PF.UNKNOWN_SERVICE)

    def client(self, word: str) -> Meant:
        if (number := _numbered(word)) is not None:
            return Meant(number) if number in self.known_clients else Meant(fault=PF.UNKNOWN_CLIENT)
        found = self._client_called(word, self._clients_called([word]))
        if found.fault is PF.UNKNOWN_CLIENT:
            return found._replace(near=self._guess(word, lambda: self._clients_like(word)))
        return found

    def _clients_called(self, words: Iterable[str]) -> list[_ClientRow]:
        """The known clients that have one of these as their name, nearly, or as their reference."""
        keys = {key for word in words if (key := unique_key(word)).isprintable() and key}
        index, found = client_names(self._now.firm), dict[int, _ClientRow]()
        for some in _portions(sorted(keys)):
            references = ", ".join(["%s"] * len(some))
            called = BitMap.union(BitMap(), *map(index.called, some))
            rows = rows_of(
                "SELECT number, name, reference, reference_key FROM firms_client WHERE firm_id = %s"
                f" AND (reference_key IN ({references}) OR {among_numbers('number')}) ORDER BY number",
                *(self._now.firm, *some, numbers_parameter(called)),
            )
            found |= {row[0]: _ClientRow(*row) for row in rows if row[0] in self.known_clients}
        return list(found.values())

    def _client_called(self, word: str, rows: Iterable[_ClientRow]) -> Meant:
        key, there = unique_key(word), list(rows)
        if by_reference := [row.number for row in there if key and row.reference_key == key]:
            return Meant(by_reference[0])
        alike = [row for row in there if key and unique_key(row.name) == key]
        if len(alike) == 1:
            return Meant(alike[0].number)
        if alike:
            several = tuple(row.reference or f"#{row.number}" for row in alike)
            return Meant(fault=PF.SEVERAL_CLIENTS, several=several)
        return Meant(fault=PF.UNKNOWN_CLIENT)

    def engagement(self, client: int, service: int) -> int:
        """The client's engagement for the service, 0 where there is none."""
        return self._now.engagement_for(client, service) or 0

    def _by_name(self, word: str, names: Mapping[int, str], unknown: PF) -> Meant:
        if (number := _numbered(word)) is not None:
            return Meant(number) if number in names else Meant(fault=unknown)
        key = unique_key(word)
        for number, name in names.items():
            if key and unique_key(name) == key:
                return Meant(number)
        return Meant(fault=unknown, near=self._guess(word, names.values))

    def _guess(self, word: str, words: Callable[[], Iterable[str]]) -> str:
        """The word most like this one; of a text with very many unknown names, for the first of them."""
        self._guesses += 1
        return _near(word, words()) if self._guesses <= GUESSES else ""

    def _member_words(self) -> list[str]:
        return [text for _number, name, email in self._members for text in (name, email) if text]

    def _clients_like(self, word: str) -> list[str]:
        """Names of clients of which a beginning or an end of a word is one of this word's."""
        index, found = client_names(self._now.firm), BitMap()
        for each in unique_key(word).split():
            for part in {each[:3], each[-3:]}:
                if len(part) > 1:
                    found |= index.matching(part).clients
        first = index.page(found & self.known_clients, 0, COMPARED)
        rows = rows_by_number(self._now.firm, Thing.CLIENT, ("number", "name"), "number", first)
        return [name for _number, name in rows]

    # --- From a number to a word that means it alone

    def member_word(self, number: int) -> str:
        """The member's name, where only one has it; else the address, else the number."""
        found = next((row for row in self._members if row[0] == number), None)
        if found is None:
            return f"#{number}"
        _number, name, email = found
        return self._plainest([name, email], number, self.member)

    def group_word(self, number: int) -> str:
        name = self._groups.get(number, "")
        return name if _is_plain(name) else f"#{number}"

    def service_word(self, number: int) -> str:
        name = self._services.get(number, "")
        return name if _is_plain(name) else f"#{number}"

    def client_words(self, numbers: Iterable[int]) -> dict[int, str]:
        """Each client's name, where only one has it; else the reference, else the number."""
        wanted = [number for number in numbers if number in self.known_clients]
        fields = ("number", "name", "reference")
        rows = rows_by_number(self._now.firm, Thing.CLIENT, fields, "number", wanted)
        called = self._clients_called(word for _number, *words in rows for word in words)
        by_key: dict[str, list[_ClientRow]] = {}
        for row in called:
            for key in {unique_key(row.name), row.reference_key}:
                by_key.setdefault(key or "", []).append(row)

        def meaning(word: str) -> Meant:
            return self._client_called(word, by_key.get(unique_key(word), ()))

        return {
            number: self._plainest([name, reference], number, meaning) for number, name, reference in rows
        }

    def _plainest(self, words: Sequence[str], number: int, meaning: Callable[[str], Meant]) -> str:
        for word in words:
            if _is_plain(word) and word == word.strip() and meaning(word).number == number:
                return word
        return f"#{number}"


def _is_plain(word: str) -> bool:
    """Whether it is a word, and none that would be read as a number: of whoever has that."""
    return bool(word) and _numbered(word) is None


def _numbered(word: str) -> int | None:
    """The number of a word that is ``#`` and digits; None for other words."""
    word = word.strip()
    if not (word.startswith("#") and word[1:].isdecimal() and len(word) <= _DIGITS):
        return None
    return int(word[1:])


def _near(word: str, names: Iterable[str]) -> str:
    """The name most like the word, where one is like it at all."""
    by_key = {sort_key(name): name for name in names if name}
    found = get_close_matches(sort_key(word), by_key, n=1, cutoff=NEAR)
    return by_key[found[0]] if found else ""


def _portions(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(words), PORTION):
        yield words[start : start + PORTION]
