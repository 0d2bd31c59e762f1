"""Reading a firm's ledger: its entries in order, and the words beside them.

Nothing is written here; whether the ledger is whole is `verify`'s matter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db.models import Q

from ringfence.access.actor import Actor
from ringfence.access.connection import answering
from ringfence.core.events import NOTED, ByToken, Event
from ringfence.core.terms import Instant, Thing
from ringfence.firms.models import LedgerEntry
from ringfence.proof.chain import decode_fields
from ringfence.store.body import decode_parts

from .texts import StoredText, reasons, stored_texts, texts_about

PAGE = 100
"""Entries read at once."""


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One text beside an entry; `fields` is None once it was erased."""

    thing: Thing
    number: int
    member: int
    fields: dict[str, str] | None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as it stands."""

    number: int
    at: Instant
    actor: Actor
    command: str
    self_access: bool
    previous: bytes
    hash: bytes
    body: bytes
    """What was hashed: canonical JSON of events and digests (`store.body`)."""
    events: tuple[Event, ...]
    texts: tuple[Words, ...]

    @property
    def reason(self) -> str:
        """The reason that was given, empty for none or an erased one."""
        found = [text.fields for text in self.texts if text.thing is Thing.ENTRY and text.fields]
        return found[0].get("reason", "") if found else ""

    @property
    def by_software(self) -> bool:
        """Whether it came with a token."""
        return any(isinstance(event, ByToken) for event in self.events)

    @property
    def when(self) -> datetime:
        """Its time in UTC."""
        return datetime.fromtimestamp(self.at / 1_000_000, UTC)


def entries(
    firm: int, *, after: int = 0, until: int | None = None, texts: bool = True, noted: bool = True
) -> Iterator[Entry]:
    """The entries with numbers above `after`, up to and with `until`, oldest first.

    `texts=False` leaves the words out, which for a large import are the bulk of the work; `noted=False` the
    entries that changed nothing: records opened and exports taken.
    """
    number = after
    while page := _page(firm, number, until, texts, noted):
        yield from page
        if len(page) < PAGE:
            return
        number = page[-1].number


def _page(firm: int, after: int, until: int | None, texts: bool, noted: bool) -> list[Entry]:
    with answering():
        rows = LedgerEntry.objects.filter(firm=firm, number__gt=after)
        if until is not None:
            rows = rows.filter(number__lte=until)
        if not noted:
            rows = rows.exclude(command__in=NOTED.values())
        found = list(rows.order_by("number")[:PAGE])
        words = _words(firm, found) if texts and found else {}
    return [_entry(row, tuple(words.get(row.number, ()))) for row in found]


def _words(firm: int, rows: list[LedgerEntry]) -> dict[int, list[Words]]:
    return _by_entry(stored_texts(firm, Q(entry__gte=rows[0].number, entry__lte=rows[-1].number)))


def _by_entry(texts: Iterable[StoredText]) -> dict[int, list[Words]]:
    found: dict[int, list[Words]] = {}
    for each in texts:
        fields = None if each.text is None else decode_fields(each.text)
        words = Words(thing=Thing(each.thing), number=each.number, member=each.member, fields=fields)
        found.setdefault(each.entry, []).append(words)
    return found


def _entry(row: LedgerEntry, texts: tuple[Words, ...]) -> Entry:
    return Entry(
        number=row.number,
        at=Instant(row.at),
        actor=Actor(row.actor),
        command=row.command,
        self_access=row.self_access,
        previous=bytes(row.previous),
        hash=bytes(row.hash),
        body=bytes(row.body),
        events=decode_parts(bytes(row.body))[0],
        texts=texts,
    )


def entries_numbered(firm: int, numbers: Iterable[int], *, texts: bool = False) -> list[Entry]:
    """These entries of the firm, oldest first; of `texts=False` only the reasons are read."""
    return _entries_of(firm, Q(number__in=list(numbers)), texts=texts)


def entries_by_command(
    firm: int, *commands: str, after: int = 0, until: int | None = None, texts: bool = False
) -> list[Entry]:
    """The entries of these commands above `after`, up to and with `until`, likewise."""
    which = Q(command__in=commands, number__gt=after)
    return _entries_of(firm, which if until is None else which & Q(number__lte=until), texts=texts)


def _entries_of(firm: int, which: Q, *, texts: bool) -> list[Entry]:
    with answering():
        found = list(LedgerEntry.objects.filter(which, firm=firm).order_by("number"))
        numbers = [row.number for row in found]
        words = _by_entry(stored_texts(firm, Q(entry__in=numbers)) if texts else reasons(firm, numbers))
    return [_entry(row, tuple(words.get(row.number, ()))) for row in found]


def events_numbered(firm: int, numbers: Iterable[int]) -> list[tuple[Instant, tuple[Event, ...]]]:
    """When these entries of the firm were written and what they did, oldest first; no words are read."""
    with answering():
        rows = LedgerEntry.objects.filter(firm=firm, number__in=list(numbers)).order_by("number")
        return [(Instant(at), decode_parts(bytes(body))[0]) for at, body in rows.values_list("at", "body")]


def reasons_of(firm: int, numbers: Collection[int]) -> dict[int, str]:
    """The reasons that were given with these entries; without those that have none, or an erased one."""
    with answering():
        found = list(reasons(firm, numbers))
    return {each.entry: decode_fields(each.text).get("reason", "") for each in found if each.text is not None}


def as_record(entry: Entry) -> dict[str, Any]:
    """The entry as a JSON object for export: one line of JSON Lines.

    `body` is what was hashed, so that the chain can be proved from the export alone (`chain.entry_hash`).
    """
    return {
        "number": entry.number,
        "at": entry.when.isoformat(),
        "actor": entry.actor.member if entry.actor.member is not None else "operator",
        "command": entry.command,
        "self_access": entry.self_access,
        "reason": entry.reason,
        "body": msgspec.json.decode(entry.body),
        "texts": [msgspec.to_builtins(text) for text in entry.texts],
        "previous": entry.previous.hex(),
        "hash": entry.hash.hex(),
    }


def place_of_last(firm: int, count: int, *, until: int, noted: bool = True) -> int:
    """The number after which the last `count` entries up to and with `until` come; for `entries`."""
    rows = LedgerEntry.objects.filter(firm=firm, number__lte=until)
    if not noted:
        rows = rows.exclude(command__in=NOTED.values())
    numbers = list(rows.order_by("-number").values_list("number", flat=True)[:count])
    return numbers[-1] - 1 if numbers else until


def changed_since(firm: int, version: int) -> bool:
    """Whether anything in the firm was changed after the entry `version`; true where it has no such entry.

    What was only noted since, such as records opened, leaves all that was worked out at `version` true.
    """
    with answering():
        rows = LedgerEntry.objects.filter(firm=firm, number__gte=version)
        rows = rows.exclude(number__gt=version, command__in=NOTED.values())
        return list(rows.order_by("number").values_list("number", flat=True)[:2]) != [version]


def words_at(firm: int, thing: Thing, numbers: Iterable[int], version: int) -> Mapping[int, dict[str, str]]:
    """What things were called just after the entry `version`: fields by number, without what was erased.

    For pages and reports about the past, where a group may be gone or a client have another name now.
    """
    return all_words_at(firm, {thing: list(numbers)}, version)[thing]


def all_words_at(
    firm: int, wanted: Mapping[Thing, Collection[int]], version: int
) -> dict[Thing, dict[int, dict[str, str]]]:
    """The same of things of several kinds, by kind, in as many statements as of one."""
    found: dict[Thing, dict[int, dict[str, str]]] = {thing: {} for thing in wanted}
    for thing, given in texts_about(firm, wanted, version).items():
        for number, _entry, _slot, text in given:
            if text is not None:
                found[thing].setdefault(number, {}).update(decode_fields(text))
    return found
