"""A client's contact and other details, and the fields that a firm names for them (rules.md 2, client level).

Who sees the client reads them, who is Editor of the whole writes them. They keep a history of their own in
versions and stand outside the ledger (rules.md 7). The words are stored as they were written.
"""

import json
from collections.abc import Mapping

import msgspec
from django.db import transaction

from ringfence.core.authority import changing, knowing, sharing
from ringfence.core.authority.acting import Acting
from ringfence.core.decision.moment import at
from ringfence.core.directory import unique_key
from ringfence.core.refusals import Problem, Refusal, Refused, need
from ringfence.core.terms import Instant
from ringfence.core.texts import clean, clean_email, clean_optional
from ringfence.firms.models import ClientDetails, DetailField

from .clock import instant_of
from .connection import answering, plain
from .door import STATES, lock
from .sql import rows_of

FIXED = ("contact", "email", "telephone", "address")
"""The fields that every firm has."""
NAMED = 10
"""Fields that a firm may name besides."""
FIELD_NAME = 50
LONGEST = {"contact": 200, "email": 254, "telephone": 50, "address": 500}
VALUE = 200
"""Characters of a field that the firm named."""


class KeptDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What the details were from `at` on. `author` is a member's number; version 0: nobody wrote any."""

    version: int = 0
    values: dict[str, str] = msgspec.field(default_factory=dict)
    """Texts by field, empty ones left out."""
    author: int = 0
    at: Instant = Instant(0)


class NamedField(msgspec.Struct, frozen=True, kw_only=True):
    """A field that the firm named. Its number is never used again for another."""

    number: int
    name: str

    @property
    def key(self) -> str:
        """Under which the details keep its texts."""
        return f"field-{self.number}"


class DetailsOvertaken(Exception):
    """Somebody else changed the details after they were read. Nothing was saved."""

    def __init__(self, present: KeptDetails) -> None:
        super().__init__(f"the details are at version {present.version}")
        self.present = present


class FieldsOvertaken(Exception):
    """Somebody else named the fields otherwise after they were read. Nothing was saved."""


def details_of(firm: int, client: int) -> KeptDetails:
    """The client's present details. Whoever asks has made sure that the client may be seen."""
    rows = rows_of(
        'SELECT version, "values", author, at FROM firms_clientdetails'
        " WHERE firm_id = %s AND client = %s ORDER BY version DESC LIMIT 1",
        firm,
        client,
    )
    for version, values, author, at_ in rows:
        return KeptDetails(version=version, values=json.loads(values), author=author, at=Instant(at_))
    return KeptDetails()


def versions_of(firm: int, client: int) -> list[KeptDetails]:
    """All versions of the client's details, the present one first; likewise."""
    return [
        _details(row) for row in ClientDetails.objects.filter(firm=firm, client=client).order_by("-version")
    ]


def _details(row: ClientDetails) -> KeptDetails:
    return KeptDetails(version=row.version, values=row.values, author=row.author, at=Instant(row.at))


def named_fields(firm: int) -> list[NamedField]:
    """The fields that the firm names at present, in the order in which they were first named."""
    latest = dict(
        rows_of(
            "SELECT number, name FROM firms_detailfield WHERE firm_id = %s ORDER BY number, version", firm
        )
    )
    return [NamedField(number=number, name=name) for number, name in latest.items() if name]


def fields_version(firm: int) -> int:
    """Another number as soon as anybody has named fields otherwise."""
    return DetailField.objects.filter(firm=firm).count()


