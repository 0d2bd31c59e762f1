"""Saving a change of a plan that others may have saved meanwhile: no line of anybody's is lost unseen.

Changes of different lines are put together. Where both changed the same lines, nothing is saved until the
later one has decided.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from ringfence.access import Refused
from ringfence.access.documents import (
    DocumentKind,
    DocumentOvertaken,
    Version,
    checked_words,
    write_document,
)
from ringfence.access.merging import KeptSide, Merged, merge
from ringfence.core.terms import Instant
from ringfence.web.shell.visit import Visit

from .reading import plan_for


class Typed(NamedTuple):
    """A plan as somebody typed it, from version `version` of it."""

    title: str
    text: str
    version: int


class ChosenSides(NamedTuple):
    """What stays where both changed the same, as it was seen against version `against`; None: not picked."""

    against: int
    title: KeptSide | None
    sides: Sequence[KeptSide | None]


class Saved(NamedTuple):
    """It is saved; `beside` is the version of somebody else that it was put together with."""

    beside: Version | None


class Unstorable(NamedTuple):
    """What was to be saved cannot be; nothing is."""

    refused: Refused
    typed: Typed


class Disputed(NamedTuple):
    """What was typed beside the present version; where both changed the same, nothing is saved."""

    typed: Typed
    present: Version
    title: Merged
    text: Merged

    @property
    def settled(self) -> bool:
        return not (self.title.disputes or self.text.disputes)


NOTHING = Version(number=0, title="", text="", author=0, at=Instant(0))
"""What two texts have in common where nobody knows what they were made from."""


def save_change(
    visit: Visit, client: int, document: uuid.UUID, typed: Typed, decided: ChosenSides | None = None
) -> Saved | Unstorable | Disputed:
    """Save what was typed, together with what others saved since. 404 for who may not read the plan."""
    try:
        title, text = checked_words(typed.title, typed.text, DocumentKind.PLAN)
    except Refused as refused:
        return Unstorable(refused, typed)
    typed = Typed(title, text, typed.version)
    if decided is not None:
        typed = _as_decided(visit, client, document, typed, decided)
    beside = None
    # Each round, somebody else has saved: whoever writes on comes through.
    while True:
        written = plan_for(visit, client, document, [typed.version])
        present = written.present
        if present.number != typed.version:
            beside = present
            found = _together(typed, written.version(typed.version) or NOTHING, present)
            if not found.settled:
                return found
            typed = Typed(found.title.text(), found.text.text(), present.number)
        try:
            write_document(
                visit.firm.pk,
                member=visit.number,
                title=typed.title,
                text=typed.text,
                document=document,
                after=present.number,
                kind=DocumentKind.PLAN,
            )
        except Refused as refused:
            return Unstorable(refused, typed)
        except DocumentOvertaken:
            continue
        return Saved(beside)


def _as_decided(visit: Visit, client: int, document: uuid.UUID, typed: Typed, decided: ChosenSides) -> Typed:
    """What was typed with the decisions in it; as it was where one of them is missing."""
    written = plan_for(visit, client, document, [typed.version, decided.against])
    theirs = written.version(decided.against)
    if theirs is None:
        return typed
    found = _together(typed, written.version(typed.version) or NOTHING, theirs)
    titles, texts = (
        [side for side in sides if side is not None] for sides in ([decided.title], decided.sides)
    )
    if (len(titles), len(texts)) != (len(found.title.disputes), len(found.text.disputes)):
        return typed
    return Typed(found.title.text(titles), found.text.text(texts), theirs.number)


def _together(typed: Typed, base: Version, theirs: Version) -> Disputed:
    return Disputed(
        typed=typed,
        present=theirs,
        title=merge(base.title, typed.title, theirs.title),
        text=merge(base.text, typed.text, theirs.text),
    )
