"""A thing of the firm by its id and name."""

from __future__ import annotations

from pydantic import BaseModel

from ringfence.access.reading import rows_by_name
from ringfence.core.terms import Thing


class Ref(BaseModel):
    """What it is called; the name may be empty where it was erased."""

    id: int
    name: str


def refs(firm: int, thing: Thing) -> dict[int, Ref]:
    """All members, groups or services of the firm by number: one question."""
    return {
        number: Ref(id=number, name=name) for number, name in rows_by_name(firm, thing, ("number", "name"))
    }


def member_refs(firm: int) -> dict[int, Ref]:
    """All members, inactive ones too."""
    return refs(firm, Thing.MEMBER)
