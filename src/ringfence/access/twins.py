"""Twins: two things of a firm whose names or references nobody can tell apart, and that stand side by side.

Only what was there before names were compared as now can be one: it kept the key that it had. Nothing new is
let in beside it. Whoever gives one of the two another name mends it.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.db.models import Model, QuerySet

from ringfence.core.directory import tax_key, unique_key
from ringfence.core.terms import Thing
from ringfence.firms.models import Client, Engagement, Group, Member, Policy, Service, Wall

ROWS = 5_000
"""Rows read at once."""


class Twin(NamedTuple):
    """A thing that has the words of others. `numbers` are of the same kind: its own first, then the others'.

    Of a tax reference they are clients.
    """

    thing: Thing
    words: str
    numbers: tuple[int, ...]


_COMPARED: tuple[tuple[Thing, type[Model], str, str, Callable[[str], str]], ...] = (
    (Thing.MEMBER, Member, "email", "email_key", unique_key),
    (Thing.GROUP, Group, "name", "name_key", unique_key),
    (Thing.SERVICE, Service, "name", "name_key", unique_key),
    (Thing.WALL, Wall, "name", "name_key", unique_key),
    (Thing.POLICY, Policy, "name", "name_key", unique_key),
    (Thing.CLIENT, Client, "reference", "reference_key", unique_key),
    (Thing.ENGAGEMENT, Engagement, "reference", "reference_key", tax_key),
)


def twins(firm: int) -> Iterator[Twin]:
    """All twins of the firm, kind by kind in the order of their numbers."""
    for thing, model, text, column, compared in _COMPARED:
        number = "client" if thing is Thing.ENGAGEMENT else "number"
        rows = _standing(thing, model, firm)
        values = rows.values_list("number", number, text, column, *_beside(thing))
        for own, shown, words, key, *beside in values.order_by("number").iterator(chunk_size=ROWS):
            if not key or key == compared(words):
                continue
            same = rows.filter(**{column: compared(words)}, **dict(zip(_beside(thing), beside, strict=True)))
            others = same.exclude(number=own).order_by("number").values_list(number, flat=True)
            yield Twin(thing, words, (shown, *others))


def _standing(thing: Thing, model: type[Model], firm: int) -> "QuerySet[Model]":
    rows = model._default_manager.filter(firm=firm)
    return rows.filter(ended=False) if thing is Thing.ENGAGEMENT else rows


def _beside(thing: Thing) -> tuple[str, ...]:
    """What has to be the same besides: a tax reference is compared within its service."""
    return ("service",) if thing is Thing.ENGAGEMENT else ()