def write_details(firm: int, *, member: int, client: int, values: Mapping[str, str], after: int) -> None:
    """Write the client's details whole, which were read at version `after`.

    Needs Editor of the whole client at the moment of writing (rules.md 2, 5). What is as it was is not
    written again. Raises `Refused`, `DetailsOvertaken`, `FirmUnknown`, `StateUnavailable`; then nothing is
    saved.
    """
    with answering(), transaction.atomic(durable=True):
        lock(firm)
        known = STATES.current(plain(), firm)
        now = instant_of(firm, known.at)
        acting = Acting(moment=at(known.state, now), actor=member)
        need(sharing.refused_acting(acting) or knowing.refused_client(acting, client))
        need(changing.refused_describing(acting, client))
        fresh = _cleaned(values, named_fields(firm))
        present = details_of(firm, client)
        if present.version != after:
            raise DetailsOvertaken(present)
        if present.values != fresh:
            ClientDetails.objects.create(
                firm_id=firm, client=client, version=after + 1, values=fresh, author=member, at=now
            )


def _cleaned(values: Mapping[str, str], named: list[NamedField]) -> dict[str, str]:
    """The texts of the fields there are, without the empty ones."""
    found = {
        "contact": clean_optional(values.get("contact", ""), "contact", most=LONGEST["contact"]),
        "email": clean_email(values.get("email", "")),
        "telephone": clean_optional(values.get("telephone", ""), "telephone", most=LONGEST["telephone"]),
        "address": _clean_lines(values.get("address", ""), "address"),
    }
    for field in named:
        found[field.key] = clean_optional(values.get(field.key, ""), field.key, most=VALUE)
    return {key: text for key, text in found.items() if text}


def _clean_lines(text: str, field: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    joined = "\n".join(clean_optional(line, field, most=LONGEST[field]) for line in lines).strip()
    if len(joined) > LONGEST[field]:
        raise Refused(Refusal.INVALID, Problem.TEXT_TOO_LONG, field, limit=LONGEST[field])
    return joined


def name_fields(firm: int, *, member: int, names: Mapping[int, str], new: list[str], after: int) -> None:
    """Give the firm's own fields these names; an empty one ends the field, `new` ones are added.

    `after` is the `fields_version` that they were read at. For administrators and principals. Raises
    `Refused` (`field` is ``field-3``, or ``new-1`` for the first new one), `FieldsOvertaken`, `FirmUnknown`,
    `StateUnavailable`; then nothing is saved.
    """
    with answering(), transaction.atomic(durable=True):
        lock(firm)
        known = STATES.current(plain(), firm)
        now = instant_of(firm, known.at)
        acting = Acting(moment=at(known.state, now), actor=member)
        need(sharing.refused_acting(acting) or sharing.refused_managing(acting))
        if fields_version(firm) != after:
            raise FieldsOvertaken
        present = {field.number: field.name for field in named_fields(firm)}
        wanted = _names(present, names, new)
        last = max(DetailField.objects.filter(firm=firm).values_list("number", flat=True), default=0)
        fresh = {key: last + 1 + place for place, key in enumerate(k for k in wanted if k.startswith("new-"))}
        for key, name in wanted.items():
            number = fresh.get(key) or int(key.removeprefix("field-"))
            if name != present.get(number, ""):
                version = DetailField.objects.filter(firm=firm, number=number).count() + 1
                DetailField.objects.create(
                    firm_id=firm, number=number, version=version, name=name, author=member, at=now
                )


def _names(present: Mapping[int, str], names: Mapping[int, str], new: list[str]) -> dict[str, str]:
    """The cleaned names by the field of the form; refuses names that two have, and more than ten."""
    given = {f"field-{number}": names.get(number, name) for number, name in present.items()}
    given |= {f"new-{place}": name for place, name in enumerate(new, start=1) if name.strip()}
    found: dict[str, str] = {}
    for key, name in given.items():
        if key.startswith("field-") and not name.strip():
            found[key] = ""
            continue
        text = clean(name, key, most=FIELD_NAME)
        if unique_key(text) in map(unique_key, filter(None, found.values())):
            raise Refused(Refusal.NAME_TAKEN, Problem.NAME_IN_USE, key)
        found[key] = text
    if sum(map(bool, found.values())) > NAMED:
        raise Refused(Refusal.INVALID, Problem.TEXT_TOO_LONG, key, limit=NAMED)
    return found
