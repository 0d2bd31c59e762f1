"""A firm's tokens as lists show them: rows, the names of whom they act for, and who made each."""

from __future__ import annotations

from typing import NamedTuple

from ringfence.core.terms import Thing
from ringfence.firms.models import LedgerEntry, LedgerText, Member, Token


class TokenRow(NamedTuple):
    """One token that nobody has revoked."""

    row: Token
    member: str
    made_by: int | None
    """None for whoever runs Ringfence."""
    maker: str
    """Empty for whoever runs Ringfence, and for who was erased."""


def standing_tokens(firm: int) -> list[TokenRow]:
    """Those that nobody has revoked, by name."""
    rows = list(Token.objects.filter(firm=firm, revoked=None).order_by("name_key"))
    said = LedgerText.objects.filter(
        firm=firm, thing=Thing.TOKEN.value, number__in=[row.number for row in rows]
    )
    entries = dict(said.order_by("-entry").values_list("number", "entry"))
    made = LedgerEntry.objects.filter(firm=firm, number__in=entries.values())
    actors = dict(made.values_list("number", "actor"))
    names = dict(Member.objects.filter(firm=firm).values_list("number", "name"))
    found = []
    for row in rows:
        maker = actors.get(entries.get(row.number, 0))
        found.append(TokenRow(row, names.get(row.member, ""), maker, names.get(maker or 0, "")))
    return found
