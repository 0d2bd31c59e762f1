"""Members for a page: searched by name or e-mail, in the order of their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ringfence.access.reading import rows_by_name
from ringfence.core.directory import sort_key, unique_key
from ringfence.core.terms import Role, Thing

FIELDS = ("number", "name", "email", "external", "role", "active", "access")
KEYS = ("sort_key", "email_key", "external_key")


class ListedMember(NamedTuple):
    """A member as a list shows them."""

    number: int
    name: str
    email: str
    external: str
    """What the firm's other software calls them; empty for nothing."""
    role: Role
    active: bool
    access: bool


def members_matching(firm: int, text: str, *, within: Iterable[int] | None = None) -> list[ListedMember]:
    """The members whose name, e-mail or external id has `text` in it, by name; `within` these where given.

    A firm has a thousand members at most, so all that match are read.
    """
    by_name, by_key = sort_key(text), unique_key(text)
    allowed = None if within is None else set(within)
    return [
        ListedMember(number, name, email, external, Role(role), bool(active), bool(access))
        for number, name, email, external, role, active, access, name_key, *keys in rows_by_name(
            firm, Thing.MEMBER, (*FIELDS, *KEYS)
        )
        if allowed is None or number in allowed
        if not text or by_name in name_key or any(key is not None and by_key in key for key in keys)
    ]
