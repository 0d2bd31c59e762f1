"""Which member or client a text names, as this process keeps it between changes of the firm's texts.

A text says nothing about access: it leads to a number, and the state decides on that. Keys are made as the
core makes them, so a text is found however it is written.
"""

import secrets
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ringfence.core.directory import unique_key
from ringfence.store.member_keys import MemberKeys
from ringfence.store.sources import FirmUnknown, Source

from .paging import Neighbours, in_chunks

BY_NUMBER = "id:"
"""In front of a number of ours, which is never taken for a reference or an e-mail address."""
LONGEST = 320
"""No reference, e-mail address or external id is longer."""
AT_ONCE = 500
"""Numbers in one statement."""
MOST_CLIENTS = 200_000
"""Clients by reference that are kept of one firm."""


class Person(NamedTuple):
    """A member as answers name them."""

    number: int
    name: str
    sort_key: str
    email: str
    external: str


class ClientWords(NamedTuple):
    """A client as answers name it."""

    number: int
    name: str
    reference: str

    @property
    def id(self) -> str:
        """What finds it again: the reference, unless it would be taken for another one's number."""
        by_reference = self.reference and not self.reference.startswith(BY_NUMBER)
        return self.reference if by_reference else f"{BY_NUMBER}{self.number}"


class TextsKept:
    """The texts of one firm that were asked for, until an entry of the ledger changes one."""

    def __init__(self, firm: int, members: MemberKeys) -> None:
        self.firm = firm
        self._members = members
        """As they are at the very version that the firm is kept at."""
        self._people: dict[int, Person] | None = None
        self._clients: dict[str, int] = {}
        self._services: dict[int, str] | None = None
        self._by_reference: tuple[Neighbours, ...] | None = None
        self._place: tuple[str, ZoneInfo] | None = None
        self._secret: bytes | None = None
        self.looked_up = 0
        """How often the tables were asked what a text or a number is: then they may have been of a later
        version than the state (`app`)."""

    def place(self, source: Source) -> tuple[str, ZoneInfo]:
        """The firm's language and time zone."""
        if self._place is None:
            found = source.rows("SELECT language, timezone FROM firms_firm WHERE id = ?", self.firm)
            if not found:
                raise FirmUnknown(f"no firm has the id {self.firm}")
            language, zone = found[0]
            self._place = str(language), ZoneInfo(zone)
        return self._place

    def secret(self, source: Source) -> bytes:
        """What nobody knows from whom a client could be hidden: the hash of the ledger's first entry.

        Of a firm that was put into the tables without a ledger, one of this process alone.
        """
        if self._secret is None:
            found = source.rows(
                "SELECT hash FROM firms_ledgerentry WHERE firm_id = ? AND number = 1", self.firm
            )
            self._secret = bytes(found[0][0]) if found else secrets.token_bytes(32)
        return self._secret

    def people(self, source: Source) -> Mapping[int, Person]:
        """All members by number, inactive ones too."""
        if self._people is None:
            self.looked_up += 1
            rows = source.rows(
                "SELECT number, name, sort_key, email, external FROM firms_member WHERE firm_id = ?",
                self.firm,
            )
            self._people = {row[0]: Person(*row) for row in rows}
        return self._people

    def people_in_order(self, source: Source) -> list[int]:
        """The numbers of all members, by name."""
        return [each.number for each in sorted(self.people(source).values(), key=_by_name)]

    def id_of(self, person: Person) -> str:
        """What finds them again: the firm's own id for them, else the e-mail address, else our number."""
        for text in filter(None, (person.external, person.email)):
            if self.member(text) == person.number:
                return text
        return f"{BY_NUMBER}{person.number}"

    def member(self, text: str) -> int:
        """The member whom the text names: external id, e-mail address or ``id:7``. 0 for nobody."""
        number = _number(text)
        if number is not None:
            return number
        return self._members.number(text) or 0 if _fits(text) else 0

    def client(self, source: Source, text: str) -> int:
        """The client that the text names: client reference or ``id:7``. 0 for none."""
        known = self._clients.get(text)
        if known is not None:
            return known
        if (number := _number(text)) is not None:
            return number
        key = _key(text)
        self.looked_up += 1
        found = key and source.rows(
            "SELECT number FROM firms_client WHERE firm_id = ? AND reference_key = ?", self.firm, key
        )
        number = int(found[0][0]) if found else 0
        if number:
            if len(self._clients) >= MOST_CLIENTS:
                self._clients.clear()
            self._clients[text] = number
        return number

    def look_up_clients(self, source: Source, texts: Sequence[str]) -> None:
        """Find many clients by reference at once, so that `client` knows them."""
        keys = {text: _key(text) for text in texts if text not in self._clients and _number(text) is None}
        wanted = sorted({key for key in keys.values() if key})
        if len(self._clients) + len(wanted) > MOST_CLIENTS:
            return
        found: dict[str, int] = {}
        self.looked_up += len(wanted)
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            # Filled up, it is one of a few statements, which databases prepare once.
            some += [some[-1]] * (_places(len(some)) - len(some))
            places = ", ".join("?" * len(some))
            found.update(
                source.rows(
                    "SELECT reference_key, number FROM firms_client"
                    f" WHERE firm_id = ? AND reference_key IN ({places})",
                    self.firm,
                    *some,
                )
            )
        self._clients.update((text, found[key]) for text, key in keys.items() if key in found)

    def number(self, text: str) -> int:
        """The number in ``id:7``; 0 for another text."""
        return _number(text) or 0

    def service(self, source: Source, text: str) -> int:
        """The service of that name. 0 for none."""
        key = _key(text)
        self.looked_up += 1
        found = key and source.rows(
            "SELECT number FROM firms_service WHERE firm_id = ? AND name_key = ?", self.firm, key
        )
        return int(found[0][0]) if found else 0

    def service_names(self, source: Source) -> Mapping[int, str]:
        """All services by number."""
        if self._services is None:
            self.looked_up += 1
            rows = source.rows("SELECT number, name FROM firms_service WHERE firm_id = ?", self.firm)
            self._services = dict(rows)
        return self._services

    def clients(self, source: Source, numbers: Iterable[int]) -> Iterator[ClientWords]:
        """The names and references of these clients, in no order."""
        wanted = sorted(set(numbers))
        self.looked_up += len(wanted)
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            # Nothing has the number 0: one statement for any count, which databases prepare once.
            some += [0] * (_places(len(some)) - len(some))
            places = ", ".join("?" * len(some))
            yield from map(
                ClientWords._make,
                source.rows(
                    "SELECT number, name, reference FROM firms_client"
                    f" WHERE firm_id = ? AND number IN ({places})",
                    self.firm,
                    *some,
                ),
            )

    def by_reference(self, source: Source) -> tuple[Neighbours, ...]:
        """All clients in the order of their references, those without one behind them."""
        if self._by_reference is None:
            self.looked_up += 1
            rows = source.rows(
                "SELECT number FROM firms_client WHERE firm_id = ? AND number > 0"
                " ORDER BY CASE WHEN reference_key IS NULL THEN 1 ELSE 0 END, reference_key || '', number",
                self.firm,
            )
            self._by_reference = in_chunks(array("I", [number for (number,) in rows]))
        return self._by_reference


def _by_name(person: Person) -> tuple[bytes, int]:
    return person.sort_key.encode(), person.number


def _places(count: int) -> int:
    """One of a few sizes of a list of numbers."""
    return next(size for size in (10, 50, 100, AT_ONCE) if count <= size)


def _number(text: str) -> int | None:
    """The number in ``id:7``; 0 where what follows is none; None for another kind of text."""
    if not text.startswith(BY_NUMBER):
        return None
    digits = text[len(BY_NUMBER) :]
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0


def _key(text: str) -> str:
    """The key to look for; empty for what no text of a firm can be."""
    return unique_key(text) if _fits(text) else ""


def _fits(text: str) -> bool:
    return len(text) <= LONGEST and "\x00" not in text
