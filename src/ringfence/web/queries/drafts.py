"""Half-made things of the screens, outside the ledger: one per member, firm and purpose (rules.md 3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone
from pyroaring import BitMap

from ringfence.firms.models import Draft

GROUP, UNASSIGNED = "group.create", "grant.set"
"""Purposes: the commands that drafts are to become."""
WIZARD = "grant.set.wizard"
"""The permissions wizard, which other pages begin with clients chosen."""
WALL, WALL_OTHER = "wall.raise", "wall.raise.other"
"""A wall is kept in two, a side in each."""
KEPT = timedelta(days=1)


def draft_for(firm: int, member: int, purpose: str) -> Draft | None:
    """The member's draft, unless it is older than a day."""
    rows = Draft.objects.filter(firm=firm, member=member, purpose=purpose)
    return rows.filter(changed_at__gt=timezone.now() - KEPT).order_by("-changed_at").first()


def drafts_for(firm: int, member: int, purposes: Collection[str]) -> dict[str, Draft]:
    """The member's drafts of these purposes, the last one of each, unless older than a day: one question."""
    rows = Draft.objects.filter(firm=firm, member=member, purpose__in=purposes)
    recent = rows.filter(changed_at__gt=timezone.now() - KEPT).order_by("changed_at")
    return {row.purpose: row for row in recent}


def start_draft(firm: int, member: int, purpose: str) -> Draft:
    """A new, empty draft in place of whatever the member had; everybody's old ones go with it."""
    drop_draft(firm, member, purpose)
    Draft.objects.filter(firm=firm, changed_at__lte=timezone.now() - KEPT).delete()
    return Draft.objects.create(firm_id=firm, member=member, purpose=purpose)


def drop_draft(firm: int, member: int, purpose: str) -> None:
    """Whatever the member had."""
    Draft.objects.filter(firm=firm, member=member, purpose=purpose).delete()


def half_made(firm: int) -> list[tuple[int, str]]:
    """The groups that are half made: who has begun each, and its name, empty while it has none."""
    rows = Draft.objects.filter(firm=firm, purpose=GROUP, changed_at__gt=timezone.now() - KEPT)
    return [(row.member, str(row.values.get("name", ""))) for row in rows.order_by("changed_at")]


def numbers_in(stored: bytes | memoryview) -> BitMap:
    """The numbers that a draft's column holds."""
    return BitMap.deserialize(bytes(stored)) if stored else BitMap()


def stored(numbers: BitMap) -> bytes:
    """How a draft's column holds numbers."""
    return numbers.serialize() if numbers else b""
