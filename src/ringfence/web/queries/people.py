"""Members for a page: searched by name or e-mail, in the order of their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from ringfence.core.directory import sort_key, unique_key
from ringfence.core.terms import Role
from ringfence.firms.models import Member


class ListedMember(NamedTuple):
    """A member as a list shows them."""

    number: int
    name: str
    email: str
    role: Role
    active: bool
    access: bool


def members_matching(firm: int, text: str, *, within: Iterable[int] | None = None) -> list[ListedMember]:
    """The members whose name or e-mail has `text` in it, by name; of those in `within` where given.

    A firm has a thousand members at most, so all that match are read.
    """
    rows = Member.objects.filter(firm=firm).order_by("sort_key", "number")
    if text:
        rows = rows.filter(Q(sort_key__contains=sort_key(text)) | Q(email_key__contains=unique_key(text)))
    allowed = None if within is None else set(within)
    return [
        ListedMember(number, name, email, Role(role), active, access)
        for number, name, email, role, active, access in rows.values_list(
            "number", "name", "email", "role", "active", "access"
        )
        if allowed is None or number in allowed
    ]
