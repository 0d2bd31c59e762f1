"""Leaving out firms that are on their way to another database: what comes round by the clock waits there."""

from enum import StrEnum
from typing import TypeVar

from django.db.models import Model, QuerySet

from ringfence.firms.models import FirmMove

T = TypeVar("T", bound=Model)


class MoveState(StrEnum):
    """How a firm stands that is not simply here."""

    LEAVING = "leaving"
    """Here, and closed."""
    ARRIVING = "arriving"
    """Here already, and closed: the database that it comes from has it too, closed as well."""
    LEFT = "left"
    """Not here any more."""


CLOSED = (MoveState.LEAVING, MoveState.ARRIVING)


def closed_firms() -> frozenset[int]:
    """The firms that are on their way, of which nothing can be changed (`closing`)."""
    return frozenset(FirmMove.objects.filter(state__in=CLOSED).values_list("number", flat=True))


def open_only(rows: QuerySet[T], firm: str = "firm") -> QuerySet[T]:
    """Those of the rows whose firm is open; `firm` is the field that says which it is."""
    closed = FirmMove.objects.filter(state__in=CLOSED).values("number")
    return rows.exclude(**{f"{firm}__in": closed})
